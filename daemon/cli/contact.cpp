// kith contact ...: who they are, where they stand and why; merging and forgetting.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show_contact.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct contact_options {
    explicit contact_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, other, reason, stage, account, zone;
    list_options wanted;
};

std::string path_of(const contact_options& line, std::string_view what) {
    return "/api/v1/contacts/" + net::percent_encode(line.id) + std::string(what);
}

int get(const contact_options& line, std::string_view what, printer show) {
    return print(line.common, call(line.common.socket, "GET", path_of(line, what)), show);
}

int post(const contact_options& line, std::string_view what, const json::object& body, printer show) {
    return print(line.common, call(line.common.socket, "POST", path_of(line, what), body), show);
}

int list_all(const contact_options& line) {
    const auto target = "/api/v1/contacts?stage=" + net::percent_encode(line.stage) +
                        "&account=" + net::percent_encode(line.account);
    return print_list(line.common, call_list(line.common.socket, target, line.wanted), show_contacts);
}

int set_zone(const contact_options& line) {
    return post(line, "/zone", json::object{{"zone", line.zone}}, show_contact);
}

std::string as_json(const json::value& v) {
    return json::serialize(v) + "\n";
}

}  // namespace

void add_contact(command app, command_line& common) {
    static contact_options line(common);
    auto contact = app.add_command("contact", "people who write, and where they stand").needs_one();
    const auto add = [&](const char* name, const char* what, std::function<int()> run) {
        auto sub = contact.add_command(name, what);
        sub.on_named([run] { line.common.run = run; });
        return sub;
    };
    const auto with_id = [&](const char* name, const char* what, std::function<int()> run) {
        auto sub = add(name, what, std::move(run));
        sub.add_option("contact", line.id, "the contact's number, handle, or identity on the platform")
            .required();
        return sub;
    };
    auto all = add("list", "the contacts, newest first", [] { return list_all(line); });
    all.add_option("--stage", line.stage, "only those who stand there");
    all.add_option("--account", line.account, "only those of this account");
    add_list_options(all, line.wanted);
    with_id("show", "identities and stages", [] { return get(line, "", show_contact); });
    with_id("explain", "the way along the stages, with the evidence of each step",
            [] { return get(line, "", show_path); });
    with_id("export", "all that is on record of a contact, as JSON",
            [] { return get(line, "/export", as_json); });
    with_id("forget", "remove every word of and about a contact; cannot be undone",
            [] { return post(line, "/forget", json::object{}, show_forgotten); });
    auto merge = with_id("merge", "two contacts are one person", [] {
        return post(line, "/merge", json::object{{"other", line.other}, {"reason", line.reason}},
                    show_contact);
    });
    merge.add_option("other", line.other, "the contact who becomes part of the first").required();
    merge.add_option("--reason", line.reason, "how you know").required();
    auto split = add("split", "an identity is another person after all", [] {
        return post(line, "/split", json::object{{"reason", line.reason}}, show_contact);
    });
    split.add_option("identity", line.id, "the identity's number, as `kith contact show` has it").required();
    split.add_option("--reason", line.reason, "how you know").required();
    auto zone = with_id("zone", "the time zone that a contact lives in", [] { return set_zone(line); });
    zone.add_option("zone", line.zone, "such as Europe/Berlin; '' if it is unknown").required();
}

}  // namespace kith::cli
