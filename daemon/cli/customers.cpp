// kith customers ... and kith fixed: who agreed to be written to as a customer, and what is mended for them.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/config/yaml.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>

#include <cstdio>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct customer_options {
    explicit customer_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, file, message, product, bought_at, zone, reason, what, note;
    list_options wanted;
};

std::string bought(const json::value& c) {
    std::string out;
    for (const auto& p : list(c, "purchases"))
        out +=
            (out.empty() ? "" : ", ") + at(p, {"product"}) + " (" + at(p, {"bought_at"}).substr(0, 10) + ")";
    return out;
}

std::string who(const json::value& c) {
    const auto handle = at(c, {"handle"});
    return handle.empty() ? at(c, {"identity"}) : handle;
}

std::string show_customers(const json::value& v) {
    const auto& items = list(v, "items");
    if (items.empty()) return "nobody: a customer is who agreed to be written to (kith customers import)\n";
    std::vector<std::vector<std::string>> rows{{"id", "account", "who", "bought", "agreed", "how"}};
    for (const auto& c : items)
        rows.push_back({at(c, {"id"}), at(c, {"account"}), shortened(who(c), 24), shortened(bought(c), 40),
                        at(c, {"consent", "at"}).substr(0, 10), shortened(at(c, {"consent", "how"}), 40)});
    return table(rows);
}

std::string show_customer(const json::value& c) {
    std::string out = "customer " + at(c, {"id"}) + ": " + who(c) + " (" + at(c, {"identity"}) + ") on " +
                      at(c, {"account"}) + "\n  agreed at " + at(c, {"consent", "at"}) + ": " +
                      at(c, {"consent", "how"}) + "\n  added by " + at(c, {"added_by"}) + " at " +
                      at(c, {"added_at"}) + "\n";
    if (!at(c, {"zone"}).empty()) out += "  time zone: " + at(c, {"zone"}) + "\n";
    out += "  bought: " + bought(c) + "\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& o : list(c, "occasions"))
        rows.push_back({"  " + at(o, {"state"}), at(o, {"at"}), at(o, {"key"}),
                        "beneath message " + at(o, {"message"}), at(o, {"why"})});
    return rows.empty() ? out : out + "occasions:\n" + table(rows);
}

std::string show_imported(const json::value& v) {
    const auto alone = at(v, {"left_alone"});
    return at(v, {"added"}) + " added, " + at(v, {"updated"}) + " updated" +
           (alone == "0" ? "" : ", " + alone + " left alone: their consent was withdrawn since") + "\n";
}

std::string show_removed(const json::value& v) {
    return "removed; " + at(v, {"withdrawn"}) + " suggestions withdrawn\n";
}

std::string show_fix(const json::value& f) {
    return "fix " + at(f, {"id"}) + " noted: customers who reported it are told, as far as a playbook does\n";
}

/// Like print, with the complaints one a line.
int print_lines(const command_line& line, const result<json::value>& got, printer show) {
    if (got.has_value() || line.as_json) return print(line, got, show);
    std::fprintf(stderr, "%s\n", harmless(got.error().what, true).c_str());
    return 1;
}

int import(const customer_options& line) {
    yaml::findings wrong;
    const auto text = yaml::read_file(line.file, wrong);
    if (!text) {
        std::fprintf(stderr, "%s", harmless(wrong.text(), true).c_str());
        return 2;
    }
    const json::object body{{"file", line.file}, {"csv", *text}};
    return print_lines(line.common, call(line.common.socket, "POST", "/api/v1/customers", body),
                       show_imported);
}

int add(const customer_options& line) {
    json::object body;
    if (!line.product.empty()) body["product"] = line.product;
    if (!line.bought_at.empty()) body["bought_at"] = line.bought_at;
    if (!line.zone.empty()) body["zone"] = line.zone;
    const auto target = "/api/v1/messages/" + net::percent_encode(line.message) + "/customer";
    return print(line.common, call(line.common.socket, "POST", target, body), show_imported);
}

int remove(const customer_options& line) {
    const json::object body{{"reason", line.reason}};
    const auto target = "/api/v1/customers/" + net::percent_encode(line.id) + "/remove";
    return print(line.common, call(line.common.socket, "POST", target, body), show_removed);
}

int fixed(const customer_options& line) {
    const json::object body{{"what", line.what}, {"note", line.note}};
    return print(line.common, call(line.common.socket, "POST", "/api/v1/fixes", body), show_fix);
}

void add_reading(command customers, customer_options& line) {
    auto all = customers.add_command("list", "those whose consent is on record");
    add_list_options(all, line.wanted);
    all.on_named([&line] {
        line.common.run = [&line] {
            const auto got = call_list(line.common.socket, "/api/v1/customers", line.wanted);
            return print_list(line.common, got, show_customers);
        };
    });
    auto show = customers.add_command("show", "one, with the occasions on which they were written to");
    show.add_option("id", line.id, "the customer's number").required();
    show.on_named([&line] {
        line.common.run = [&line] {
            const auto target = "/api/v1/customers/" + net::percent_encode(line.id);
            return print(line.common, call(line.common.socket, "GET", target), show_customer);
        };
    });
}

void add_writing(command customers, customer_options& line) {
    auto in = customers.add_command("import", "customers from a CSV file, all or none");
    in.add_option("file", line.file,
                  "with a first line that names its columns: account, identity or handle, product, "
                  "bought_at, consent_how, consent_at, zone")
        .required();
    in.on_named([&line] { line.common.run = [&line] { return import(line); }; });
    auto one = customers.add_command("add", "the author of a message who agrees to it in that message");
    one.add_option("message", line.message, "its number, its address on the platform, or its link")
        .required();
    one.add_option("--product", line.product, "what they bought");
    one.add_option("--bought-at", line.bought_at, "when, as 2026-11-20");
    one.add_option("--zone", line.zone, "their time zone, as Europe/Berlin");
    one.on_named([&line] { line.common.run = [&line] { return add(line); }; });
    auto out = customers.add_command("remove", "their consent ends now");
    out.add_option("id", line.id, "the customer's number").required();
    out.add_option("--reason", line.reason, "why").required();
    out.on_named([&line] { line.common.run = [&line] { return remove(line); }; });
}

}  // namespace

void add_customers(command app, command_line& common) {
    static customer_options line(common);
    auto customers = app.add_command("customers", "who agreed to be written to as a customer");
    customers.needs_one();
    add_reading(customers, line);
    add_writing(customers, line);
    auto fix = app.add_command("fixed", "what was reported is mended");
    fix.add_option("what", line.what, "the playbook that hears such reports, or the message that is one")
        .required();
    fix.add_option("--note", line.note, "what is mended, for the reviewers").required();
    fix.on_named([] { line.common.run = [] { return fixed(line); }; });
}

}  // namespace kith::cli
