// kith opt-outs ...: who asked us to stop, and what people record of it.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <vector>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct opt_out_options {
    explicit opt_out_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, account, contact, reason, state = "in-force";
    bool csv = false;
    list_options wanted;
};

constexpr std::string_view path = "/api/v1/opt-outs";

/// Oldest first; where they are not all wanted, the newest.
result<json::value> listed(const opt_out_options& line, const list_options& wanted) {
    const auto target = std::string(path) + "?state=" + net::percent_encode(line.state) +
                        "&account=" + net::percent_encode(line.account);
    auto got = call_list(line.common.socket, target, wanted);
    if (got.has_value()) {
        auto& items = got->at("items").as_array();
        std::reverse(items.begin(), items.end());
    }
    return got;
}

/// The value at a key, or at a key within a key, as text.
std::string text(const json::value& o, std::string_view key, std::string_view within = {}) {
    const json::value& v = within.empty() ? o.at(key) : o.at(key).at(within);
    if (v.is_string()) return std::string(v.get_string());
    return v.is_null() ? std::string() : json::serialize(v);
}

std::string show_list(const json::value& v) {
    std::vector<std::vector<std::string>> rows{
        {"id", "account", "contact", "how", "since", "noted by", "lifted"}};
    for (const auto& o : v.at("items").as_array()) {
        const auto handle = text(o, "contact", "handle");
        const auto by = text(o, "lifted_by");
        rows.push_back({text(o, "id"), harmless(text(o, "account")),
                        harmless(handle.empty() ? text(o, "contact", "id") : handle), text(o, "how"),
                        text(o, "asked_at"), harmless(text(o, "noted_by")),
                        by.empty() ? "" : text(o, "lifted_at") + " by " + harmless(by)});
    }
    return rows.size() == 1 ? "nobody\n" : table(rows);
}

std::string show_one(const json::value& o) {
    std::string out = "opt-out " + text(o, "id") + ": " + harmless(text(o, "contact", "handle")) + " (" +
                      harmless(text(o, "contact", "id")) + ") on " + harmless(text(o, "account")) + "\n";
    const auto lifted = text(o, "lifted_by");
    return out + (lifted.empty() ? "  in force since " + text(o, "asked_at") + "\n"
                                 : "  lifted at " + text(o, "lifted_at") + " by " + harmless(lifted) + "\n");
}

constexpr const char* columns[] = {"id",       "account", "contact",   "handle",    "how",        "asked_at",
                                   "noted_by", "reason",  "lifted_at", "lifted_by", "lift_reason"};

/// RFC 4180. A field that a spreadsheet would run as a formula is given a quote in front.
std::string csv_field(std::string value) {
    value = harmless(value, true);
    if (!value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos)
        value.insert(0, "'");
    std::string out = "\"";
    for (const char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string as_csv(const json::value& v) {
    std::string out;
    for (const char* c : columns) out += (out.empty() ? "" : ",") + std::string(c);
    out += "\r\n";
    for (const auto& o : v.at("items").as_array()) {
        std::string row;
        for (const std::string_view c : columns) {
            const auto value = c == "contact"  ? text(o, "contact", "id")
                               : c == "handle" ? text(o, "contact", "handle")
                                               : text(o, c);
            row += (row.empty() ? "" : ",") + csv_field(value);
        }
        out += row + "\r\n";
    }
    return out;
}

std::string as_lines(const json::value& v) {
    std::string out;
    for (const auto& o : v.at("items").as_array()) out += json::serialize(o) + "\n";
    return out;
}

int write_out(const opt_out_options& line) {
    command_line plain = line.common;
    plain.as_json = false;  // it is JSON anyway, a line each
    list_options everything;
    everything.all = true;
    return print(plain, listed(line, everything), line.csv ? as_csv : as_lines);
}

int add(const opt_out_options& line) {
    const json::object body{{"account", line.account}, {"contact", line.contact}, {"reason", line.reason}};
    return print(line.common, call(line.common.socket, "POST", std::string(path), body), show_one);
}

int lift(const opt_out_options& line) {
    const json::object body{{"reason", line.reason}};
    const auto target = std::string(path) + "/" + net::percent_encode(line.id) + "/lift";
    return print(line.common, call(line.common.socket, "POST", target, body), show_one);
}

}  // namespace

void add_opt_outs(command app, command_line& common) {
    static opt_out_options line(common);
    auto all = app.add_command("opt-outs", "who asked us to stop").needs_one();
    const auto sub = [&](const char* name, const char* what, int (*run)(const opt_out_options&)) {
        auto s = all.add_command(name, what);
        s.on_named([run] { line.common.run = [run] { return run(line); }; });
        return s;
    };
    const auto with_filter = [](command s) {
        s.add_option("--account", line.account, "only of this account");
        s.add_option("--state", line.state, "in-force, lifted or all").shows_default();
        return s;
    };
    add_list_options(with_filter(sub("list", "as a table, oldest first",
                                     [](const opt_out_options& o) {
                                         return print_list(o.common, listed(o, o.wanted), show_list);
                                     })),
                     line.wanted);
    with_filter(sub("export", "as JSON, one a line, to be kept elsewhere", write_out))
        .add_flag("--csv", line.csv, "as CSV");
    auto adding = sub("add", "note what a contact asked for elsewhere", add);
    adding.add_option("account", line.account, "the account that they know us by").required();
    adding.add_option("contact", line.contact, "their id on the platform, or their handle").required();
    adding.add_option("--reason", line.reason, "how they asked for it").required();
    auto lifting = sub("lift", "the contact asked that we write again", lift);
    lifting.add_option("id", line.id, "the opt-out's number").required();
    lifting.add_option("--reason", line.reason, "how they asked for it").required();
}

}  // namespace kith::cli
