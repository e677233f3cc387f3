// Who may use the console, and what they may do there.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/people_view.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

const user* user_in(api_context& c, const std::string& number_or_login) {
    std::int64_t id = 0;
    const char* end = number_or_login.data() + number_or_login.size();
    const auto [at, ec] = std::from_chars(number_or_login.data(), end, id);
    return ec == std::errc{} && at == end ? c.people.find(id) : c.people.by_login(number_or_login);
}

result<std::string> email_in(const body& b) {
    constexpr std::size_t longest = 254;  // RFC 5321, 4.5.3.1.3
    if (b.null("email")) return std::string{};
    auto text = b.text("email");
    if (text.has_error() || text->empty()) return text;
    const auto at = text->find('@');
    const bool odd = std::any_of(text->begin(), text->end(), [](unsigned char ch) {
        return ch <= ' ' || ch >= 127 || ch == '<' || ch == '>' || ch == ',';
    });
    if (odd || at == 0 || at == std::string::npos || at + 1 == text->size() || text->size() > longest)
        return fail_field("email", "write an address such as ann@example.com, or nothing");
    return text;
}

namespace {

using net::server_request;

error nobody(const server_request& r) {
    return fail(errc::not_found, "there is no user '" + r.parts.at(0) + "'");
}

/// Of what somebody may see, what the one who asks may see too. Nothing: they have none in common.
std::optional<std::vector<std::string>> in_common(const std::vector<std::string>& theirs,
                                                  const std::vector<std::string>& mine) {
    if (theirs.empty() || mine.empty()) return theirs;
    std::vector<std::string> out;
    for (const auto& one : theirs)
        if (std::find(mine.begin(), mine.end(), one) != mine.end()) out.push_back(one);
    return out.empty() ? std::nullopt : std::optional(std::move(out));
}

/// Approvers see whom they can assign to, admins all.
shown list_users(api_context& c, server_request, identity by) {
    json::array items;
    for (const auto& [id, u] : c.people.all()) {
        if (by.role == role::admin) {
            items.push_back(view(u));
            continue;
        }
        auto departments = in_common(u.departments, by.departments);
        auto accounts = in_common(u.accounts, by.accounts);
        if (!departments || !accounts) continue;
        auto as_seen = u;
        as_seen.departments = std::move(*departments);
        as_seen.accounts = std::move(*accounts);
        items.push_back(brief(as_seen));
    }
    json::object out{{"next", nullptr}};
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

shown one_user(api_context& c, server_request r, identity) {
    const auto* u = user_in(c, r.parts.at(0));
    if (!u) co_return nobody(r);
    co_return json::value(view(*u));
}

result<role> role_in(const body& b) {
    const auto name = b.text("role");
    if (name.has_error()) return name.error();
    const auto found = role_from(*name);
    if (!found) return fail(errc::invalid, "role: write viewer, drafter, approver, lead or admin");
    return *found;
}

/// Ids that exist: a typing error must not hide everything from somebody.
template <class Known>
result<std::vector<std::string>> ids_in(const body& b, std::string_view field, std::string_view what,
                                        Known known) {
    auto all = b.texts(field);
    if (all.has_error()) return all;
    for (const auto& id : *all)
        if (!known(id))
            return fail(errc::invalid, std::string(field) + ": there is no " + std::string(what) + " '" +
                                           id.substr(0, 80) + "'");
    return all;
}

/// What of a user the body names; the others stay.
result<user_change> change_in(api_context& c, const body& b) {
    user_change out;
    if (b.has("name")) {
        auto name = b.text("name");
        if (name.has_error()) return name.error();
        const auto good = good_name(*name);
        if (good.has_error()) return good.error();
        out.name = std::move(*name);
    }
    if (b.has("email")) {
        auto email = email_in(b);
        if (email.has_error()) return email.error();
        out.email = std::move(*email);
    }
    if (b.has("role")) {
        const auto given = role_in(b);
        if (given.has_error()) return given.error();
        out.role = *given;
    }
    if (b.has("departments")) {
        auto ids = ids_in(b, "departments", "department",
                          [&](const std::string& id) { return c.desk.find(id).has_value(); });
        if (ids.has_error()) return ids.error();
        out.departments = std::move(*ids);
    }
    if (b.has("accounts")) {
        auto ids = ids_in(b, "accounts", "account",
                          [&](const std::string& id) { return find_account(c, id) != nullptr; });
        if (ids.has_error()) return ids.error();
        out.accounts = std::move(*ids);
    }
    if (b.has("disabled")) {
        const auto off = b.flag("disabled");
        if (off.has_error()) return off.error();
        out.disabled = *off;
    }
    return out;
}

/// The user, and the link with which they set their password: it is shown this once.
json::value with_link(api_context& c, const user& u, const std::string& token) {
    auto out = view(u);
    out["setup_url"] = c.public_url + "/console/setup#" + token;
    return out;
}

shown add_user(api_context& c, server_request r, identity by) {
    const auto program = must_be_no_program(by);
    if (program.has_error()) co_return program.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    user u;
    auto login = b->text("login");
    if (login.has_error()) co_return login.error();
    u.login = std::move(*login);
    const auto given = change_in(c, *b);
    if (given.has_error()) co_return given.error();
    if (!given->role) co_return fail(errc::invalid, "role: write viewer, drafter, approver, lead or admin");
    u.name = given->name.value_or(u.login);
    u.email = given->email.value_or("");
    u.role = *given->role;
    u.departments = given->departments.value_or(std::vector<std::string>{});
    u.accounts = given->accounts.value_or(std::vector<std::string>{});
    const auto made = co_await c.door.add(std::move(u), by.login);
    if (made.has_error()) co_return made.error();
    co_return with_link(c, made->first, made->second);
}

shown reset(api_context& c, server_request r, identity by) {
    const auto program = must_be_no_program(by);
    if (program.has_error()) co_return program.error();
    const auto* u = user_in(c, r.parts.at(0));
    if (!u) co_return nobody(r);
    const auto made = co_await c.door.reset(u->id, by.login);
    if (made.has_error()) co_return made.error();
    c.events.look_again();
    co_return with_link(c, made->first, made->second);
}

/// Told by what the caller saw: two admins must not undo each other's work unseen.
shown change_user(api_context& c, server_request r, identity by) {
    const auto program = must_be_no_program(by);
    if (program.has_error()) co_return program.error();
    const auto* u = user_in(c, r.parts.at(0));
    if (!u) co_return nobody(r);
    const auto seen = if_match(r);
    if (seen.has_error()) co_return seen.error();
    const auto newest = must_be_newest(*seen, u->version, u->login);
    if (newest.has_error()) co_return newest.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto wanted = change_in(c, *b);
    if (wanted.has_error()) co_return wanted.error();
    auto changed = co_await c.store.people().change_user(u->id, *seen, std::move(*wanted), by.login);
    if (changed.has_error()) co_return changed.error();
    const auto& now_is = c.people.keep(std::move(*changed));
    if (now_is.disabled) c.sessions.forget_user(now_is.id);
    c.events.look_again();  // they may see more or less from now on, or nothing
    co_return json::value(view(now_is));
}

}  // namespace

void add_user_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/users", list_users, role::approver},
        {"POST", "/api/v1/users", add_user, role::admin, nullptr, true},
        {"GET", "/api/v1/users/{id}", one_user, role::admin},
        {"PATCH", "/api/v1/users/{id}", change_user, role::admin, one_user},
        {"POST", "/api/v1/users/{id}/reset", reset, role::admin, nullptr, true},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
