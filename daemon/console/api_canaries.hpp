/// How canaries pass for suggestions until somebody has decided on them.
#pragma once

#include "daemon/console/routes.hpp"

#include <map>

namespace kith::console {

/// Canaries by the number of the suggestion in whose place each is shown.
using canaries_in_place = std::map<std::int64_t, placed_canary>;
/// Those in the place of these. Nobody is shown what they stand for before somebody decided on them, not even
/// once it is withdrawn.
awaitable<result<canaries_in_place>> canaries_among(api_context& c, const std::vector<suggestion>& all);
/// What the record says of a suggestion, as it would be if the canary in its place were the suggestion: its
/// number, and the hashes of what people were shown.
record_line record_as_shown(record_line line, const canaries_in_place& canaries);

/// `not_found`, as for a number that nothing has, while a canary stands in the place of this suggestion.
awaitable<result<void>> must_be_shown(api_context& c, std::int64_t suggestion_id);

/// As the suggestion in whose place it stands; once it is decided, with what was wrong with it.
awaitable<result<boost::json::object>> view_of(api_context& c, placed_canary p);

/// A person's act on a canary: the answer, or nothing if the number is no canary's.
awaitable<result<std::optional<boost::json::object>>> decided_on_canary(api_context& c, std::int64_t id,
                                                                        canary_act a);

/// Who caught which canary is not for everybody.
result<void> may_see_catches(const api_context& c, const identity& by);

}  // namespace kith::console
