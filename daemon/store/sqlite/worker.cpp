#include "daemon/store/sqlite/worker.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <spdlog/spdlog.h>

namespace kith::sqlite {

namespace {
/// More in one commit gains little and makes the first wait longer.
constexpr std::size_t most_in_a_commit = 512;
}  // namespace

worker::worker(std::unique_ptr<database> db) : db_(std::move(db)), thread_([this] { loop(); }) {
    pthread_setname_np(thread_.native_handle(), "kith-store");
}

worker::~worker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void worker::post(job j) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(j));
    }
    wake_.notify_one();
}

awaitable<std::optional<error>> worker::run(std::function<void(database&)> work) {
    auto failed = std::make_shared<std::optional<error>>();
    auto initiate = [this, failed, work = std::move(work)](auto handler) mutable {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        job j;
        j.run = std::move(work);
        j.done = [failed, kept, executor, guard](const std::optional<error>& why) mutable {
            *failed = why;
            auto finish = [kept = std::move(kept), guard = std::move(guard)]() mutable { (*kept)(); };
            asio::post(executor, std::move(finish));
        };
        post(std::move(j));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                         asio::use_awaitable);
    co_return std::move(*failed);
}

void worker::loop() {
    for (;;) {
        std::deque<job> taken;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            while (!waiting_.empty() && taken.size() < most_in_a_commit) {
                taken.push_back(std::move(waiting_.front()));
                waiting_.pop_front();
            }
        }
        commit(taken);
    }
}

void worker::commit(std::deque<job>& jobs) {
    std::vector<std::optional<error>> outcome(jobs.size());
    std::optional<error>
        cause;  // of the last job that failed: what a ROLLBACK TO that fails says is not the reason
    try {
        db_->run("BEGIN IMMEDIATE");
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            db_->run("SAVEPOINT job");
            try {
                jobs[i].run(*db_);
            } catch (const failure& e) {
                outcome[i] = e.why();
            } catch (const std::exception& e) {
                outcome[i] = fail(errc::invalid, std::string("store: ") + e.what());
            }
            cause = outcome[i];
            if (outcome[i]) db_->run("ROLLBACK TO job");
            cause.reset();
            db_->run("RELEASE job");
        }
        db_->run("COMMIT");
    } catch (const failure& e) {  // the disk is full, or fails: none of it happened
        try {
            db_->run("ROLLBACK");
        } catch (const failure&) {  // NOLINT(bugprone-empty-catch): SQLite had rolled back by itself
        }
        // A full disk within a statement undoes the whole transaction, savepoints included.
        for (auto& o : outcome) o = cause ? *cause : e.why();
        db_->forget_after_commit();
    }
    clean_up();
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].done(outcome[i]);
}

/// The jobs themselves are durable already. Who asked for this finds out that it is still to be done.
void worker::clean_up() {
    try {
        db_->run_after_commit();
    } catch (const failure& e) {
        spdlog::warn("the database could not be cleaned up, it is tried again later: {}", e.what());
        db_->forget_after_commit();
    }
}

}  // namespace kith::sqlite
