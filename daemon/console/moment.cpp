#include "daemon/console/moment.hpp"

#include "daemon/model/local_time.hpp"

#include <charconv>
#include <optional>

namespace kith::console {

namespace {

std::optional<int> whole(std::string_view text) {
    int n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

std::optional<std::chrono::local_days> day_from(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = whole(text.substr(0, 4)), m = whole(text.substr(5, 2)), d = whole(text.substr(8, 2));
    if (!y || !m || !d || *y < 1970 || *m < 0 || *d < 0) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{*y},
                                          std::chrono::month{static_cast<unsigned>(*m)},
                                          std::chrono::day{static_cast<unsigned>(*d)}};
    if (!day.ok()) return std::nullopt;
    return std::chrono::local_days{day};
}

}  // namespace

result<timestamp> moment_in(const std::string& field, const std::string& text, const std::string& zone,
                            bool ends, timestamp otherwise) {
    using std::chrono_literals::operator""min;
    if (text.empty()) return otherwise;
    if (const auto day = day_from(text)) return instant(zone, *day + std::chrono::days{ends ? 1 : 0}, 0min);
    if (const auto t = from_rfc3339(text)) return *t;
    return fail_field(field, "give a day (2026-11-23) or a moment (2026-11-23T04:12:00Z)");
}

}  // namespace kith::console
