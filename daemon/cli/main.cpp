/// kith: the command. Exit codes: 0 done; 1 the daemon refused or does not answer; 2 wrong arguments or findings.
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <functional>

#include "daemon/cli/client.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/match/matcher.hpp"
#include "daemon/net/http.hpp"

namespace {

namespace json = boost::json;
using kith::result;

struct command_line {
    std::string socket = "/run/kith/kith.sock";
    bool as_json = false;
    std::string id, state = "open", text, reason, folder;
    std::string hash;
    std::function<int()> run;
};

using printer = std::string (*)(const json::value&);

int print(const command_line& line, const result<json::value>& got, printer show) {
    if (got.has_error()) {
        if (line.as_json) {
            const json::object o{{"error", to_string(got.error().kind)}, {"detail", got.error().what}};
            std::printf("%s\n", json::serialize(o).c_str());
        }
        std::fprintf(stderr, "kith: %s\n", kith::cli::harmless(got.error().what).c_str());
        return 1;
    }
    std::printf("%s", line.as_json ? (json::serialize(*got) + "\n").c_str() : show(*got).c_str());
    return 0;
}

std::string path_of(const command_line& line, std::string_view what) {
    return "/api/v1/suggestions/" + kith::net::percent_encode(line.id) + std::string(what);
}

/// What the daemon has now: its version guards a write against a change in between.
result<json::value> current(const command_line& line) { return kith::cli::call(line.socket, "GET", path_of(line, "")); }

int approve(const command_line& line) {
    json::object body;
    if (line.hash.empty()) {
        const auto now = current(line);
        if (now.has_error()) return print(line, now, kith::cli::show_suggestion);
        body["hash"] = now->at("hash");
    } else {
        body["hash"] = line.hash;
    }
    return print(line, kith::cli::call(line.socket, "POST", path_of(line, "/approve"), body), kith::cli::show_suggestion);
}

int write(const command_line& line, std::string_view act, std::string_view field, const std::string& value) {
    const auto now = current(line);
    if (now.has_error()) return print(line, now, kith::cli::show_suggestion);
    json::object body{{"version", now->at("version")}};
    body[field] = value;
    return print(line, kith::cli::call(line.socket, "POST", path_of(line, act), body), kith::cli::show_suggestion);
}

int settle(const command_line& line, bool posted) {
    const auto now = current(line);
    if (now.has_error()) return print(line, now, kith::cli::show_suggestion);
    const json::object body{{"version", now->at("version")}, {"posted", posted}};
    return print(line, kith::cli::call(line.socket, "POST", path_of(line, "/settle"), body), kith::cli::show_suggestion);
}

/// Needs no daemon and has no credentials: reads, compiles and tests the playbooks in a folder.
int check(const command_line& line) {
    kith::yaml::findings found;
    auto set = kith::load_playbooks(line.folder, found);
    const auto count = set.playbooks.size(), answers = set.answers.size();
    std::size_t tests = 0;
    for (const auto& p : set.playbooks) tests += p.tests.size();
    if (found.empty())
        if (const auto compiled = kith::compile(std::move(set), found)) kith::run_tests(*compiled, "en", found);
    if (line.as_json) {
        json::array all;
        for (const auto& f : found.all())
            all.push_back({{"file", f.file}, {"line", f.at.line}, {"column", f.at.column}, {"what", f.what}, {"mend", f.mend}});
        const json::object o{{"playbooks", count}, {"answers", answers}, {"tests", tests}, {"findings", std::move(all)}};
        std::printf("%s\n", json::serialize(o).c_str());
    } else if (found.empty()) {
        std::printf("%zu playbooks and %zu answers are in order, %zu tests pass\n", count, answers, tests);
    } else {
        std::printf("%s\n", found.text().c_str());
    }
    return found.empty() ? 0 : 2;
}

void add_queue(CLI::App& app, command_line& line) {
    auto* queue = app.add_subcommand("queue", "what waits for a person")->require_subcommand(1);
    auto* list = queue->add_subcommand("list", "the suggestions");
    list->add_option("--state", line.state, "open, unsure, waiting, closed, or a single state")->capture_default_str();
    list->callback([&] {
        line.run = [&] {
            const auto target = "/api/v1/suggestions?state=" + kith::net::percent_encode(line.state);
            return print(line, kith::cli::call(line.socket, "GET", target), kith::cli::show_queue);
        };
    });
    const auto with_id = [&](const char* name, const char* what, std::function<int()> run) {
        auto* sub = queue->add_subcommand(name, what);
        sub->add_option("id", line.id, "the suggestion's number")->required();
        sub->callback([&line, run] { line.run = run; });
        return sub;
    };
    with_id("show", "one suggestion, whole", [&] { return print(line, current(line), kith::cli::show_suggestion); });
    with_id("approve", "yes, send exactly this", [&] { return approve(line); })
        ->add_option("--hash", line.hash, "approve only if it is still what had this hash");
    with_id("edit", "another text instead; approve it afterwards", [&] { return write(line, "/edit", "text", line.text); })
        ->add_option("text", line.text, "the new text")->required();
    with_id("reject", "no", [&] { return write(line, "/reject", "reason", line.reason); })
        ->add_option("--reason", line.reason, "why")->required();
    with_id("posted", "an unsure reply was found on the platform", [&] { return settle(line, true); });
    with_id("not-posted", "an unsure reply was not found on the platform", [&] { return settle(line, false); });
}

}  // namespace

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    command_line line;
    CLI::App app{"kith: see and decide what kithd suggests, and ask why"};
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--socket", line.socket, "the daemon's socket")->envname("KITH_SOCKET")->capture_default_str();
    app.add_flag("--json", line.as_json, "JSON instead of text");
    app.set_version_flag("--version", "kith " KITH_VERSION);

    add_queue(app, line);
    auto* why = app.add_subcommand("why", "all that happened to a message, and why");
    why->add_option("message", line.id, "its number, its address on the platform, or its link")->required();
    why->callback([&] {
        line.run = [&] {
            const auto target = "/api/v1/messages/" + kith::net::percent_encode(line.id);
            return print(line, kith::cli::call(line.socket, "GET", target), kith::cli::show_why);
        };
    });
    auto* checking = app.add_subcommand("check", "check a folder of playbooks; needs no daemon");
    checking->add_option("playbooks", line.folder, "the folder")->required();
    checking->callback([&] { line.run = [&] { return check(line); }; });
    app.add_subcommand("status", "accounts, playbooks, queue")->callback([&] {
        line.run = [&] { return print(line, kith::cli::call(line.socket, "GET", "/api/v1/status"), kith::cli::show_status); };
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    return line.run();
}
