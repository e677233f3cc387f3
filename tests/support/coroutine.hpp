/// Runs a coroutine in a test, with a limit.
#pragma once

#include "daemon/async/awaitable.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace kith::test {

namespace detail {

struct outcome {
    bool done = false;
    std::exception_ptr thrown;
    asio::cancellation_signal stop;
};

inline void drive(asio::io_context& io, const std::shared_ptr<outcome>& shared,
                  std::chrono::milliseconds limit) {
    using clock = std::chrono::steady_clock;
    outcome& o = *shared;
    const auto until = [&](clock::time_point end) {
        while (!o.done && clock::now() < end) {
            io.restart();
            // Nothing left to do, and still not done: it waits for something that cannot happen.
            if (io.run_one_until(end) == 0 && clock::now() < end) return;
        }
    };
    until(clock::now() + limit);
    if (o.done) return;
    o.stop.emit(asio::cancellation_type::terminal);
    // The cancellation goes through the queue, with a bare pointer into the signal.
    asio::post(io, [shared] {});
    until(clock::now() + std::chrono::seconds(1));
    throw std::runtime_error("the coroutine did not end within its limit");
}

}  // namespace detail

/// Runs `io` until `body` has ended, and gives its value or rethrows its exception. What else lives in `io`
/// stays there. Throws (and cancels `body`) after `limit`.
template <class T>
T run(asio::io_context& io, awaitable<T> body, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    // Shared: after a failure the handler may still come when `io` is destroyed.
    const auto o = std::make_shared<detail::outcome>();
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(io, std::move(body),
                       asio::bind_cancellation_slot(o->stop.slot(), [o](std::exception_ptr e) {
                           o->done = true;
                           o->thrown = e;
                       }));
        detail::drive(io, o, limit);
        if (o->thrown) std::rethrow_exception(o->thrown);
    } else {
        const auto value = std::make_shared<std::optional<T>>();
        asio::co_spawn(io, std::move(body),
                       asio::bind_cancellation_slot(o->stop.slot(), [o, value](std::exception_ptr e, T v) {
                           o->done = true;
                           o->thrown = e;
                           if (!e) value->emplace(std::move(v));
                       }));
        detail::drive(io, o, limit);
        if (o->thrown) std::rethrow_exception(o->thrown);
        return std::move(**value);
    }
}

/// Runs `io` until `met()`. False if that took longer than `limit`.
template <class Condition>
bool run_until(asio::io_context& io, Condition met,
               std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!met() && std::chrono::steady_clock::now() < end) {
        io.restart();
        // Wakes now and then, for conditions that do not come about in `io`.
        io.run_one_for(std::chrono::milliseconds(5));
    }
    return met();
}

/// Runs what is ready and waits for nothing: so what was spawned has come to its first wait.
inline void settle(asio::io_context& io) {
    io.restart();
    io.poll();
}

}  // namespace kith::test
