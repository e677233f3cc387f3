// Who is signed in.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/people_view.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;
using net::server_response;

/// A request that changes who is signed in: from our own page, with a body.
result<body> asked(const server_request& r) {
    if (!sessions::same_site(r)) return fail(errc::refused, "this request comes from another site");
    return body::of(r);
}

server_response told(api_context& c, const result<entered>& in) {
    if (in.has_error()) return problem_of(in.error());
    const auto* u = c.people.find(in->session.user);
    auto out = answer(json::value(session_view(*u, in->session, c.mails)));
    for (const auto& cookie : in->cookies) out.headers.add("Set-Cookie", cookie);
    return out;
}

awaitable<server_response> who_am_i(api_context& c, server_request r) {
    c.sessions.person(r);  // the page looks in: that is use
    if (const auto* s = c.sessions.find(r))
        co_return answer(json::value(session_view(*c.people.find(s->user), *s, c.mails)));
    co_return problem_of(fail(errc::unauthorised, "this needs a session"));
}

awaitable<server_response> options(api_context& c, server_request) {
    json::object out{{"password", true}, {"oidc", nullptr}, {"needs_setup", !c.door.setup_token().empty()}};
    if (c.oidc) out["oidc"] = json::object{{"name", c.oidc->name()}, {"url", oidc_door::way_there}};
    co_return answer(json::value(std::move(out)));
}

awaitable<server_response> sign_in(api_context& c, server_request r) {
    const auto b = asked(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto login = b->text("login");
    if (login.has_error()) co_return problem_of(login.error());
    const auto password = b->text("password");
    if (password.has_error()) co_return problem_of(password.error());
    const auto in = co_await c.door.sign_in(*login, *password, std::move(r));
    co_return told(c, in);
}

awaitable<server_response> second(api_context& c, server_request r) {
    const auto b = asked(r);
    if (b.has_error()) co_return problem_of(b.error());
    const bool recovers = b->has("recovery_code");
    const auto code = b->text(recovers ? "recovery_code" : "code");
    if (code.has_error()) co_return problem_of(code.error());
    const auto* s = c.sessions.find(r);
    const bool on_the_way = s && s->second == second_factor::needed;
    result<entered> in;
    if (recovers)
        in = co_await c.door.recover(*code, std::move(r));
    else
        in = co_await c.door.second(*code, std::move(r));
    if (on_the_way && in.has_error() && in.error().kind == errc::unauthorised)  // another code may do
        co_return named_problem(401, "second-factor-needed", "Not this code", in.error().what);
    co_return told(c, in);
}

awaitable<server_response> set_up(api_context& c, server_request r) {
    const auto b = asked(r);
    if (b.has_error()) co_return problem_of(b.error());
    std::vector<std::string> fields;
    for (const char* name : {"token", "login", "name", "password"}) {
        auto text = b->text(name);
        if (text.has_error()) co_return problem_of(text.error());
        fields.push_back(std::move(*text));
    }
    const auto in = co_await c.door.set_up(fields[0], fields[1], fields[2], fields[3], std::move(r));
    co_return told(c, in);
}

awaitable<server_response> sign_out(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    if (const auto* s = c.sessions.find(r)) {
        const auto user = s->user;
        const auto done = co_await c.sessions.end(s->id);
        if (done.has_error()) co_return problem_of(done.error());
        c.events.look_again();
        spdlog::info("user {} signed out from {}", user, c.door.address_of(r));
    }
    auto answered = server_response::make(204, "", "");
    answered.headers.add("Set-Cookie", c.sessions.no_cookie());
    answered.headers.add("Clear-Site-Data", "\"cache\", \"storage\"");
    co_return answered;
}

awaitable<server_response> offer_totp(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    auto made = c.door.offer_totp(r);
    if (made.has_error()) co_return problem_of(made.error());
    json::object out{{"secret", made->secret}, {"uri", made->uri}};
    co_return answer(json::value(std::move(out)));
}

awaitable<server_response> confirm_totp(api_context& c, server_request r) {
    const auto b = asked(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto code = b->text("code");
    if (code.has_error()) co_return problem_of(code.error());
    const auto done = co_await c.door.confirm_totp(*code, std::move(r));
    if (done.has_error()) co_return problem_of(done.error());
    c.events.look_again();
    json::array codes(done->recovery_codes.begin(), done->recovery_codes.end());
    json::object out;
    out["recovery_codes"] = std::move(codes);
    auto answered = answer(json::value(std::move(out)));
    for (const auto& cookie : done->in.cookies) answered.headers.add("Set-Cookie", cookie);
    co_return answered;
}

awaitable<server_response> change_password(api_context& c, server_request r) {
    const auto b = asked(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto old = b->text("old");
    if (old.has_error()) co_return problem_of(old.error());
    const auto wanted = b->text("new");
    if (wanted.has_error()) co_return problem_of(wanted.error());
    const auto in = co_await c.door.change_password(*old, *wanted, std::move(r));
    c.events.look_again();
    co_return told(c, in);
}

}  // namespace

void add_session_api(net::http_router& router, api_context& context) {
    using handler = awaitable<server_response> (*)(api_context&, server_request);
    const auto on = [&](const char* method, const char* path, handler h) {
        router.on(method, path, [&context, h](server_request q) { return h(context, std::move(q)); });
    };
    on("GET", "/api/v1/session", who_am_i);
    on("POST", "/api/v1/session", sign_in);
    on("DELETE", "/api/v1/session", sign_out);
    on("GET", "/api/v1/session/options", options);
    on("POST", "/api/v1/session/second", second);
    on("POST", "/api/v1/session/setup", set_up);
    on("POST", "/api/v1/me/totp", offer_totp);
    on("POST", "/api/v1/me/totp/confirm", confirm_totp);
    on("POST", "/api/v1/me/password", change_password);
}

}  // namespace kith::console
