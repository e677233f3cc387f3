#include "daemon/async/bell.hpp"

namespace kith {

bell::bell(asio::any_io_executor executor) : timer_(std::move(executor)) {}

void bell::ring() {
    rung_ = true;
    timer_.cancel();
}

awaitable<void> bell::wait(std::chrono::steady_clock::duration at_most) {
    if (!rung_) {
        timer_.expires_after(at_most);
        co_await timer_.async_wait(as_tuple);  // a cancellation of the coroutine throws at its next await
    }
    rung_ = false;
}

}  // namespace kith
