#include "daemon/queue/urgency.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

constexpr auto at = from_micros(1'790'000'000'000'000);

TEST(urgency, rises_as_the_end_comes_near) {
    EXPECT_EQ(urgency_of(std::nullopt, false, false, at).level, 0);
    EXPECT_EQ(urgency_of(at + 25h, false, false, at).level, 0);
    EXPECT_EQ(urgency_of(at + 24h, false, false, at).level, 1);
    EXPECT_EQ(urgency_of(at + 4h, false, false, at).level, 2);
    EXPECT_EQ(urgency_of(at + 1h, false, false, at).level, 3);
    EXPECT_EQ(urgency_of(at + 30min, false, false, at).because, "it expires within 30 min");
    EXPECT_EQ(urgency_of(at - 1s, false, false, at).because, "it has expired");
}

TEST(urgency, is_one_more_for_a_customer_or_a_complaint_and_says_so) {
    EXPECT_EQ(urgency_of(std::nullopt, true, false, at).level, 1);
    EXPECT_EQ(urgency_of(at + 3h, false, true, at).level, 3);
    EXPECT_EQ(urgency_of(at + 3h, true, true, at).because,
              "it expires within 3 h; a complaint; from a customer");
    EXPECT_EQ(urgency_of(at + 1min, true, true, at).level, 3) << "there is no more than that";
}

}  // namespace
}  // namespace kith
