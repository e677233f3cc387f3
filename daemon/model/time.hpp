/// Points in time as Kith stores and shows them: UTC, whole microseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

using timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// Now, by the wall clock. Pure stages are given a timestamp instead of calling this.
timestamp now() noexcept;

/// Tests only: from here on `now` says `t` plus whatever passes, in the whole process; nothing: the wall
/// clock again.
void set_clock_for_tests(std::optional<timestamp> t) noexcept;

/// "2026-11-23T04:12:00.123456Z". Fewer digits where `fraction` (0, 3 or 6) says so.
std::string to_rfc3339(timestamp t, int fraction = 6);

/// Reads RFC 3339 with any fraction and offset; nothing if it is not that.
std::optional<timestamp> from_rfc3339(std::string_view text) noexcept;

/// Microseconds since 1970, the form in the store.
constexpr std::int64_t to_micros(timestamp t) noexcept {
    return t.time_since_epoch().count();
}
constexpr timestamp from_micros(std::int64_t n) noexcept {
    return timestamp{std::chrono::microseconds{n}};
}

}  // namespace kith
