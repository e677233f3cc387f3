// kith queue ...: what waits for a person, and a person's decisions.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct options {
    explicit options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, state = "open", department, text, reason, hash;
    list_options wanted;
};

std::string path_of(const options& line, std::string_view what) {
    return "/api/v1/suggestions/" + net::percent_encode(line.id) + std::string(what);
}

/// What the daemon has now.
result<json::value> current(const options& line) {
    return call(line.common.socket, "GET", path_of(line, ""));
}

/// A write is refused if it is no longer what was seen.
std::vector<std::pair<std::string, std::string>> as_seen(const json::value& now) {
    return {{"If-Match", '"' + std::to_string(now.at("version").as_int64()) + '"'}};
}

int approve(const options& line) {
    json::object body;
    if (line.hash.empty()) {
        const auto now = current(line);
        if (now.has_error()) return print(line.common, now, show_suggestion);
        body["hash"] = now->at("hash");
    } else {
        body["hash"] = line.hash;
    }
    return print(line.common, call(line.common.socket, "POST", path_of(line, "/approve"), body),
                 show_suggestion);
}

int write(const options& line, std::string_view act, std::string_view field, const std::string& value) {
    const auto now = current(line);
    if (now.has_error()) return print(line.common, now, show_suggestion);
    json::object body;
    body[field] = value;
    return print(line.common, call(line.common.socket, "POST", path_of(line, act), body, as_seen(*now)),
                 show_suggestion);
}

int settle(const options& line, bool posted) {
    const auto now = current(line);
    if (now.has_error()) return print(line.common, now, show_suggestion);
    const json::object body{{"posted", posted}};
    return print(line.common, call(line.common.socket, "POST", path_of(line, "/settle"), body, as_seen(*now)),
                 show_suggestion);
}

}  // namespace

void add_queue(CLI::App& app, command_line& common) {
    static options line(common);
    auto* queue = app.add_subcommand("queue", "what waits for a person")->require_subcommand(1);
    auto* list = queue->add_subcommand("list", "the suggestions");
    list->add_option("--state", line.state, "open, unsure, waiting, closed, or a single state")
        ->capture_default_str();
    list->add_option("--department", line.department, "only what this department answers for");
    add_list_options(*list, line.wanted);
    list->callback([&] {
        line.common.run = [&] {
            const auto target = "/api/v1/suggestions?state=" + net::percent_encode(line.state) +
                                "&department=" + net::percent_encode(line.department);
            return print_list(line.common, call_list(line.common.socket, target, line.wanted), show_queue);
        };
    });
    const auto with_id = [&](const char* name, const char* what, std::function<int()> run) {
        auto* sub = queue->add_subcommand(name, what);
        sub->add_option("id", line.id, "the suggestion's number")->required();
        sub->callback([run] { line.common.run = run; });
        return sub;
    };
    with_id("show", "one suggestion, whole",
            [&] { return print(line.common, current(line), show_suggestion); });
    with_id("approve", "yes, send exactly this", [&] {
        return approve(line);
    })->add_option("--hash", line.hash, "approve only if it is still what had this hash");
    with_id("edit", "another text instead; approve it afterwards",
            [&] { return write(line, "/edit", "text", line.text); })
        ->add_option("text", line.text, "the new text")
        ->required();
    with_id("reject", "no", [&] { return write(line, "/reject", "reason", line.reason); })
        ->add_option("--reason", line.reason, "why")
        ->required();
    with_id("posted", "an unsure reply was found on the platform", [&] { return settle(line, true); });
    with_id("not-posted", "an unsure reply was not found on the platform",
            [&] { return settle(line, false); });
}

}  // namespace kith::cli
