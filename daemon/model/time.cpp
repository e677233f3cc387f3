#include "daemon/model/time.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>

namespace kith {

namespace {

/// What tests add to the wall clock, in microseconds.
std::atomic<std::int64_t> shift{0};

timestamp wall_clock() noexcept {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

timestamp now() noexcept {
    return wall_clock() + std::chrono::microseconds{shift.load(std::memory_order_relaxed)};
}

void set_clock_for_tests(std::optional<timestamp> t) noexcept {
    shift.store(t ? to_micros(*t) - to_micros(wall_clock()) : 0, std::memory_order_relaxed);
}

std::string to_rfc3339(timestamp t, int fraction) {
    using namespace std::chrono;
    const auto day = floor<days>(t);
    const year_month_day date{day};
    const hh_mm_ss clock{t - day};
    std::array<char, 64> out{};
    int n =
        std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
    std::string text(out.data(), static_cast<std::size_t>(n));
    if (fraction > 0) {
        n = std::snprintf(out.data(), out.size(), ".%06lld",
                          static_cast<long long>(clock.subseconds().count()));
        text.append(out.data(), static_cast<std::size_t>(fraction < 6 ? fraction + 1 : n));
    }
    return text + "Z";
}

namespace {

/// Takes exactly `digits` decimal digits off the front.
bool take(std::string_view& text, std::size_t digits, int& into) noexcept {
    if (text.size() < digits) return false;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + digits, into);
    if (ec != std::errc{} || end != text.data() + digits || text[0] == '-') return false;
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, char c) noexcept {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<timestamp> from_rfc3339(std::string_view text) noexcept {
    using namespace std::chrono;
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (!take(text, 4, y) || !take(text, '-') || !take(text, 2, mo) || !take(text, '-') || !take(text, 2, d))
        return std::nullopt;
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
    if (!take(text, 2, h) || !take(text, ':') || !take(text, 2, mi) || !take(text, ':') || !take(text, 2, s))
        return std::nullopt;
    std::int64_t micro = 0;
    if (take(text, '.')) {
        std::int64_t unit = 100'000;
        if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
        while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
            micro += unit * (text[0] - '0');
            unit /= 10;
            text.remove_prefix(1);
        }
    }
    minutes offset{0};
    if (!take(text, 'Z') && !take(text, 'z')) {
        const bool west = !text.empty() && text[0] == '-';
        if (!west && (text.empty() || text[0] != '+')) return std::nullopt;
        text.remove_prefix(1);
        int oh = 0, om = 0;
        if (!take(text, 2, oh) || !take(text, ':') || !take(text, 2, om)) return std::nullopt;
        offset = hours{oh} + minutes{om};
        if (west) offset = -offset;
    }
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!text.empty() || !date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
    return timestamp{sys_days{date}.time_since_epoch() + hours{h} + minutes{mi} + seconds{s} - offset +
                     microseconds{micro}};
}

}  // namespace kith
