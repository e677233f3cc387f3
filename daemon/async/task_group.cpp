#include "daemon/async/task_group.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <list>

namespace kith {

namespace {

bool is_cancellation(const std::exception& e) noexcept {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&e);
    return system != nullptr && system->code() == asio::error::operation_aborted;
}

}  // namespace

struct task_group::state {
    struct task {
        std::string name;
        asio::cancellation_signal stop;
        bool started = false;
        bool stop_at_start = false;
        bool ended = false;

        void emit(asio::cancellation_type type) {
            if (!started)
                stop_at_start = true;
            else if (!ended)
                stop.emit(type);
        }
    };
    using place = std::list<task>::iterator;

    state(asio::any_io_executor executor, failure_handler on_failure_)
        : on_failure(std::move(on_failure_)), empty(executor, asio::steady_timer::time_point::max()) {}

    failure_handler on_failure;
    std::list<task> tasks;
    std::size_t running = 0;
    unsigned emitting = 0;
    bool abandoned = false;
    asio::steady_timer empty;  ///< never expires; its cancellation wakes those who wait

    void ended(place which, const std::exception_ptr& why) {
        const std::string name = which->name;
        // A signal must not be destroyed while it is being emitted.
        which->ended = true;
        if (emitting == 0) tasks.erase(which);
        --running;
        if (why) report(name, why);
        if (running == 0) empty.cancel();
    }

    void report(const std::string& name, const std::exception_ptr& why) {
        try {
            std::rethrow_exception(why);
        } catch (const std::exception& e) {
            if (!abandoned && on_failure && !is_cancellation(e)) on_failure(name, e.what());
        } catch (...) {
            if (!abandoned && on_failure) on_failure(name, "an exception of unknown type");
        }
    }

    void emit(asio::cancellation_type type) {
        ++emitting;
        // Tasks that are spawned by what the emission wakes stand behind the last one of now.
        const std::size_t now = tasks.size();
        auto it = tasks.begin();
        for (std::size_t i = 0; i < now; ++i, ++it) it->emit(type);
        if (--emitting == 0) tasks.remove_if([](const task& t) { return t.ended; });
    }
};

/// Called when a task has ended. A class of its own, and not bind_cancellation_slot around a lambda: with
/// that, Asio 1.26 passes a cancellation that comes from outside the executor's thread on through the queue,
/// with a bare pointer into a signal that may be gone by then.
struct task_group::end_of_task {
    using cancellation_slot_type = asio::cancellation_slot;
    cancellation_slot_type get_cancellation_slot() const noexcept { return slot; }
    void operator()(const std::exception_ptr& why) const { owner->ended(place, why); }

    std::shared_ptr<state> owner;
    state::place place;
    asio::cancellation_slot slot;
};

/// Around each task. Asio 1.26 lets an exception escape from `io_context::run` when a coroutine is cancelled
/// and ends before it has once gone through the queue: so it goes through the queue first, and is not
/// cancelled earlier.
struct task_group::runner {
    static awaitable<void> run(std::shared_ptr<state> owner, state::place place, awaitable<void> task) {
        place->started = true;
        if (place->stop_at_start) co_return;
        const auto executor = owner->empty.get_executor();
        co_await asio::post(executor, asio::use_awaitable);
        co_await std::move(task);
    }
};

task_group::task_group(asio::any_io_executor executor, failure_handler on_failure)
    : state_(std::make_shared<state>(std::move(executor), std::move(on_failure))) {}

task_group::~task_group() {
    state_->abandoned = true;
    emit();
}

void task_group::spawn(std::string name, awaitable<void> task) {
    auto& s = *state_;
    const auto place = s.tasks.emplace(s.tasks.end());
    place->name = std::move(name);
    ++s.running;
    auto guarded = runner::run(state_, place, std::move(task));
    asio::co_spawn(s.empty.get_executor(), std::move(guarded),
                   end_of_task{state_, place, place->stop.slot()});
}

void task_group::emit(asio::cancellation_type type) noexcept {
    state_->emit(type);
}

awaitable<void> task_group::wait() {
    const auto keep = state_;
    while (keep->running > 0) {
        auto [ec] = co_await keep->empty.async_wait(as_tuple);
        static_cast<void>(
            ec);  // always a cancellation: of the timer, or of the caller (then the next await throws)
    }
}

std::size_t task_group::size() const noexcept {
    return state_->running;
}

}  // namespace kith
