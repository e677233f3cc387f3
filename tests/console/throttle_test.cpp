#include "daemon/console/throttle.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

using namespace std::chrono_literals;

class throttling : public ::testing::Test {
 protected:
    static constexpr throttle_bounds bounds{5, 900s, 86'400s, 3};
    timestamp at = *from_rfc3339("2026-11-23T12:00:00Z");
    throttle t{bounds};
    void fail_times(const std::string& key, int n) {
        for (int i = 0; i < n; ++i) t.failed(key, at);
    }
    std::chrono::seconds wait(const std::string& key) {
        const auto until = t.wait(key, at);
        return until ? std::chrono::ceil<std::chrono::seconds>(*until - at) : 0s;
    }
};

TEST_F(throttling, the_first_failures_cost_nothing_then_each_doubles_the_wait_up_to_the_longest) {
    fail_times("a", 4);
    EXPECT_EQ(wait("a"), 0s);
    for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s}) {
        fail_times("a", 1);
        EXPECT_EQ(wait("a"), expected);
    }
    fail_times("a", 100);
    EXPECT_EQ(wait("a"), 900s) << "and it does not overflow";
}

TEST_F(throttling, the_wait_ends_to_the_moment) {
    fail_times("a", 6);
    const auto began = at;
    at = began + 2s - 1us;
    EXPECT_EQ(wait("a"), 1s);
    at = began + 2s;
    EXPECT_EQ(wait("a"), 0s);
}

TEST_F(throttling, one_key_says_nothing_of_another_and_success_forgets) {
    fail_times("a", 10);
    EXPECT_EQ(wait("b"), 0s);
    t.succeeded("a");
    EXPECT_EQ(wait("a"), 0s);
    fail_times("a", 4);
    EXPECT_EQ(wait("a"), 0s);
}

TEST_F(throttling, what_was_no_failure_takes_back_its_own_count_and_no_more) {
    fail_times("a", 6);
    t.spared("a");
    EXPECT_EQ(wait("a"), 1s);
    t.spared("nobody");
    EXPECT_EQ(wait("nobody"), 0s);
}

TEST_F(throttling, after_a_day_without_a_failure_it_starts_anew) {
    fail_times("a", 10);
    at += 86'400s - 1us;
    fail_times("a", 1);
    EXPECT_GT(wait("a"), 1s);
    at += 86'400s;
    fail_times("a", 4);
    EXPECT_EQ(wait("a"), 0s);
}

TEST_F(throttling, beyond_its_bound_it_forgets_who_failed_longest_ago) {
    for (const char* key : {"a", "b", "c", "d"}) {
        fail_times(key, 5);
        at += 1us;
    }
    EXPECT_EQ(wait("a"), 0s);
    EXPECT_EQ(wait("b"), 1s);
    EXPECT_EQ(wait("d"), 1s);
}

}  // namespace
}  // namespace kith::console
