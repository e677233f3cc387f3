/// A store in a folder of its own, and the calls that most tests of it begin with.
#pragma once

#include "daemon/model/sha256.hpp"
#include "daemon/store/store.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith::test {

class store_fixture : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-store-" + random_base32(10));
        reopen();
    }
    void TearDown() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    /// As after a restart.
    void reopen() {
        store_.reset();
        store_ = open_sqlite(folder_.string());
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return run(io_, std::move(call)).value();
    }
    void get(awaitable<result<>> call) { run(io_, std::move(call)).value(); }
    template <class T>
    errc why(awaitable<result<T>> call) {
        const auto r = run(io_, std::move(call));
        EXPECT_TRUE(r.has_error()) << "this should have failed";
        return r.has_error() ? r.error().kind : errc::transient;
    }

    stored_message receive(const std::string& id) {
        get(store_->accept("acc", batch_of(message_seen{sample_message(id)})));
        const auto number = get(store_->message_number(id));
        return get(store_->find_message(number));
    }
    /// Judges the message: one suggestion, perhaps with a canary in its place.
    std::int64_t suggest(const stored_message& m, std::optional<canary_draft> canary = std::nullopt) {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        j.suggestions = {sample_suggestion(m)};
        j.canary = std::move(canary);
        return get(store_->judge(std::move(j))).at(0).suggestion_id;
    }
    suggestion find(std::int64_t id) { return get(store_->find_suggestion(id)); }
    suggestion_state state(std::int64_t id) { return find(id).state; }
    void approve(std::int64_t id) { get(store_->approve(id, find(id).hash, "ann")); }
    std::vector<delivery> due() { return get(store_->due_deliveries("acc", now(), 10)); }
    delivery begun(std::int64_t id) {
        approve(id);
        const auto d = due().at(0);
        get(store_->begin_attempt(d.id, prepared_reply{"bytes", "ours-1"}));
        return due().at(0);
    }

    asio::io_context io_{1};
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
};

}  // namespace kith::test
