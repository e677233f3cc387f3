#include "daemon/async/with_timeout.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <string>

namespace kith::detail {

namespace {

/// Cancels a task when the time is up. Shared with the timer's handler, which may run after the task's end.
struct deadline {
    asio::cancellation_signal stop;
    bool expired = false;
    bool over = false;  ///< the task has ended: the signal goes nowhere any more
    void emit(asio::cancellation_type type) {
        if (!over) stop.emit(type);
    }
};

void start_deadline(asio::steady_timer& timer, std::shared_ptr<deadline> d) {
    timer.async_wait([d = std::move(d)](error_code ec) {
        if (ec || d->over) return;
        d->expired = true;
        d->emit(asio::cancellation_type::terminal);
    });
}

/// Passes a cancellation of the waiting coroutine on to the task.
void forward_cancellation(asio::cancellation_slot from, asio::any_io_executor executor,
                          std::shared_ptr<deadline> d) {
    if (!from.is_connected()) return;
    from.assign([d = std::move(d), executor = std::move(executor)](asio::cancellation_type type) {
        // The task may end within `emit`, and this handler with it: so what follows needs copies.
        const auto keep = d;       // NOLINT(performance-unnecessary-copy-initialization)
        const auto ex = executor;  // NOLINT(performance-unnecessary-copy-initialization)
        keep->emit(type);
        // If the cancellation came from outside the executor's thread, Asio has queued a bare pointer into
        // the signal: so the signal stays until that was dealt with.
        asio::post(ex, [keep] {});
    });
}

/// A coroutine that is cancelled and ends before it has once gone through the queue lets an exception escape
/// from `io_context::run` (Asio 1.26).
awaitable<void> through_the_queue(asio::any_io_executor executor, awaitable<void> task) {
    co_await asio::post(executor, asio::use_awaitable);
    co_await std::move(task);
}

}  // namespace

awaitable<ended> run_within(awaitable<void> task, std::chrono::steady_clock::duration limit) {
    const auto executor = co_await asio::this_coro::executor;
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto d = std::make_shared<deadline>();
    asio::steady_timer timer(executor, limit);
    auto guarded = through_the_queue(executor, std::move(task));
    start_deadline(timer, d);
    forward_cancellation(state.slot(), executor, d);

    // Whatever way this scope is left, late handlers must find the signal switched off.
    struct switch_off {
        std::shared_ptr<deadline> d;
        asio::cancellation_slot parent;
        ~switch_off() {
            d->over = true;
            if (parent.is_connected()) parent.clear();
        }
    };
    try {
        const switch_off at_end{d, state.slot()};
        auto token = asio::bind_cancellation_slot(d->stop.slot(), asio::use_awaitable);
        co_await asio::co_spawn(executor, std::move(guarded), std::move(token));
        co_return ended{true, d->expired};
    } catch (const boost::system::system_error& e) {
        if (!d->expired || e.code() != asio::error::operation_aborted) throw;
    }
    co_return ended{false, true};
}

error timed_out(std::chrono::steady_clock::duration limit) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return fail(errc::transient, "timed out after " + std::to_string(ms) + " ms");
}

}  // namespace kith::detail
