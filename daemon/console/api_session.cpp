// Who is signed in, and live events for them.
#include "daemon/async/first_of.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/people_view.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

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
    auto out = answer(json::value(session_view(*u, in->session)));
    for (const auto& cookie : in->cookies) out.headers.add("Set-Cookie", cookie);
    return out;
}

awaitable<server_response> who_am_i(api_context& c, server_request r) {
    c.sessions.person(r);  // the page looks in: that is use
    if (const auto* s = c.sessions.find(r))
        co_return answer(json::value(session_view(*c.people.find(s->user), *s)));
    co_return problem_of(fail(errc::unauthorised, "this needs a session"));
}

awaitable<server_response> options(api_context& c, server_request) {
    json::object out{{"password", true}, {"oidc", nullptr}, {"needs_setup", !c.door.setup_token().empty()}};
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
    if (b->has("recovery_code")) {
        const auto code = b->text("recovery_code");
        if (code.has_error()) co_return problem_of(code.error());
        const auto in = co_await c.door.recover(*code, std::move(r));
        co_return told(c, in);
    }
    const auto code = b->text("code");
    if (code.has_error()) co_return problem_of(code.error());
    const auto in = co_await c.door.second(*code, std::move(r));
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
        const auto done = co_await c.sessions.end(s->id);
        if (done.has_error()) co_return problem_of(done.error());
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
    co_return told(c, in);
}

/// Reading is what notices that the page has gone; what it says is not listened to.
awaitable<void> until_gone(net::websocket& socket) {
    for (;;) {
        const auto said = co_await socket.read();
        if (said.has_error()) co_return;
    }
}

/// How soon a page whose session ended is shown out.
constexpr std::chrono::seconds look_again{5};

/// Numbered news for one page, as long as whoever opened it may see them. The page fetches what the news is
/// about; after a reconnect it fetches all.
awaitable<void> tell_news(api_context& c, server_request r, net::websocket& socket) {
    auto& from = c.live;
    bell ring(co_await asio::this_coro::executor);
    std::deque<live::news> waiting;
    const live::subscription listening(from, [&](const live::news& n) {
        waiting.push_back(n);
        ring.ring();
    });
    json::object hello{{"type", "hello"}, {"seq", from.last()}};
    auto sent = co_await socket.write(json::serialize(hello));
    while (sent.has_value()) {
        if (!c.sessions.still(r)) {
            co_await socket.close(net::close_code::signed_out, "the session is over");
            co_return;
        }
        if (waiting.empty()) {
            co_await ring.wait(look_again);
            continue;
        }
        const auto n = waiting.front();
        waiting.pop_front();
        json::object about{{"type", "suggestion"},
                           {"seq", n.number},
                           {"id", n.what.suggestion_id},
                           {"state", to_string(n.what.state)}};
        sent = co_await socket.write(json::serialize(about));
    }
}

awaitable<void> events(api_context& c, server_request r, net::websocket& socket) {
    auto news = tell_news(c, std::move(r), socket);
    auto gone = until_gone(socket);
    co_await first_of(std::move(news), std::move(gone));
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

    const auto may = [&context](const server_request& q) -> std::optional<server_response> {
        const auto who = admitted(context, q, role::viewer);
        if (who.has_error()) return who.error();
        const auto origin = q.headers.find("origin");  // browsers always send it here
        const auto start = origin ? origin->find("://") : std::string_view::npos;
        if (origin && (start == std::string_view::npos || origin->substr(start + 3) != q.headers.get("host")))
            return problem_of(fail(errc::refused, "this page belongs to another site"));
        return std::nullopt;
    };
    router.on_websocket(
        "/api/v1/events", may, {}, "kith.events.1",
        [&context](server_request q, net::websocket& s) { return events(context, std::move(q), s); });
}

}  // namespace kith::console
