#include "daemon/console/stats_query.hpp"

#include "daemon/console/moment.hpp"
#include "daemon/model/local_time.hpp"

#include <algorithm>
#include <charconv>

namespace kith::console {

namespace {

constexpr std::chrono::days longest_stats{400}, usual_stats{30};

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

using namespace std::chrono_literals;

/// Of what `mine` holds (empty: all) the one that is asked for, or all of it.
result<std::vector<std::string>> narrowed(const std::string& name, const std::string& asked,
                                          const std::vector<std::string>& mine) {
    if (asked.empty()) return mine;
    if (!mine.empty() && std::find(mine.begin(), mine.end(), asked) == mine.end())
        return fail(errc::not_found, name + ": there is no '" + asked.substr(0, 80) + "' for you");
    return std::vector<std::string>{asked};
}

}  // namespace

result<stats_query> read_stats_query(const net::server_request& r, const identity& by,
                                     const std::string& house_zone, timestamp at) {
    stats_query out;
    out.zone = r.param("zone").empty() ? house_zone : r.param("zone");
    if (!is_zone(out.zone))
        return fail(errc::invalid, "zone: there is no time zone '" + out.zone.substr(0, 80) +
                                       "': give a name such as Europe/Berlin");
    const auto to = moment_in("to", r.param("to"), out.zone, true, at);
    if (to.has_error()) return to.error();
    // `to` is not of the time any more: midnight ends the day before.
    const auto last = local_day(out.zone, *to - std::chrono::microseconds{1});
    const auto first = instant(out.zone, last - (usual_stats - std::chrono::days{1}), 0min);
    const auto from = moment_in("from", r.param("from"), out.zone, false, first);
    if (from.has_error()) return from.error();
    if (*from >= *to) return fail(errc::invalid, "from: it must be before `to`");
    if (*to - *from > longest_stats) return fail(errc::invalid, "from: at most 400 days before `to`");
    out.filter.borders.push_back(*from);
    for (auto day = local_day(out.zone, *from) + std::chrono::days{1};; day += std::chrono::days{1}) {
        const auto begin = instant(out.zone, day, 0min);
        if (begin >= *to) break;
        if (begin > out.filter.borders.back()) out.filter.borders.push_back(begin);
    }
    out.filter.borders.push_back(*to);
    out.department = r.param("department");
    out.account = r.param("account");
    auto departments = narrowed("department", out.department, by.departments);
    if (departments.has_error()) return departments.error();
    auto accounts = narrowed("account", out.account, by.accounts);
    if (accounts.has_error()) return accounts.error();
    out.filter.departments = std::move(*departments);
    out.filter.accounts = std::move(*accounts);
    return out;
}

bool is_asked(const stats_filter& f, const std::string& department, const std::string& account) {
    const auto among = [](const std::vector<std::string>& all, const std::string& one) {
        return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
    };
    return among(f.departments, department) && among(f.accounts, account);
}

result<item_page> read_item_page(const net::server_request& r, const std::string& list) {
    item_page out;
    if (const auto limit = r.param("limit"); !limit.empty()) {
        const auto n = whole_number(limit);
        if (!n || *n < 1 || *n > 200) return fail(errc::invalid, "limit: give a number from 1 to 200");
        out.limit = static_cast<std::size_t>(*n);
    }
    const auto cursor = r.param("cursor");
    if (cursor.empty()) return out;
    const auto second = cursor.rfind('.');
    const auto first = second == std::string::npos || second == 0 ? second : cursor.rfind('.', second - 1);
    if (first != std::string::npos && cursor.substr(0, first) == list) {
        const auto at = whole_number(std::string_view(cursor).substr(first + 1, second - first - 1));
        const auto id = whole_number(std::string_view(cursor).substr(second + 1));
        if (at && id) {
            out.after_at = from_micros(*at);
            out.after_id = *id;
            return out;
        }
    }
    return fail(errc::invalid, "cursor: it is not of this list: begin without one");
}

std::string item_cursor(const std::string& list, timestamp at, std::int64_t id) {
    return list + "." + std::to_string(to_micros(at)) + "." + std::to_string(id);
}

}  // namespace kith::console
