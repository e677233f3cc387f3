// Signing in by an OpenID provider's word, and linking to it.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/people_view.hpp"
#include "daemon/console/routes.hpp"

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;
using net::server_response;

/// With GET, whatever the browser was asked with.
server_response go_to(std::string where) {
    auto out = server_response::make(303, "", "");
    out.headers.add("Location", std::move(where));
    out.headers.add("Cache-Control", "no-store");
    out.headers.add("Referrer-Policy", "no-referrer");
    return out;
}

server_response there_is_none() {
    return problem_of(fail(errc::not_found, "kith.yaml names no OpenID provider (sign_in: oidc)"));
}

/// A click on our page, or the address typed: no other site begins a sign-in.
bool is_own_wish(const server_request& r) {
    const auto site = r.headers.find("sec-fetch-site");
    return r.method == "GET" && (!site || *site == "same-origin" || *site == "none");
}

awaitable<server_response> start(api_context& c, server_request r) {
    if (!c.oidc) co_return there_is_none();
    if (!is_own_wish(r)) co_return go_to("/console");
    const auto sent = co_await c.oidc->leave(std::move(r), 0);
    if (sent.has_error()) co_return go_to("/console?oidc=unavailable");
    auto out = go_to(sent->url);
    out.headers.add("Set-Cookie", sent->cookie);
    co_return out;
}

/// The session's cookie is Strict, and this answers a request that began at another site. The page that
/// follows needs no cookie, and what it asks for comes from our own site.
awaitable<server_response> callback(api_context& c, server_request r) {
    if (!c.oidc) co_return there_is_none();
    if (r.method != "GET") co_return go_to("/console");
    const auto arrived = co_await c.oidc->come_back(std::move(r));
    auto out = go_to(arrived.to);
    for (const auto& cookie : arrived.cookies) out.headers.add("Set-Cookie", cookie);
    co_return out;
}

/// Where the page sends the browser to.
awaitable<server_response> begin_link(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    const auto s = c.door.fresh(r);
    if (s.has_error()) co_return problem_of(s.error());
    if (!c.oidc) co_return there_is_none();
    if (c.people.find(s->user)->linked_at)
        co_return problem_of(fail(errc::conflict, "you are linked already: unlink that first"));
    const auto sent = co_await c.oidc->leave(std::move(r), s->user);
    if (sent.has_error()) co_return problem_of(sent.error());
    json::object said{{"url", sent->url}};
    auto out = answer(json::value(std::move(said)));
    out.headers.add("Set-Cookie", sent->cookie);
    co_return out;
}

shown unlink(api_context& c, server_request r, identity by) {
    if (by.session == 0)
        co_return fail(errc::refused, "this is for a person who is signed in at the console");
    auto done = co_await c.store.people().unlink(by.user, by.session, by.login);
    if (done.has_error()) co_return done.error();
    const auto& u = c.people.keep(std::move(*done));
    c.sessions.forget_user(u.id, by.session);
    c.events.look_again();
    const auto* s = c.sessions.find(r);
    if (!s) co_return fail(errc::unauthorised, "this needs a session");
    co_return json::value(session_view(u, *s, c.mails));
}

shown unlink_other(api_context& c, server_request r, identity by) {
    const auto* found = user_in(c, r.parts.at(0));
    if (!found) co_return fail(errc::not_found, "there is no user '" + r.parts.at(0) + "'");
    const std::int64_t keep = by.user == found->id ? by.session : 0;
    auto done = co_await c.store.people().unlink(found->id, keep, by.login);
    if (done.has_error()) co_return done.error();
    const auto& u = c.people.keep(std::move(*done));
    c.sessions.forget_user(u.id, keep);
    c.events.look_again();
    co_return json::value(view(u));
}

}  // namespace

void add_oidc_api(net::http_router& router, api_context& context) {
    using handler = awaitable<server_response> (*)(api_context&, server_request);
    const auto on = [&](const char* method, const char* path, handler h) {
        router.on(method, path, [&context, h](server_request q) { return h(context, std::move(q)); });
    };
    on("GET", "/api/v1/session/oidc/start", start);
    on("GET", "/api/v1/session/oidc/callback", callback);
    on("POST", "/api/v1/me/oidc", begin_link);
    static constexpr route routes[] = {
        {"DELETE", "/api/v1/me/oidc", unlink, role::viewer},
        {"DELETE", "/api/v1/users/{id}/oidc", unlink_other, role::admin},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
