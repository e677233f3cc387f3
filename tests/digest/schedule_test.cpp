#include "daemon/digest/schedule.hpp"

#include "daemon/model/local_time.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

timestamp clock(std::string_view text) {
    return from_rfc3339(text).value();
}

std::string newest(const digest_schedule& s, std::string_view t) {
    return to_rfc3339(newest_due(s, clock(t)), 0);
}
std::string next(const digest_schedule& s, std::string_view t) {
    return to_rfc3339(next_due(s, clock(t)), 0);
}

digest_schedule daily(std::string zone) {
    digest_schedule s;
    s.zone = std::move(zone);
    return s;
}

TEST(digest_schedule, is_due_at_its_minute_and_not_a_microsecond_before) {
    const auto s = daily("Europe/Berlin");  // 08:00 there is 07:00 UTC in winter
    EXPECT_EQ(newest(s, "2026-11-23T06:59:59.999999Z"), "2026-11-22T07:00:00Z");
    EXPECT_EQ(newest(s, "2026-11-23T07:00:00Z"), "2026-11-23T07:00:00Z");
    EXPECT_EQ(next(s, "2026-11-23T06:59:59.999999Z"), "2026-11-23T07:00:00Z");
    EXPECT_EQ(next(s, "2026-11-23T07:00:00Z"), "2026-11-24T07:00:00Z");
}

TEST(digest_schedule, stays_at_eight_in_the_morning_when_the_clocks_change) {
    const auto s = daily("Europe/Berlin");
    EXPECT_EQ(next(s, "2026-03-28T12:00:00Z"), "2026-03-29T06:00:00Z");  // the night of the change
    EXPECT_EQ(next(s, "2026-10-24T12:00:00Z"), "2026-10-25T07:00:00Z");
}

TEST(digest_schedule, a_time_that_is_skipped_in_spring_is_taken_an_hour_later) {
    auto s = daily("Europe/Berlin");
    s.at = 150min;  // 02:30, which 29 March 2026 does not have
    EXPECT_EQ(next(s, "2026-03-28T12:00:00Z"), "2026-03-29T01:30:00Z");
}

TEST(digest_schedule, a_time_that_comes_twice_in_autumn_is_taken_once) {
    auto s = daily("Europe/Berlin");
    s.at = 150min;
    EXPECT_EQ(next(s, "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z");
    EXPECT_EQ(next(s, "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00Z");
}

TEST(digest_schedule, counts_days_as_the_zone_does) {
    const auto s = daily("Pacific/Auckland");  // 08:00 on the 24th there is 19:00 on the 23rd in UTC
    EXPECT_EQ(newest(s, "2026-11-23T19:00:00Z"), "2026-11-23T19:00:00Z");
    EXPECT_EQ(newest(s, "2026-11-23T18:59:59Z"), "2026-11-22T19:00:00Z");
}

TEST(digest_schedule, a_weekly_one_is_due_on_its_day_only) {
    auto s = daily("UTC");
    s.weekly = true;  // Mondays; 23 November 2026 is one
    EXPECT_EQ(newest(s, "2026-11-23T07:59:59Z"), "2026-11-16T08:00:00Z");
    EXPECT_EQ(newest(s, "2026-11-23T08:00:00Z"), "2026-11-23T08:00:00Z");
    EXPECT_EQ(newest(s, "2026-11-29T23:00:00Z"), "2026-11-23T08:00:00Z");
    EXPECT_EQ(next(s, "2026-11-23T08:00:00Z"), "2026-11-30T08:00:00Z");
    s.on = std::chrono::Sunday;
    EXPECT_EQ(newest(s, "2026-11-23T09:00:00Z"), "2026-11-22T08:00:00Z");
    EXPECT_EQ(next(s, "2026-11-23T09:00:00Z"), "2026-11-29T08:00:00Z");
}

TEST(zones, knows_those_of_the_world_and_no_others) {
    EXPECT_TRUE(is_zone("Europe/Berlin"));
    EXPECT_TRUE(is_zone("UTC"));
    EXPECT_FALSE(is_zone("Europe/Berlim"));
    EXPECT_FALSE(is_zone(""));
}

}  // namespace
}  // namespace kith
