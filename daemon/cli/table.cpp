#include "daemon/cli/table.hpp"

#include "daemon/cli/show.hpp"
#include "daemon/model/time.hpp"

#include <algorithm>

namespace kith::cli {

namespace json = boost::json;

namespace {

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string at(const json::value& v, std::initializer_list<std::string_view> keys) {
    const json::value* here = &v;
    for (const auto key : keys) {
        here = here->is_object() ? here->get_object().if_contains(key) : nullptr;
        if (!here) return {};
    }
    if (here->is_string()) return harmless(here->get_string());
    if (here->is_int64()) return std::to_string(here->get_int64());
    if (here->is_uint64()) return std::to_string(here->get_uint64());
    if (here->is_bool()) return here->get_bool() ? "yes" : "no";
    return {};
}

const json::array& list(const json::value& v, std::string_view key) {
    static const json::array none;
    const auto* found = v.is_object() ? v.get_object().if_contains(key) : nullptr;
    return found && found->is_array() ? found->get_array() : none;
}

std::string shortened(const std::string& text, std::size_t most) {
    if (width(text) <= most) return text;
    std::size_t end = 0;
    for (std::size_t n = 0; end < text.size(); ++end)
        if ((text[end] & 0xC0) != 0x80 && n++ == most - 1) break;
    return text.substr(0, end) + "…";
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widest;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widest.size() <= i) widest.push_back(0);
            widest[i] = std::max(widest[i], width(row[i]));
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widest[i] - width(row[i]) + 2, ' ');
        }
        out += line + "\n";
    }
    return out;
}

std::string age(const std::string& written) {
    const auto t = from_rfc3339(written);
    if (!t) return "";
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(now() - *t).count();
    if (s < 120) return std::to_string(s) + "s";
    if (s < 7200) return std::to_string(s / 60) + "m";
    return s < 172'800 ? std::to_string(s / 3600) + "h" : std::to_string(s / 86'400) + "d";
}

}  // namespace kith::cli
