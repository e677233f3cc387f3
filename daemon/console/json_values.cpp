#include "daemon/console/json_values.hpp"

namespace kith::console {

namespace json = boost::json;

json::value time_or_null(const std::optional<timestamp>& t) {
    return t ? json::value(to_rfc3339(*t, 3)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

std::string text_in(const json::object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string{};
}

std::string spell_day(std::chrono::year_month_day d) {
    return to_rfc3339(timestamp{std::chrono::sys_days{d}}, 0).substr(0, 10);
}

}  // namespace kith::console
