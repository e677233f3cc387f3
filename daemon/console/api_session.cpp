// Who is signed in.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;
using net::server_response;

awaitable<server_response> who_am_i(api_context& c, server_request r) {
    auto who = c.sessions.person(r);
    if (!who) co_return problem_of(fail(errc::unauthorised, "this needs a session"));
    json::object out{{"user", who->login}};
    co_return answer(json::value(std::move(out)));
}

awaitable<server_response> sign_in(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    const auto b = body::of(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto password = b->text("password");
    if (password.has_error()) co_return problem_of(password.error());
    auto cookie = co_await c.sessions.sign_in(*password, r.from.address);
    if (cookie.has_error()) co_return problem_of(cookie.error());
    json::object out{{"user", "operator"}};
    auto answered = answer(json::value(std::move(out)));
    answered.headers.add("Set-Cookie", std::move(*cookie));
    co_return answered;
}

awaitable<server_response> set_up(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    const auto b = body::of(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto token = b->text("token");
    if (token.has_error()) co_return problem_of(token.error());
    const auto password = b->text("password");
    if (password.has_error()) co_return problem_of(password.error());
    const auto done = co_await c.sessions.set_up(*token, *password);
    if (done.has_error()) co_return problem_of(done.error());
    co_return co_await sign_in(c, std::move(r));
}

awaitable<server_response> sign_out(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    auto answered = server_response::make(204, "", "");
    answered.headers.add("Set-Cookie", c.sessions.sign_out(r));
    c.events.look_again();
    co_return answered;
}

}  // namespace

void add_session_api(net::http_router& router, api_context& context) {
    router.on("GET", "/api/v1/session",
              [&context](server_request q) { return who_am_i(context, std::move(q)); });
    router.on("POST", "/api/v1/session",
              [&context](server_request q) { return sign_in(context, std::move(q)); });
    router.on("DELETE", "/api/v1/session",
              [&context](server_request q) { return sign_out(context, std::move(q)); });
    router.on("POST", "/api/v1/session/setup",
              [&context](server_request q) { return set_up(context, std::move(q)); });
}

}  // namespace kith::console
