// What people settle about themselves: their name and looks, where they are signed in, what acts for them.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/people_view.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// Local users have nothing here, nor have programs.
result<void> must_be_here(const identity& by) {
    if (by.session != 0) return {};
    return fail(errc::refused, "this is for a person who is signed in at the console");
}

/// One of the words, or null for what the browser asks for.
result<std::optional<std::string>> choice(const body& b, std::string_view name,
                                          std::initializer_list<std::string_view> words) {
    std::optional<std::string> out;
    if (!b.has(name)) return out;
    if (b.null(name)) return std::optional<std::string>("");
    auto given = b.text(name);
    if (given.has_value() && std::find(words.begin(), words.end(), *given) != words.end())
        return std::optional<std::string>(std::move(*given));
    std::string known;
    for (const auto word : words) known += "'" + std::string(word) + "', ";
    return fail(errc::invalid, std::string(name) + ": write " + known + "or null");
}

/// What mails are wanted about: each kind once, in the order in which they are listed.
result<std::optional<std::vector<std::string>>> notices_in(const api_context& c, const body& b) {
    std::optional<std::vector<std::string>> out;
    if (!b.has("notify")) return out;
    const auto notify = b.map("notify");
    if (notify.has_error()) return notify.error();
    if (!notify->has("email")) return out;
    const auto given = notify->texts("email");
    if (given.has_error()) return given.error();
    const auto is_given = [&](std::string_view kind) {
        return std::find(given->begin(), given->end(), kind) != given->end();
    };
    std::string known;
    std::vector<std::string> kinds;
    for (const auto kind : mail_kinds) {
        known += (known.empty() ? "" : ", ") + std::string(kind);
        if (is_given(kind)) kinds.emplace_back(kind);
    }
    for (const auto& one : *given)
        if (std::find(kinds.begin(), kinds.end(), one) == kinds.end())
            return fail_field("notify",
                              "there is no kind '" + one.substr(0, 80) + "': write some of " + known);
    if (!kinds.empty() && !c.mails)
        return fail_field("notify", "there is no `mail:` in kith.yaml: nothing could be sent");
    out = std::move(kinds);
    return out;
}

shown change_own(api_context& c, server_request r, identity by) {
    const auto here = must_be_here(by);
    if (here.has_error()) co_return here.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    user_change wanted;
    if (b->has("name")) {
        const auto name = b->text("name");
        if (name.has_error()) co_return name.error();
        const auto good = good_name(*name);
        if (good.has_error()) co_return good.error();
        wanted.name = *name;
    }
    auto language = choice(*b, "language", {"en", "de"});
    if (language.has_error()) co_return language.error();
    wanted.language = std::move(*language);
    auto theme = choice(*b, "theme", {"light", "dark"});
    if (theme.has_error()) co_return theme.error();
    wanted.theme = std::move(*theme);
    if (b->has("email")) {
        auto email = email_in(*b);
        if (email.has_error()) co_return email.error();
        wanted.email = std::move(*email);
    }
    auto about = notices_in(c, *b);
    if (about.has_error()) co_return about.error();
    wanted.mail_about = std::move(*about);
    auto changed = co_await c.store.people().change_user(by.user, c.people.find(by.user)->version,
                                                         std::move(wanted), by.login);
    if (changed.has_error()) co_return changed.error();
    const auto& u = c.people.keep(std::move(*changed));
    const auto* s = c.sessions.find(r);
    if (!s) co_return fail(errc::unauthorised, "this needs a session");
    co_return json::value(session_view(u, *s, c.mails));
}

