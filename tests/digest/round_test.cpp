/// Each digest once: over restarts, missed days, clocks that are set, and servers that are down.
#include "daemon/digest/round.hpp"

#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith {
namespace {

using namespace std::chrono_literals;

timestamp day(int n, std::chrono::minutes after = 480min) {
    return from_rfc3339("2026-11-01T00:00:00Z").value() + std::chrono::days{n} + after;
}

struct fake_sender final : digest_sender {
    awaitable<result<void>> send(digest_target, digest_facts what, std::string key) override {
        keys.push_back(std::move(key));
        told.push_back({what.since, what.until});
        if (answers.empty()) co_return result<void>();
        const auto kind = answers.front();
        answers.erase(answers.begin());
        co_return fail(kind, "as the test wants");
    }
    awaitable<result<void>> mail(mail_parts) override { co_return result<void>(); }
    void stop() noexcept override {}
    std::vector<std::string> keys;
    std::vector<std::pair<timestamp, timestamp>> told;
    std::vector<errc> answers;  ///< then success
};

class rounds : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-digest-" + random_base32(10));
        config_.to.is = digest_target::kind::email;
        restart();
    }
    void TearDown() override {
        round_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    void restart() {
        round_.reset();
        store_.reset();
        store_ = open_sqlite(folder_.string());
        const auto facts = [](timestamp since, timestamp until,
                              timestamp at) -> awaitable<result<digest_facts>> {
            digest_facts f;
            f.since = since;
            f.until = until;
            f.at = at;
            co_return f;
        };
        round_ = std::make_unique<digest_round>(io_.get_executor(), "support", config_, store_->digests(),
                                                sender_, facts);
    }
    timestamp step(timestamp at) { return test::run(io_, round_->step(at)).value(); }
    digest_line newest() { return test::run(io_, store_->digests().newest()).value().at("support"); }
    std::size_t sent() const { return sender_.keys.size(); }

    asio::io_context io_{1};
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
    digest_config config_;  ///< each day at 08:00 UTC
    fake_sender sender_;
    std::unique_ptr<digest_round> round_;
};

TEST_F(rounds, tells_nothing_of_the_time_before_it_was_set_up) {
    step(day(1, 600min));
    EXPECT_EQ(sent(), 0U);
    step(day(2) - 1us);
    EXPECT_EQ(sent(), 0U);
    step(day(2));
    ASSERT_EQ(sent(), 1U);
    EXPECT_EQ(sender_.told[0], std::pair(day(1), day(2)));
}

TEST_F(rounds, sends_one_a_period_also_over_restarts) {
    step(day(1));
    for (int n = 2; n <= 4; ++n) {
        step(day(n));
        restart();
        step(day(n));
        step(day(n) + 1h);
    }
    EXPECT_EQ(sent(), 3U);
    EXPECT_EQ(sender_.keys[0], digest_key("support", day(2)));
    EXPECT_NE(sender_.keys[0], sender_.keys[1]);
}

TEST_F(rounds, sends_a_missed_one_late_and_once_for_all_that_were_missed) {
    step(day(1));
    restart();
    step(day(5, 900min));
    step(day(5, 901min));
    ASSERT_EQ(sent(), 1U);
    EXPECT_EQ(sender_.told[0], std::pair(day(1), day(5)));
    EXPECT_EQ(newest().state, digest_state::sent);
}

TEST_F(rounds, a_clock_that_is_set_back_brings_no_second_one) {
    step(day(1));
    step(day(3));
    step(day(2));
    step(day(3));
    EXPECT_EQ(sent(), 1U);
}

TEST_F(rounds, tries_again_what_did_not_arrive_and_says_why) {
    step(day(1));
    sender_.answers = {errc::transient, errc::transient};
    auto next = step(day(2));
    EXPECT_EQ(newest().state, digest_state::waiting);
    EXPECT_EQ(newest().last_error, "as the test wants");
    EXPECT_LE(next, day(2) + 20s);
    for (int tries = 0; tries < 50 && newest().state == digest_state::waiting; ++tries) next = step(next);
    EXPECT_EQ(newest().state, digest_state::sent);
    EXPECT_EQ(newest().attempts, 3);
    EXPECT_EQ(newest().last_error, "");
    EXPECT_EQ(sender_.keys[0], sender_.keys[2]) << "each attempt has the same key";
}

TEST_F(rounds, does_not_try_again_what_was_refused_before_the_next_period) {
    step(day(1));
    sender_.answers = {errc::refused};
    step(day(2));
    step(day(2) + 10h);
    EXPECT_EQ(sent(), 1U);
    EXPECT_EQ(newest().state, digest_state::refused);
    EXPECT_EQ(newest().last_error, "as the test wants");
    step(day(3));
    EXPECT_EQ(sent(), 2U);
    EXPECT_EQ(newest().state, digest_state::sent);
    EXPECT_EQ(newest().since, day(1)) << "what the refused one would have told, its successor tells";
}

TEST_F(rounds, a_mail_that_may_have_arrived_is_not_sent_again) {
    step(day(1));
    sender_.answers = {errc::unknown};
    step(day(2));
    step(day(2) + 10h);
    EXPECT_EQ(sent(), 1U);
    EXPECT_EQ(newest().state, digest_state::unsure);
}

TEST_F(rounds, a_webhook_is_told_again_with_the_same_key) {
    config_.to.is = digest_target::kind::webhook;
    restart();
    step(day(1));
    sender_.answers = {errc::unknown};
    auto next = step(day(2));
    for (int tries = 0; tries < 50 && newest().state == digest_state::waiting; ++tries) next = step(next);
    ASSERT_EQ(sent(), 2U);
    EXPECT_EQ(sender_.keys[0], sender_.keys[1]);
}

TEST_F(rounds, a_mail_under_way_when_the_daemon_was_killed_is_not_sent_again) {
    step(day(1));
    const auto due = test::run(io_, store_->digests().due("support", day(2), day(2))).value();
    ASSERT_TRUE(due);
    test::run(io_, store_->digests().begin_attempt("support", day(2), day(2))).value();
    restart();
    step(day(2) + 1min);
    EXPECT_EQ(sent(), 0U);
    EXPECT_EQ(newest().state, digest_state::unsure);
    EXPECT_NE(newest().last_error.find("may have arrived"), std::string::npos);
}

TEST_F(rounds, a_file_under_way_when_the_daemon_was_killed_is_written_again) {
    config_.to.is = digest_target::kind::file;
    restart();
    step(day(1));
    ASSERT_TRUE(test::run(io_, store_->digests().due("support", day(2), day(2))).value());
    test::run(io_, store_->digests().begin_attempt("support", day(2), day(2))).value();
    restart();
    step(day(2) + 1min);
    EXPECT_EQ(sent(), 1U);
    EXPECT_EQ(newest().state, digest_state::sent);
}

TEST_F(rounds, what_could_not_be_sent_before_the_next_was_due_is_told_by_the_next) {
    step(day(1));
    sender_.answers = {errc::transient};
    step(day(2));
    step(day(3));
    ASSERT_EQ(sent(), 2U);
    EXPECT_EQ(sender_.told[1], std::pair(day(1), day(3)));
}

}  // namespace
}  // namespace kith
