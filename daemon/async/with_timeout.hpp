/// A deadline around anything that can be awaited.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <memory>
#include <type_traits>

namespace kith {

namespace detail {

/// Cancels a task when the time is up. Shared with the timer's handler, which may run after the task's end.
struct deadline {
    asio::cancellation_signal stop;
    bool expired = false;
    bool over = false;  ///< the task has ended: the signal goes nowhere any more
    void emit(asio::cancellation_type type) {
        if (!over) stop.emit(type);
    }
};

template <class T>
struct timed {
    using type = result<T>;
};
template <class T>
struct timed<result<T>> {
    using type = result<T>;
};

void start_deadline(asio::steady_timer& timer, std::shared_ptr<deadline> d);
/// Passes a cancellation of the waiting coroutine on to the task.
void forward_cancellation(asio::cancellation_slot from, asio::any_io_executor executor,
                          std::shared_ptr<deadline> d);
/// A coroutine that is cancelled and ends before it has once gone through the queue lets an exception escape
/// from `io_context::run` (Asio 1.26).
template <class T>
awaitable<T> through_the_queue(asio::any_io_executor executor, awaitable<T> task) {
    co_await asio::post(executor, asio::use_awaitable);
    co_return co_await std::move(task);
}
error timed_out(std::chrono::steady_clock::duration limit);

}  // namespace detail

/// Runs `task` on the caller's own executor and gives its value. If it did not end within `limit` it is
/// cancelled (terminal), its end is awaited, and the failure is `transient`; so the task is never left
/// behind, and a task that does not heed cancellation makes this wait longer. A value that comes in spite of
/// the cancellation is kept, and so is a failure that the task returned (`unknown` stays unknown) other than
/// `canceled`. Exceptions pass through. `with_timeout(awaitable<result<T>>)` gives `result<T>`, not a result
/// within a result.
template <class T>
awaitable<typename detail::timed<T>::type> with_timeout(awaitable<T> task,
                                                        std::chrono::steady_clock::duration limit) {
    const auto executor = co_await asio::this_coro::executor;
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto d = std::make_shared<detail::deadline>();
    asio::steady_timer timer(executor, limit);
    auto guarded = detail::through_the_queue(executor, std::move(task));
    detail::start_deadline(timer, d);
    detail::forward_cancellation(state.slot(), executor, d);

    // Whatever way this scope is left, late handlers must find the signal switched off.
    struct switch_off {
        std::shared_ptr<detail::deadline> d;
        asio::cancellation_slot parent;
        ~switch_off() {
            d->over = true;
            if (parent.is_connected()) parent.clear();
        }
    };
    try {
        const switch_off at_end{d, state.slot()};
        auto token = asio::bind_cancellation_slot(d->stop.slot(), asio::use_awaitable);
        if constexpr (std::is_void_v<T>) {
            co_await asio::co_spawn(executor, std::move(guarded), std::move(token));
            co_return result<void>();
        } else {
            T value = co_await asio::co_spawn(executor, std::move(guarded), std::move(token));
            if constexpr (std::is_same_v<T, typename detail::timed<T>::type>) {
                if (d->expired && value.has_error() && value.error().kind == errc::canceled)
                    co_return detail::timed_out(limit);
            }
            co_return std::move(value);
        }
    } catch (const boost::system::system_error& e) {
        if (!d->expired || e.code() != asio::error::operation_aborted) throw;
    }
    co_return detail::timed_out(limit);
}

}  // namespace kith
