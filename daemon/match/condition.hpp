/// A playbook's `when` and `where`, compiled: triggers by number, with the words to explain them.
#pragma once

#include "daemon/match/matcher.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kith {

/// A phrase or regex, by its number in the set; or a group of conditions.
struct condition {
    trigger::kind is = trigger::kind::any;
    std::uint32_t leaf = 0;
    std::string text;  ///< of a phrase or regex, as written
    std::size_t line = 0;
    std::vector<condition> within;
};

/// Is this phrase or regex in the message, and where? Null: it is not.
using lookup = std::function<const span*(std::uint32_t leaf)>;

bool holds(const condition& c, const lookup& find);

/// The triggers that stand for the playbook (not under `none`) and are in the message, in the order of the
/// file.
void gather(const condition& c, const lookup& find, const std::function<void(const condition&, span)>& to);

/// What stopped a condition that does not hold, in words.
void explain(const condition& c, const lookup& find, std::vector<std::string>& to);

/// What of `where` the message does not meet, in words; nothing where it meets all.
std::vector<std::string> unmet(const conditions& where, const matched_message& m);

}  // namespace kith
