#include "daemon/async/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace kith {
namespace {

using namespace std::chrono_literals;

TEST(backoff, every_wait_stays_below_a_ceiling_that_doubles_up_to_the_cap) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        backoff b(100ms, 1s, seed);
        for (const auto ceiling : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
            const auto wait = b.next();
            EXPECT_GE(wait, 0ms);
            EXPECT_LE(wait, ceiling);
        }
    }
}

TEST(backoff, uses_the_whole_of_its_range) {
    auto least = 1000ms, most = 0ms;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const auto wait = backoff(1000ms, 60s, seed).next();
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    EXPECT_LT(least, 50ms);
    EXPECT_GT(most, 950ms);
}

TEST(backoff, the_same_seed_gives_the_same_waits) {
    backoff a(100ms, 60s, 7), b(100ms, 60s, 7);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(backoff, is_short_again_after_a_success) {
    backoff b(10ms, 60s, 3);
    for (int i = 0; i < 20; ++i) b.next();
    b.reset();
    EXPECT_LE(b.next(), 10ms);
}

TEST(backoff, does_not_overflow_however_often_it_is_asked) {
    backoff b(1s, backoff::duration::max(), 1);
    for (int i = 0; i < 1000; ++i) EXPECT_GE(b.next(), 0ms);
}

TEST(backoff, a_base_above_the_cap_is_the_cap) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) EXPECT_LE(backoff(1h, 1s, seed).next(), 1s);
}

}  // namespace
}  // namespace kith
