/// Whether a message gets a canary, and which: a true suggestion with one fault that the policies let pass.
/// Pure.
#pragma once

#include "daemon/decide.hpp"
#include "daemon/model/canary.hpp"

namespace kith {

/// Of the suggestion that would be shown first. `seed` is this house's secret: without it nobody can tell
/// which message gets one, and the same message in the same revision gets the same again. Nothing where the
/// rate says so, where the verdict on the suggestion is not `allow`, and where no fault passes the policies:
/// what they stop, no reviewer has to.
std::optional<canary_draft> draft_canary(const decide_input& in, const suggestion& s, double rate,
                                         std::string_view seed);

}  // namespace kith
