#include "daemon/console/figure.hpp"

#include "daemon/net/http.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

/// OWASP, "CSV Injection": what these begin would be run by a spreadsheet.
std::string harmless(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos)
        text.insert(0, 1, '\'');
    return text;
}

std::string csv_cell(const json::value& v) {
    if (v.is_null()) return {};
    if (!v.is_string()) return json::serialize(v);
    auto text = harmless(std::string(v.get_string()));
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

}  // namespace

json::object view(const figure& f) {
    json::object out{{"name", f.name}, {"unit", f.unit}};
    for (const auto& [key, value] : f.more) out[key] = value;
    for (const auto& p : f.parts) {
        json::array rows;
        for (const auto& row : p.rows) {
            json::object v, items;
            for (std::size_t i = 0; i < row.size(); ++i) {
                v[p.columns[i]] = row[i].value;
                if (!row[i].items.empty()) items[p.columns[i]] = row[i].items;
            }
            v["items"] = std::move(items);
            rows.push_back(std::move(v));
        }
        out[p.name] = std::move(rows);
    }
    return out;
}

std::string to_csv(const figure_part& p) {
    std::string out;
    for (std::size_t i = 0; i < p.columns.size(); ++i) out += (i ? "," : "") + p.columns[i];
    out += "\r\n";
    for (const auto& row : p.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) out += (i ? "," : "") + csv_cell(row[i].value);
        out += "\r\n";
    }
    return out;
}

std::string items_query(const std::vector<std::pair<std::string, std::string>>& all) {
    std::string out;
    for (const auto& [key, value] : all)
        if (!value.empty()) out += (out.empty() ? "" : "&") + key + "=" + net::percent_encode(value);
    return out;
}

}  // namespace kith::console
