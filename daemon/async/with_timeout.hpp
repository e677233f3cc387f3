/// A deadline around anything that can be awaited.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>

namespace kith {

namespace detail {

template <class T>
struct timed {
    using type = result<T>;
};
template <class T>
struct timed<result<T>> {
    using type = result<T>;
};

/// How a task ended: by itself, or because the time was up. Both may be true: it was late, and had a value.
struct ended {
    bool by_itself = false;
    bool late = false;
};

/// What with_timeout does, for a task that keeps its value to itself.
awaitable<ended> run_within(awaitable<void> task, std::chrono::steady_clock::duration limit);
error timed_out(std::chrono::steady_clock::duration limit);

template <class T>
awaitable<void> keep_value(awaitable<T> task, std::shared_ptr<std::optional<T>> kept) {
    T value = co_await std::move(task);
    kept->emplace(std::move(value));
}

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
    if constexpr (std::is_void_v<T>) {
        const auto end = co_await detail::run_within(std::move(task), limit);
        if (!end.by_itself) co_return detail::timed_out(limit);
        co_return result<void>();
    } else {
        auto kept = std::make_shared<std::optional<T>>();
        auto keeping = detail::keep_value(std::move(task), kept);
        const auto end = co_await detail::run_within(std::move(keeping), limit);
        if (!end.by_itself) co_return detail::timed_out(limit);
        auto& value = **kept;
        if constexpr (std::is_same_v<T, typename detail::timed<T>::type>) {
            if (end.late && value.has_error() && value.error().kind == errc::canceled)
                co_return detail::timed_out(limit);
        }
        co_return std::move(value);
    }
}

}  // namespace kith
