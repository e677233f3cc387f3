/// Blocking work, off the I/O thread.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>

#include "daemon/async/awaitable.hpp"

namespace kith {

/// Runs `work()` on the pool and completes with its value on the caller's executor. An empty slot is bound: a
/// cancellation must not cross executors; it takes effect at the caller's next await. Exceptions pass through.
template <class F>
awaitable<std::invoke_result_t<F&>> pool_call(asio::thread_pool& pool, F work) {
    using value = std::invoke_result_t<F&>;
    auto task = [](F f) -> awaitable<value> { co_return f(); };
    auto started = task(std::move(work));
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    co_return co_await asio::co_spawn(pool, std::move(started), std::move(token));
}

}  // namespace kith
