/// Wakes one waiting coroutine.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "daemon/async/awaitable.hpp"

namespace kith {

/// A ring between two waits is not lost. Lives on one executor; one waiter at a time.
class bell {
   public:
    explicit bell(asio::any_io_executor executor);
    void ring();
    /// Completes at the next ring (at once if one came since the last wait), or after `at_most`.
    awaitable<void> wait(std::chrono::steady_clock::duration at_most);

   private:
    asio::steady_timer timer_;
    bool rung_ = false;
};

}  // namespace kith
