/// Owner of coroutines: each has a name, an owner and an ending. The only place that spawns one to run by
/// itself.
#pragma once

#include "daemon/async/awaitable.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kith {

/// Lives on one executor; not thread-safe. What a task refers to must outlive the task: so a group is stopped
/// with `emit()` and then `co_await wait()` before its owner goes. A group destroyed earlier cancels what
/// still runs.
class task_group {
 public:
    /// `name` of the task and `what()` of the exception that ended it. Not called for cancellations, nor
    /// after the group is gone. May spawn into the group again.
    using failure_handler = std::function<void(std::string_view name, std::string_view what)>;

    task_group(asio::any_io_executor executor, failure_handler on_failure);
    ~task_group();
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;

    /// Starts the task, not before control returns to the executor. Its parameters are values or references
    /// to what outlives the group. Tasks spawned after an `emit` are not touched by it.
    void spawn(std::string name, awaitable<void> task);

    /// Cancels all tasks that run now. Each ends at the next thing that it awaits.
    void emit(asio::cancellation_type type = asio::cancellation_type::terminal) noexcept;

    /// Completes once no task is left, also those spawned meanwhile. Cancels nothing. Called by a coroutine
    /// that is itself cancelled it throws, as every await does, unless cancellation was disabled before.
    awaitable<void> wait();

    std::size_t size() const noexcept;

 private:
    struct state;
    struct end_of_task;
    struct runner;
    /// Shared with the completion handlers, which may be called after the group is gone.
    std::shared_ptr<state> state_;
};

}  // namespace kith
