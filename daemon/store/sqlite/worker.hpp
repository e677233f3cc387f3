/// The one thread that touches the database. Jobs that wait together share a commit: at synchronous=FULL a
/// commit costs far more than the rows in it (a group of 64 is about ten times as fast as 64 commits).
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/store/sqlite/database.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace kith::sqlite {

class worker {
 public:
    struct job {
        std::function<void(database&)> run;  ///< may throw kith::failure: only this job is undone
        std::function<void(const std::optional<error>&)> done;  ///< after the commit; on the worker's thread
    };

    explicit worker(std::unique_ptr<database> db);
    /// Finishes what was posted.
    ~worker();

    void post(job j);

    /// Runs `f(database&)` in a transaction; completes, on the caller's executor, once it is durable. Not
    /// cancellable: a cancellation takes effect at the caller's next await.
    template <class T, class F>
    awaitable<result<T>> call(F f);

 private:
    void loop();
    void commit(std::deque<job>& jobs);
    void clean_up();

    std::unique_ptr<database> db_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<job> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

template <class T, class F>
awaitable<result<T>> worker::call(F f) {
    struct shared {
        explicit shared(F&& g) : f(std::move(g)) {}
        F f;
        std::optional<result<T>> out;
    };
    auto state = std::make_shared<shared>(std::move(f));
    auto initiate = [this, state](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        job j;
        j.run = [state](database& db) {
            if constexpr (std::is_void_v<T>) {
                state->f(db);
                state->out.emplace(boost::system::in_place_value);
            } else {
                state->out.emplace(state->f(db));
            }
        };
        j.done = [state, kept, executor, guard](const std::optional<error>& why) mutable {
            if (why) state->out.emplace(*why);
            auto finish = [kept = std::move(kept), guard = std::move(guard)]() mutable { (*kept)(); };
            asio::post(executor, std::move(finish));
        };
        post(std::move(j));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                         asio::use_awaitable);
    co_return std::move(*state->out);
}

}  // namespace kith::sqlite
