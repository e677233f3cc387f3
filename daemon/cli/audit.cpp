// kith audit ...: the audit chain, checked here and not by the daemon that wrote it.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct audit_options {
    explicit audit_options(command_line& c) : common(c) {}
    command_line& common;
    std::string file, head;
    bool details = false;
};

using taker = std::function<void(const audit::entry&)>;

result<void> each_of_daemon(const audit_options& line, bool details, const taker& take) {
    std::string next;
    for (;;) {
        auto target = std::string("/api/v1/audit/entries?limit=200") + (details ? "&details=1" : "");
        if (!next.empty()) target += "&cursor=" + next;
        const auto part = call(line.common.socket, "GET", target);
        if (part.has_error()) return part.error();
        for (const auto& v : part->at("items").as_array()) {
            const auto e = audit::entry_from_json(v);
            if (e.has_error()) return e.error();
            take(*e);
        }
        if (part->at("next").is_null()) return {};
        next = std::string(part->at("next").as_string());
    }
}

result<void> each_of_file(const std::string& path, const taker& take) {
    std::ifstream opened;
    if (path != "-") opened.open(path);
    std::istream& in = path == "-" ? std::cin : opened;
    if (!in) return fail(errc::invalid, "cannot read " + path);
    std::string text;
    for (int number = 1; std::getline(in, text); ++number) {
        if (text.empty()) continue;
        json::error_code ec;
        const auto v = json::parse(text, ec);
        const auto where = path + ":" + std::to_string(number) + ": ";
        if (ec) return fail(errc::invalid, where + "this is not JSON: the file was changed or cut off");
        const auto e = audit::entry_from_json(v);
        if (e.has_error()) return fail(errc::invalid, where + e.error().what);
        take(*e);
    }
    if (in.bad()) return fail(errc::invalid, "cannot read " + path + " to its end");
    return {};
}

std::string show_head(const json::value& h) {
    const auto& o = h.as_object();
    const auto text = [&](std::string_view name) {
        const auto& v = o.at(name);
        return v.is_string() ? harmless(v.get_string()) : std::string("-");
    };
    return std::to_string(o.at("number").as_int64()) + "  " + text("hash") + "  " + text("at") + "\n";
}

std::string show_verified(const json::value& v) {
    const auto& o = v.as_object();
    const auto records = std::to_string(o.at("records").as_int64());
    if (!o.at("whole").as_bool())
        return "the chain is broken: " + harmless(o.at("what").as_string()) + " (" + records +
               " records read)\n";
    auto out = records + " records, the chain is whole";
    if (const auto n = o.at("without_detail").as_int64(); n > 0)
        out += "; " + std::to_string(n) + " without their detail (erased, or not exported)";
    return out + "\nhead: " + show_head(o.at("head"));
}

int verify(const audit_options& line) {
    audit::verifier v(line.head);
    const auto take = [&v](const audit::entry& e) { v.take(e); };
    const auto read = line.file.empty() ? each_of_daemon(line, true, take) : each_of_file(line.file, take);
    if (read.has_error()) return print(line.common, read.error(), show_verified);
    const auto fault = v.finish();
    json::object out{{"whole", !fault.has_value()},
                     {"records", v.entries()},
                     {"without_detail", v.without_detail()},
                     {"head", audit::to_json(v.newest())}};
    if (fault) {
        out["number"] = fault->number;
        out["what"] = fault->what;
    }
    const auto code = print(line.common, json::value(std::move(out)), show_verified);
    return fault ? 2 : code;
}

int write_out(const audit_options& line) {
    const auto done = each_of_daemon(line, line.details, [](const audit::entry& e) {
        std::printf("%s\n", json::serialize(audit::to_json(e)).c_str());
    });
    if (done.has_error()) return print(line.common, done.error(), show_verified);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

void add_audit(command app, command_line& common) {
    static audit_options line(common);
    auto audit = app.add_command("audit", "the chain of all decisions").needs_one();
    auto verifying = audit.add_command("verify", "is it whole? Names the first record that is not");
    verifying.add_option("file", line.file, "an export, instead of the daemon's; - for standard input");
    verifying.add_option("--head", line.head, "a hash that was kept elsewhere: the chain must hold it")
        .check([](const std::string& text) {
            const bool hash =
                text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
            return hash ? "" : "a head is a hash of 64 hex digits: the second word of `kith audit head`";
        });
    verifying.on_named([] { line.common.run = [] { return verify(line); }; });
    auto exporting = audit.add_command("export", "all of it, one JSON object a line");
    exporting.add_flag("--details", line.details, "with what can be erased: also the words of people");
    exporting.on_named([] { line.common.run = [] { return write_out(line); }; });
    audit.add_command("head", "the newest record's number, hash and time: to be kept elsewhere").on_named([] {
        line.common.run = [] {
            return print(line.common, call(line.common.socket, "GET", "/api/v1/audit/head"), show_head);
        };
    });
}

}  // namespace kith::cli
