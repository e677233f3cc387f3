// kith canaries: how many of the drafts that are wrong on purpose were caught, and by whom.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"

#include <cmath>

namespace kith::cli {

namespace json = boost::json;

namespace {

std::string percent(const json::value& v, std::string_view key) {
    const auto* found = v.as_object().if_contains(key);
    return found && found->is_number() ? std::to_string(std::lround(found->to_number<double>() * 100)) + "%"
                                       : "";
}

void add_rows(const json::value& v, std::string_view of, std::string_view name,
              std::vector<std::vector<std::string>>& rows) {
    for (const auto& one : list(v, of))
        rows.push_back({std::string(name), at(one, {name}), at(one, {"shown"}), at(one, {"caught"}),
                        at(one, {"missed"}), percent(one, "rate")});
}

}  // namespace

std::string show_canaries(const json::value& v) {
    std::string out = "rate: " + percent(v, "rate") + " of the messages with a suggestion; " +
                      at(v, {"open"}) + " waiting\n";
    std::vector<std::vector<std::string>> rows{{"", "", "decided", "caught", "missed", "caught of all"}};
    add_rows(v, "people", "person", rows);
    add_rows(v, "departments", "department", rows);
    add_rows(v, "faults", "fault", rows);
    return rows.size() == 1 ? out + "none was decided yet\n" : out + table(rows);
}

void add_canaries(command app, command_line& common) {
    static command_line& line = common;
    app.add_command("canaries", "drafts that are wrong on purpose: who caught them").on_named([] {
        line.run = [] { return print(line, call(line.socket, "GET", "/api/v1/canaries"), show_canaries); };
    });
}

}  // namespace kith::cli
