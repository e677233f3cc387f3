/// What a contact asks of us in their own words: to stop, or, later, to write again. Pure.
#pragma once

#include "daemon/match/words.hpp"
#include "daemon/model/message.hpp"

#include <optional>
#include <variant>

namespace kith {

using wish = std::variant<contact_opted_out, contact_opted_in>;

/// Of a message that is to us. Who says both asks us to stop.
std::optional<wish> wish_of(const word_lists& words, const message& m);

/// The events, each wish right behind the message that it stands in.
std::vector<event> with_wishes(const word_lists& words, std::vector<event> events);

}  // namespace kith
