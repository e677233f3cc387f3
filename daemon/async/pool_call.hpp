/// Blocking work, off the I/O thread.
#pragma once

#include "daemon/async/awaitable.hpp"

#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace kith {

/// Runs `work()` on the pool and completes on the caller's executor. A cancellation must not cross executors;
/// it takes effect at the caller's next await. Exceptions pass through.
awaitable<void> run_on(asio::thread_pool& pool, std::function<void()> work);

/// The same, for work that makes a value.
template <class F>
awaitable<std::invoke_result_t<F&>> pool_call(asio::thread_pool& pool, F work) {
    // The pool may outlive this coroutine's frame.
    auto made = std::make_shared<std::optional<std::invoke_result_t<F&>>>();
    auto kept = std::make_shared<F>(std::move(work));
    std::function<void()> job = [made, kept] { made->emplace((*kept)()); };
    co_await run_on(pool, std::move(job));
    co_return std::move(**made);
}

}  // namespace kith
