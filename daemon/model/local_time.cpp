#include "daemon/model/local_time.hpp"

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <cstdio>
#include <memory>

namespace kith {

namespace {

std::unique_ptr<icu::TimeZone> zone_of(const std::string& name) {
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    if (*zone == icu::TimeZone::getUnknown()) zone.reset(icu::TimeZone::getGMT()->clone());
    return zone;
}

}  // namespace

bool is_zone(const std::string& zone) {
    const std::unique_ptr<icu::TimeZone> found(
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
    return !zone.empty() && *found != icu::TimeZone::getUnknown();
}

std::chrono::local_days local_day(const std::string& zone, timestamp t) {
    using namespace std::chrono;
    std::int32_t raw = 0, summer = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_of(zone)->getOffset(static_cast<UDate>(to_micros(t)) / 1000.0, false, raw, summer, status);
    const auto shifted = t + milliseconds{raw + summer};
    return local_days{floor<days>(shifted).time_since_epoch()};
}

timestamp instant(const std::string& zone, std::chrono::local_days day, std::chrono::minutes after_midnight) {
    using namespace std::chrono;
    const year_month_day date{day};
    UErrorCode status = U_ZERO_ERROR;
    icu::GregorianCalendar calendar(zone_of(zone).release(), status);
    calendar.setRepeatedWallTimeOption(UCAL_WALLTIME_FIRST);
    calendar.clear();
    calendar.set(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())) - 1,
                 static_cast<int>(static_cast<unsigned>(date.day())),
                 static_cast<int>(after_midnight.count() / 60),
                 static_cast<int>(after_midnight.count() % 60));
    const auto at = calendar.getTime(status);
    return from_micros(static_cast<std::int64_t>(at) * 1000);
}

std::string spell(std::chrono::local_days day) {
    const std::chrono::year_month_day date{day};
    char out[32];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return out;
}

}  // namespace kith
