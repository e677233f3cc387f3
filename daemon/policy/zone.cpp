#include "daemon/policy/zone.hpp"

#include <unicode/timezone.h>

namespace kith {

using namespace std::chrono;

struct zone::state {
    std::unique_ptr<icu::TimeZone> is;
};

std::optional<zone> zone::find(const std::string& name) {
    // ICU would take "GMT+5" and the like as well: only names that the database has.
    if (name.empty() || name.size() > 64) return std::nullopt;
    auto made = std::make_shared<state>();
    made->is.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    if (!made->is || *made->is == icu::TimeZone::getUnknown()) return std::nullopt;
    return zone(std::move(made));
}

zone zone::utc() {
    auto made = std::make_shared<state>();
    made->is.reset(icu::TimeZone::createTimeZone("UTC"));
    return zone(std::move(made));
}

milliseconds zone::offset(timestamp t) const {
    std::int32_t raw = 0, summer = 0;
    UErrorCode ignored = U_ZERO_ERROR;
    state_->is->getOffset(static_cast<UDate>(duration_cast<milliseconds>(t.time_since_epoch()).count()),
                          false, raw, summer, ignored);
    return milliseconds{raw + summer};
}

local_time zone::at(timestamp t) const {
    const auto local = floor<milliseconds>(t) + offset(t);
    const auto day = floor<days>(local);
    const auto of_day = local - day;
    local_time out;
    out.weekday = static_cast<int>(weekday{sys_days{day}}.iso_encoding()) - 1;
    out.of_day = floor<minutes>(of_day);
    out.rest = of_day - out.of_day;
    return out;
}

timestamp zone::next(timestamp t, minutes of_day) const {
    const auto here = at(t);
    const auto passed = milliseconds{here.of_day} + here.rest;
    auto wait = milliseconds{of_day} - passed;
    if (wait < milliseconds{0}) wait += days{1};
    // Where the clocks change in between, the same time of day comes earlier or later.
    const auto there = floor<milliseconds>(t) + wait;
    return timestamp{there + (offset(t) - offset(there))};
}

}  // namespace kith
