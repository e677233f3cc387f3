#include "daemon/async/sleep.hpp"

#include <boost/asio/steady_timer.hpp>

namespace kith {

awaitable<void> sleep_for(std::chrono::steady_clock::duration how_long) {
    asio::steady_timer timer(co_await asio::this_coro::executor, how_long);
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace kith
