/// What the parts of the command share. Exit codes: 0 done; 1 the daemon refused or does not answer; 2 wrong
/// arguments or findings.
#pragma once

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/client.hpp"
#include "daemon/model/error.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <string>

namespace kith::cli {

struct command_line {
    std::string socket = "/run/kith/kith.sock";
    bool as_json = false;
    std::function<int()> run;  ///< what the words on the line asked for
};

/// Makes text of what the daemon answered.
using printer = std::string (*)(const boost::json::value&);

/// `--limit` and `--all` for a command that lists.
void add_list_options(command sub, list_options& wanted);
/// Prints a list as `print` does; says on standard error that there is more, if there is.
int print_list(const command_line& line, const result<boost::json::value>& got, printer show);

/// Prints what came, as text or as it is; an error goes to standard error. Returns the exit code.
int print(const command_line& line, const result<boost::json::value>& got, printer show);

// Each adds its subcommands; its options live as long as the program.
void add_queue(command app, command_line& line);
void add_check(command app, command_line& line);
void add_contact(command app, command_line& line);
void add_brakes(command app, command_line& line);
void add_audit(command app, command_line& line);
void add_departments(command app, command_line& line);
void add_questions(command app, command_line& line);
void add_opt_outs(command app, command_line& line);
void add_customers(command app, command_line& line);
void add_canaries(command app, command_line& line);
void add_users(command app, command_line& line);
void add_tokens(command app, command_line& line);

}  // namespace kith::cli
