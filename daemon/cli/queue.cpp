// kith queue ...: what waits for a person, and a person's decisions.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct queue_options {
    explicit queue_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, state = "open", department, text, reason, hash, until, to, note;
    bool drop = false, despite_claim = false;
    list_options wanted;
};

std::string path_of(const queue_options& line, std::string_view what) {
    return "/api/v1/suggestions/" + net::percent_encode(line.id) + std::string(what);
}

/// What the daemon has now.
result<json::value> current(const queue_options& line) {
    return call(line.common.socket, "GET", path_of(line, ""));
}

/// A write is refused if it is no longer what was seen.
std::vector<std::pair<std::string, std::string>> as_seen(const json::value& now) {
    return {{"If-Match", '"' + std::to_string(now.at("version").as_int64()) + '"'}};
}

int approve(const queue_options& line) {
    json::object body;
    if (line.hash.empty()) {
        const auto now = current(line);
        if (now.has_error()) return print(line.common, now, show_suggestion);
        body["hash"] = now->at("hash");
    } else {
        body["hash"] = line.hash;
    }
    if (line.despite_claim) body["despite_claim"] = true;
    return print(line.common, call(line.common.socket, "POST", path_of(line, "/approve"), body),
                 show_suggestion);
}

int write(const queue_options& line, std::string_view act, std::string_view field, const std::string& value) {
    const auto now = current(line);
    if (now.has_error()) return print(line.common, now, show_suggestion);
    json::object body;
    body[field] = value;
    return print(line.common, call(line.common.socket, "POST", path_of(line, act), body, as_seen(*now)),
                 show_suggestion);
}

/// With the version that is there now, as the console sends what it shows.
int act(const queue_options& line, std::string_view what, const json::object& body) {
    const auto now = current(line);
    if (now.has_error()) return print(line.common, now, show_suggestion);
    const auto seen = '"' + std::to_string(now->at("version").to_number<std::int64_t>()) + '"';
    return print(line.common,
                 call(line.common.socket, "POST", path_of(line, what), body, {{"If-Match", seen}}),
                 show_suggestion);
}

int snooze(const queue_options& line) {
    json::object body{{"until", nullptr}};
    if (!line.until.empty()) body["until"] = line.until;
    return act(line, "/snooze", body);
}

/// To "@support", the department; to "jo", the person; to nobody.
int assign(const queue_options& line) {
    json::object body;
    if (line.to.starts_with('@'))
        body["department"] = line.to.substr(1);
    else if (!line.to.empty())
        body["login"] = line.to;
    return act(line, "/assign", body);
}

int claim(const queue_options& line) {
    const auto done = call(line.common.socket, line.drop ? "DELETE" : "POST", path_of(line, "/claim"));
    return print(line.common, done, show_claim);
}

int settle(const queue_options& line, bool posted) {
    const auto now = current(line);
    if (now.has_error()) return print(line.common, now, show_suggestion);
    const json::object body{{"posted", posted}};
    return print(line.common, call(line.common.socket, "POST", path_of(line, "/settle"), body, as_seen(*now)),
                 show_suggestion);
}

}  // namespace

void add_queue(command app, command_line& common) {
    static queue_options line(common);
    auto queue = app.add_command("queue", "what waits for a person").needs_one();
    auto list = queue.add_command("list", "the suggestions");
    list.add_option("--state", line.state, "open, unsure, waiting, closed, or a single state")
        .shows_default();
    list.add_option("--department", line.department, "only what this department answers for");
    add_list_options(list, line.wanted);
    list.on_named([&] {
        line.common.run = [&] {
            const auto target = "/api/v1/suggestions?state=" + net::percent_encode(line.state) +
                                "&department=" + net::percent_encode(line.department);
            return print_list(line.common, call_list(line.common.socket, target, line.wanted), show_queue);
        };
    });
    const auto with_id = [&](const char* name, const char* what, std::function<int()> run) {
        auto sub = queue.add_command(name, what);
        sub.add_option("id", line.id, "the suggestion's number").required();
        sub.on_named([run] { line.common.run = run; });
        return sub;
    };
    with_id("show", "one suggestion, whole",
            [&] { return print(line.common, current(line), show_suggestion); });
    auto approving = with_id("approve", "yes, send exactly this", [&] { return approve(line); });
    approving.add_option("--hash", line.hash, "approve only if it is still what had this hash");
    approving.add_flag("--despite-claim", line.despite_claim, "although somebody else is deciding on it");
    with_id("edit", "another text instead; approve it afterwards",
            [&] { return write(line, "/edit", "text", line.text); })
        .add_option("text", line.text, "the new text")
        .required();
    with_id("reject", "no", [&] { return write(line, "/reject", "reason", line.reason); })
        .add_option("--reason", line.reason, "why")
        .required();
    with_id("snooze", "out of sight for a while; without --until: awake again", [&] {
        return snooze(line);
    }).add_option("--until", line.until, "a time such as 2026-11-30T09:00:00Z");
    with_id("assign", "give it to a person or a department; without --to: to nobody", [&] {
        return assign(line);
    }).add_option("--to", line.to, "a login, or @department");
    with_id("handled", "somebody saw to it elsewhere: no reply is sent", [&] {
        return act(line, "/handled", json::object{{"note", line.note}});
    }).add_option("--note", line.note, "how");
    with_id("undo", "take an approval back, before it is sent", [&] { return act(line, "/undo", {}); });
    with_id("claim", "tell others for a minute that you are deciding on it", [&] {
        return claim(line);
    }).add_flag("--drop", line.drop, "give it back");
    with_id("posted", "an unsure reply was found on the platform", [&] { return settle(line, true); });
    with_id("not-posted", "an unsure reply was not found on the platform",
            [&] { return settle(line, false); });
}

}  // namespace kith::cli