shown list_sessions(api_context& c, server_request, identity by) {
    json::array items;
    for (const auto& s : c.sessions.of(by.user)) items.push_back(view(s, by.session));
    json::object out{{"next", nullptr}};
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

shown end_session(api_context& c, server_request r, identity by) {
    const auto here = must_be_here(by);
    if (here.has_error()) co_return here.error();
    const auto id = id_of(r, "session");
    if (id.has_error()) co_return id.error();
    const auto mine = c.sessions.of(by.user);
    if (std::none_of(mine.begin(), mine.end(), [&](const auto& s) { return s.id == *id; }))
        co_return fail(errc::not_found, "you have no session " + std::to_string(*id));
    const auto done = co_await c.sessions.end(*id);
    if (done.has_error()) co_return done.error();
    c.events.look_again();
    spdlog::info("user {} ended session {} from {}", by.user, *id, c.door.address_of(r));
    co_return co_await list_sessions(c, std::move(r), std::move(by));
}

json::value token_list(api_context& c, std::int64_t user) {
    json::array items;
    for (const auto& t : c.tokens.of(user)) items.push_back(view(t));
    json::object out{{"next", nullptr}};
    out["items"] = std::move(items);
    return out;
}

shown list_tokens(api_context& c, server_request, identity by) {
    co_return token_list(c, by.user);
}

shown make_token(api_context& c, server_request r, std::int64_t user, std::string by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto name = b->text("name");
    if (name.has_error()) co_return name.error();
    auto scopes = b->texts("scopes");
    if (scopes.has_error()) co_return scopes.error();
    const auto until = b->text("expires_at");
    if (until.has_error()) co_return until.error();
    const auto expires_at = from_rfc3339(*until);
    if (!expires_at) co_return fail(errc::invalid, "expires_at: write a time, such as 2027-03-01T00:00:00Z");
    const auto made =
        co_await c.tokens.add(user, std::move(*name), std::move(*scopes), *expires_at, std::move(by));
    if (made.has_error()) co_return made.error();
    auto out = view(made->first);
    out["token"] = made->second;
    co_return json::value(std::move(out));
}

shown add_token(api_context& c, server_request r, identity by) {
    const auto here = must_be_here(by);
    if (here.has_error()) co_return here.error();
    const auto fresh = c.door.fresh(r);  // it outlives the session
    if (fresh.has_error()) co_return fresh.error();
    co_return co_await make_token(c, std::move(r), by.user, by.login);
}

shown drop_token(api_context& c, server_request r, std::int64_t user, std::string number, std::string by) {
    r.parts.assign(1, std::move(number));
    const auto id = id_of(r, "token");
    if (id.has_error()) co_return id.error();
    const auto* t = c.tokens.find(*id);
    if (!t || t->user != user) co_return fail(errc::not_found, "there is no token " + std::to_string(*id));
    const auto done = co_await c.tokens.remove(*id, std::move(by));
    if (done.has_error()) co_return done.error();
    c.events.look_again();
    co_return token_list(c, user);
}

shown remove_token(api_context& c, server_request r, identity by) {
    const auto here = must_be_here(by);
    if (here.has_error()) co_return here.error();
    auto number = r.parts.at(0);
    co_return co_await drop_token(c, std::move(r), by.user, std::move(number), by.login);
}

/// Of others: whose user has the number or the login in `{id}`.
result<std::int64_t> other(api_context& c, const server_request& r) {
    const auto* u = user_in(c, r.parts.at(0));
    if (!u) return fail(errc::not_found, "there is no user '" + r.parts.at(0) + "'");
    return u->id;
}

shown list_tokens_of(api_context& c, server_request r, identity) {
    const auto user = other(c, r);
    if (user.has_error()) co_return user.error();
    co_return token_list(c, *user);
}

/// Whoever makes a token sees it: for somebody else only root and the group kith do, who could do worse.
shown add_token_of(api_context& c, server_request r, identity by) {
    if (by.user != 0)
        co_return fail(
            errc::refused,
            "people make their own tokens, under Me; for somebody else `kith token add` does, on the"
            " machine");
    const auto user = other(c, r);
    if (user.has_error()) co_return user.error();
    co_return co_await make_token(c, std::move(r), *user, by.login);
}

shown remove_token_of(api_context& c, server_request r, identity by) {
    const auto user = other(c, r);
    if (user.has_error()) co_return user.error();
    auto number = r.parts.at(1);
    co_return co_await drop_token(c, std::move(r), *user, std::move(number), by.login);
}

}  // namespace

void add_me_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"PATCH", "/api/v1/me", change_own, role::viewer},
        {"GET", "/api/v1/me/sessions", list_sessions, role::viewer},
        {"DELETE", "/api/v1/me/sessions/{id}", end_session, role::viewer},
        {"GET", "/api/v1/me/tokens", list_tokens, role::viewer},
        {"POST", "/api/v1/me/tokens", add_token, role::viewer, nullptr, true},
        {"DELETE", "/api/v1/me/tokens/{id}", remove_token, role::viewer},
        {"GET", "/api/v1/users/{id}/tokens", list_tokens_of, role::admin},
        {"POST", "/api/v1/users/{id}/tokens", add_token_of, role::admin, nullptr, true},
        {"DELETE", "/api/v1/users/{id}/tokens/{token}", remove_token_of, role::admin},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
