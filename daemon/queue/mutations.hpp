/// The ways in which a draft can be wrong that a reviewer must see. Each takes a true suggestion and gives
/// its text with one fault, or nothing where it cannot. Pure: the same seed gives the same.
#pragma once

#include "daemon/match/playbook.hpp"
#include "daemon/model/suggestion.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kith {

struct mutation_input {
    const suggestion& of;
    const message& to;
    const playbook_set& set;
    std::uint64_t seed = 0;
};

struct mutated {
    std::string text;
    std::string wrong;  ///< in words, for the reviewer
};

struct mutation {
    std::string_view fault;
    std::optional<mutated> (*make)(const mutation_input&);
};

std::span<const mutation> mutations() noexcept;

}  // namespace kith
