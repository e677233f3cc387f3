/// Two loops side by side.
#pragma once

#include "daemon/async/awaitable.hpp"

namespace kith {

/// Runs both; when the first ends the other is cancelled (terminal) and its end awaited: neither outlives this call,
/// so both may refer to the caller's locals. A cancellation of the caller cancels both and is thrown when both have
/// ended. The first exception that is no cancellation is thrown again, as std::runtime_error with its text.
awaitable<void> first_of(awaitable<void> a, awaitable<void> b);

}  // namespace kith
