/// The one thread that touches the database. Jobs that wait together share a commit: at synchronous=FULL a
/// commit costs far more than the rows in it (a group of 64 is about ten times as fast as 64 commits).
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/store/sqlite/database.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
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
    template <class T>
    awaitable<result<T>> call(std::function<T(database&)> f);

 private:
    awaitable<std::optional<error>> run(std::function<void(database&)> work);
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

template <class T>
awaitable<result<T>> worker::call(std::function<T(database&)> f) {
    // The job may outlive this coroutine's frame.
    auto out = std::make_shared<std::optional<result<T>>>();
    std::function<void(database&)> work = [out, f = std::move(f)](database& db) {
        if constexpr (std::is_void_v<T>) {
            f(db);
            out->emplace(boost::system::in_place_value);
        } else {
            out->emplace(f(db));
        }
    };
    const auto failed = co_await run(std::move(work));
    if (failed) co_return *failed;
    co_return std::move(**out);
}

}  // namespace kith::sqlite
