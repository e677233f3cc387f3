// kith user ...: who may use the console.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct user_options {
    explicit user_options(command_line& c) : common(c) {}
    command_line& common;
    std::string login, name, email, role;
    std::vector<std::string> departments, accounts;
    bool all_departments = false, all_accounts = false;
};

std::string path_of(const user_options& line) {
    return "/api/v1/users/" + net::percent_encode(line.login);
}

/// "all", or the ids.
std::string ids(const json::value& u, std::string_view field) {
    std::string out;
    for (const auto& id : list(u, field))
        out += (out.empty() ? "" : ", ") + harmless(std::string(id.as_string()));
    return out.empty() ? "all" : out;
}

std::string standing(const json::value& u) {
    if (u.at("disabled").as_bool()) return "disabled";
    if (!u.at("password_set").as_bool()) return "invited";
    return u.at("second_factor_set").as_bool() ? "active" : "no second factor yet";
}

std::string show_users(const json::value& v) {
    std::vector<std::vector<std::string>> rows{
        {"login", "name", "role", "departments", "accounts", "state", "signed in"}};
    for (const auto& u : list(v, "items"))
        rows.push_back({harmless(at(u, {"login"})), harmless(at(u, {"name"})), at(u, {"role"}),
                        ids(u, "departments"), ids(u, "accounts"), standing(u), at(u, {"signed_in_at"})});
    return rows.size() == 1 ? "nobody yet: open the set-up link, or `kith user add`\n" : table(rows);
}

std::string show_user(const json::value& u) {
    auto out = harmless(at(u, {"login"})) + ": " + harmless(at(u, {"name"})) + ", " + at(u, {"role"}) + ", " +
               standing(u) + "\n  departments: " + ids(u, "departments") +
               "\n  accounts: " + ids(u, "accounts") + "\n";
    if (const auto email = at(u, {"email"}); !email.empty()) out += "  email: " + harmless(email) + "\n";
    if (const auto issuer = at(u, {"oidc", "issuer"}); !issuer.empty())
        out += "  single sign-on: " + harmless(issuer) + "\n";
    if (const auto link = at(u, {"setup_url"}); !link.empty())
        out +=
            "  for " + harmless(at(u, {"login"})) + " alone, good once and for three days:\n  " + link + "\n";
    return out;
}

json::array to_json(const std::vector<std::string>& all) {
    json::array out(all.begin(), all.end());
    return out;
}

/// What the options name; the others stay as they are.
json::object wanted(const user_options& line) {
    json::object out;
    if (!line.name.empty()) out["name"] = line.name;
    if (!line.email.empty()) out["email"] = line.email;
    if (!line.role.empty()) out["role"] = line.role;
    if (!line.departments.empty() || line.all_departments) out["departments"] = to_json(line.departments);
    if (!line.accounts.empty() || line.all_accounts) out["accounts"] = to_json(line.accounts);
    return out;
}

int show_all(const user_options& line) {
    return print(line.common, call(line.common.socket, "GET", "/api/v1/users"), show_users);
}

int show_one(const user_options& line) {
    return print(line.common, call(line.common.socket, "GET", path_of(line)), show_user);
}

int add(const user_options& line) {
    auto body = wanted(line);
    body["login"] = line.login;
    return print(line.common, call(line.common.socket, "POST", "/api/v1/users", body), show_user);
}

int reset(const user_options& line) {
    const json::object nothing;
    return print(line.common, call(line.common.socket, "POST", path_of(line) + "/reset", nothing), show_user);
}

int unlink(const user_options& line) {
    return print(line.common, call(line.common.socket, "DELETE", path_of(line) + "/oidc"), show_user);
}

int change(const user_options& line, const json::object& body) {
    const auto now_is = call(line.common.socket, "GET", path_of(line));
    if (now_is.has_error()) return print(line.common, now_is, show_user);
    const auto tag = "\"" + std::to_string(now_is->at("version").as_int64()) + "\"";
    return print(line.common, call(line.common.socket, "PATCH", path_of(line), body, {{"If-Match", tag}}),
                 show_user);
}

int set(const user_options& line) {
    return change(line, wanted(line));
}

int disable(const user_options& line) {
    return change(line, json::object{{"disabled", true}});
}

int enable(const user_options& line) {
    return change(line, json::object{{"disabled", false}});
}

}  // namespace

void add_users(command app, command_line& common) {
    static user_options line(common);
    auto all = app.add_command("user", "who may use the console").needs_one();
    const auto sub = [&](const char* name, const char* what, int (*run)(const user_options&),
                         bool of_one = true) {
        auto s = all.add_command(name, what);
        s.on_named([run] { line.common.run = [run] { return run(line); }; });
        if (of_one) s.add_option("login", line.login, "whom").required();
        return s;
    };
    const auto with_fields = [](command s) {
        s.add_option("--name", line.name, "as others see it");
        s.add_option("--email", line.email, "where notices go");
        s.add_option("--department", line.departments, "sees only this one; may be repeated").once_each();
        s.add_option("--account", line.accounts, "sees only this one; may be repeated").once_each();
        return s.add_option("--role", line.role, "viewer, drafter, approver, lead or admin");
    };
    sub("list", "everybody, and what they may do", show_all, false);
    sub("show", "one of them", show_one);
    with_fields(sub("add", "invite somebody: prints the link with which they set their password", add))
        .required();
    auto setting = sub("set", "change what the options name", set);
    with_fields(setting);
    setting.add_flag("--all-departments", line.all_departments, "sees every department");
    setting.add_flag("--all-accounts", line.all_accounts, "sees every account");
    sub("disable", "end their sessions, and let them in no more", disable);
    sub("enable", "let them in again", enable);
    sub("unlink", "end their single sign-on, and their sessions; they keep the password", unlink);
    sub("reset",
        "take password, second factor, single sign-on, sessions and tokens away, and print a new link",
        reset);
}

}  // namespace kith::cli
