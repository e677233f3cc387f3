/// kith: the command.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/net/http.hpp"

#include <sodium.h>

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    kith::cli::command_line line;
    kith::cli::arguments arguments("kith: see and decide what kithd suggests, and ask why",
                                   "kith " KITH_VERSION);
    auto app = arguments.top().needs_one();
    app.add_option("--socket", line.socket, "the daemon's socket")
        .or_environment("KITH_SOCKET")
        .shows_default();
    app.add_flag("--json", line.as_json, "JSON instead of text");

    kith::cli::add_queue(app, line);
    kith::cli::add_contact(app, line);
    kith::cli::add_check(app, line);
    kith::cli::add_brakes(app, line);
    kith::cli::add_audit(app, line);
    kith::cli::add_departments(app, line);
    kith::cli::add_questions(app, line);
    kith::cli::add_opt_outs(app, line);
    kith::cli::add_customers(app, line);
    kith::cli::add_canaries(app, line);
    kith::cli::add_users(app, line);
    kith::cli::add_tokens(app, line);
    std::string message;
    auto why = app.add_command("why", "all that happened to a message, and why");
    why.add_option("message", message, "its number, its address on the platform, or its link").required();
    why.on_named([&] {
        line.run = [&] {
            const auto target = "/api/v1/messages/" + kith::net::percent_encode(message);
            return kith::cli::print(line, kith::cli::call(line.socket, "GET", target), kith::cli::show_why);
        };
    });
    app.add_command("status", "accounts, playbooks, queue").on_named([&] {
        line.run = [&] {
            return kith::cli::print(line, kith::cli::call(line.socket, "GET", "/api/v1/status"),
                                    kith::cli::show_status);
        };
    });
    int exit_code = 0;
    return arguments.parse(argc, argv, exit_code) ? line.run() : exit_code;
}
