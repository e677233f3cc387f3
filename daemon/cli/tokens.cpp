// kith token ...: what lets programs act for a person.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct token_options {
    explicit token_options(command_line& c) : common(c) {}
    command_line& common;
    std::string login, name;
    std::vector<std::string> scopes{"read"};
    std::int64_t id = 0;
    int days = 90;
};

std::string path_of(const token_options& line) {
    return "/api/v1/users/" + net::percent_encode(line.login) + "/tokens";
}

std::string show_tokens(const json::value& v) {
    std::vector<std::vector<std::string>> rows{{"id", "name", "scopes", "expires", "last used"}};
    for (const auto& t : list(v, "items")) {
        std::string scopes;
        for (const auto& s : list(t, "scopes"))
            scopes += (scopes.empty() ? "" : " ") + std::string(s.as_string());
        rows.push_back({std::to_string(t.at("id").as_int64()), harmless(at(t, {"name"})), scopes,
                        at(t, {"expires_at"}), at(t, {"used_at"})});
    }
    return rows.size() == 1 ? "none\n" : table(rows);
}

std::string show_made(const json::value& t) {
    return "token " + std::to_string(t.at("id").as_int64()) + ", until " + at(t, {"expires_at"}) +
           ". It is shown this once:\n" + at(t, {"token"}) + "\n";
}

int show_all(const token_options& line) {
    return print(line.common, call(line.common.socket, "GET", path_of(line)), show_tokens);
}

int add(const token_options& line) {
    json::object body{{"name", line.name},
                      {"expires_at", to_rfc3339(now() + std::chrono::hours{24} * line.days, 0)}};
    body["scopes"] = json::array(line.scopes.begin(), line.scopes.end());
    return print(line.common, call(line.common.socket, "POST", path_of(line), body), show_made);
}

int remove(const token_options& line) {
    const auto target = path_of(line) + "/" + std::to_string(line.id);
    return print(line.common, call(line.common.socket, "DELETE", target), show_tokens);
}

}  // namespace

void add_tokens(command app, command_line& common) {
    static token_options line(common);
    auto all = app.add_command("token", "what lets programs act for a person").needs_one();
    const auto sub = [&](const char* name, const char* what, int (*run)(const token_options&)) {
        auto s = all.add_command(name, what);
        s.on_named([run] { line.common.run = [run] { return run(line); }; });
        s.add_option("login", line.login, "whose").required();
        return s;
    };
    sub("list", "a person's tokens", show_all);
    auto adding = sub("add", "make one, and print it: once", add);
    adding.add_option("name", line.name, "what it is for").required();
    adding.add_option("--scope", line.scopes, "read, queue or admin; may be repeated")
        .once_each()
        .shows_default();
    adding.add_option("--days", line.days, "how long it is good: at most 365")
        .between(1, 365)
        .shows_default();
    sub("remove", "from now on it is worth nothing", remove)
        .add_option("id", line.id, "the token's number")
        .required();
}

}  // namespace kith::cli
