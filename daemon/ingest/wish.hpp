/// What a contact asks of us in their own words: to stop, or, later, to write again; or that they complain.
/// Pure.
#pragma once

#include "daemon/match/words.hpp"
#include "daemon/model/message.hpp"

#include <optional>
#include <variant>

namespace kith {

using wish = std::variant<contact_opted_out, contact_opted_in, contact_complained>;

/// Of a message that is to us, the weightiest: whoever says several asks us to stop.
std::optional<wish> wish_of(const word_lists& words, const message& m);

/// The events, each wish right behind the message that it stands in.
std::vector<event> with_wishes(const word_lists& words, std::vector<event> events);

}  // namespace kith
