#include "daemon/policy/brakes.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

constexpr brake_bounds bounds{{50, 20}, {10, 20}, {5, 40}};

TEST(brakes, hold_a_playbook_whose_rejections_pass_the_bound_and_not_at_it) {
    EXPECT_FALSE(reason_to_pause({10, 0, 0}, bounds));
    EXPECT_EQ(reason_to_pause({11, 0, 0}, bounds),
              "11 rejections among its last 20 decisions, more than 50%");
}

TEST(brakes, hold_a_playbook_whose_complaints_pass_the_bound_and_not_at_it) {
    EXPECT_FALSE(reason_to_pause({0, 2, 0}, bounds));
    EXPECT_EQ(reason_to_pause({0, 3, 0}, bounds), "3 complaints among its last 20 replies, more than 10%");
}

TEST(brakes, hold_a_playbook_whose_opt_outs_pass_the_bound_and_not_at_it) {
    EXPECT_FALSE(reason_to_pause({0, 0, 2}, bounds));
    EXPECT_EQ(reason_to_pause({0, 0, 3}, bounds), "3 opt-outs among its last 40 replies, more than 5%");
}

TEST(brakes, at_zero_percent_the_first_one_is_too_many) {
    const brake_bounds strict{{0, 20}, {0, 20}, {0, 20}};
    EXPECT_FALSE(reason_to_pause({0, 0, 0}, strict));
    EXPECT_TRUE(reason_to_pause({0, 0, 1}, strict));
}

TEST(brakes, at_a_hundred_percent_never_hold) {
    const brake_bounds never{{100, 20}, {100, 20}, {100, 20}};
    EXPECT_FALSE(reason_to_pause({20, 20, 20}, never));
}

}  // namespace
}  // namespace kith
