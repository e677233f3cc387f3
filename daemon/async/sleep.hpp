/// Waiting for time to pass.
#pragma once

#include "daemon/async/awaitable.hpp"

#include <chrono>

namespace kith {

/// Completes after `how_long`; not at all early. A cancellation ends it at once, with an exception as from
/// every await.
awaitable<void> sleep_for(std::chrono::steady_clock::duration how_long);

}  // namespace kith
