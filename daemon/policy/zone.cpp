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

/// The first moment, at or after `not_before`, at which the clock on the wall shows `wall` (since 1970, as if
/// it were UTC); or the distant past, if that moment is gone.
timestamp zone::first_at(milliseconds wall, timestamp not_before) const {
    // Far enough to either side that no offset reaches there.
    const timestamp as_utc{wall};
    const auto before = offset(as_utc - days{1}), after = offset(as_utc + days{1});
    timestamp early = as_utc - std::max(before, after), late = as_utc - std::min(before, after);
    bool shown = false;
    for (const auto t : {early, late}) {
        if (t + offset(t) != as_utc) continue;
        shown = true;
        if (t >= not_before) return t;
    }
    if (shown) return timestamp::min();
    // No clock ever shows it: it goes from before to after in one moment.
    while (late - early > milliseconds{1}) {
        const auto middle = early + floor<milliseconds>((late - early) / 2);
        (middle + offset(middle) < as_utc ? early : late) = middle;
    }
    return late >= not_before ? late : timestamp::min();
}

timestamp zone::next(timestamp t, minutes of_day) const {
    const auto today = floor<days>(floor<milliseconds>(t) + offset(t)).time_since_epoch();
    for (auto day = today;; day += days{1})
        if (const auto found = first_at(day + of_day, t); found >= t) return found;
}

}  // namespace kith
