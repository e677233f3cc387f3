// kith stop, kith resume: the brakes.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"

#include <boost/json/object.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct brake_options {
    explicit brake_options(command_line& c) : common(c) {}
    command_line& common;
    std::string what, id, reason;
};

int send(const brake_options& line, const std::string& act) {
    json::object body{{"what", line.what}, {"reason", line.reason}};
    if (!line.id.empty()) body["id"] = line.id;
    return print(line.common, call(line.common.socket, "POST", "/api/v1/brakes/" + act, body), show_brakes);
}

}  // namespace

void add_brakes(command app, command_line& common) {
    static brake_options line(common);
    const auto add = [&app](const char* name, const char* about) {
        auto sub = app.add_command(name, about);
        sub.add_option("what", line.what, "all, account or playbook")
            .required()
            .one_of({"all", "account", "playbook"});
        sub.add_option("id", line.id, "which account or playbook");
        sub.on_named([name] {
            if ((line.what == "all") != line.id.empty())
                refuse(line.what == "all" ? "'all' takes no id" : "name the " + line.what + ": its id");
            line.common.run = [name] { return send(line, name); };
        });
        return sub.add_option("--reason", line.reason, "why, for those who find it so");
    };
    add("stop", "send nothing more, at once: all, account ID or playbook ID").required();
    add("resume", "take up again what was stopped");
}

}  // namespace kith::cli
