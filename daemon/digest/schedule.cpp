#include "daemon/digest/schedule.hpp"

#include "daemon/model/local_time.hpp"

namespace kith {

namespace {

using std::chrono::days;
using std::chrono::local_days;

/// The scheduled day that is `day` or the nearest before it.
local_days scheduled(const digest_schedule& s, local_days day) {
    return s.weekly ? day - (std::chrono::weekday{day} - s.on) : day;
}

}  // namespace

timestamp newest_due(const digest_schedule& s, timestamp at) {
    const auto day = scheduled(s, local_day(s.zone, at));
    const auto due = instant(s.zone, day, s.at);
    return due <= at ? due : instant(s.zone, scheduled(s, day - days{1}), s.at);
}

timestamp next_due(const digest_schedule& s, timestamp at) {
    const auto day = scheduled(s, local_day(s.zone, at));
    const auto due = instant(s.zone, day, s.at);
    return due > at ? due : instant(s.zone, day + (s.weekly ? days{7} : days{1}), s.at);
}

}  // namespace kith
