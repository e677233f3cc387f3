/// Days and hours as people in a time zone (IANA: Europe/Berlin) count them. The zones' rules are ICU's.
#pragma once

#include "daemon/model/time.hpp"

#include <chrono>
#include <string>

namespace kith {

bool is_zone(const std::string& zone);

/// The day that it is in `zone` at `t`. An unknown zone counts as UTC, here and below.
std::chrono::local_days local_day(const std::string& zone, timestamp t);

/// When the clocks in `zone` show that day and time. A time that is skipped in spring is taken as much later
/// as the clocks jump; one that comes twice in autumn is taken the first time.
timestamp instant(const std::string& zone, std::chrono::local_days day, std::chrono::minutes after_midnight);

/// "2026-11-23", whatever the zone was.
std::string spell(std::chrono::local_days day);

}  // namespace kith
