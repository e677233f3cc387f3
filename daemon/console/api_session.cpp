// Who is signed in, and live events for them.
#include "daemon/async/first_of.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/serialize.hpp>

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
    co_return answered;
}

/// Reading is what notices that the page has gone; what it says is not listened to.
awaitable<void> until_gone(net::websocket& socket) {
    for (;;) {
        const auto said = co_await socket.read();
        if (said.has_error()) co_return;
    }
}

/// Numbered news for one page. The page fetches what the news is about; after a reconnect it fetches all.
awaitable<void> tell_news(live& from, net::websocket& socket) {
    bell ring(co_await asio::this_coro::executor);
    std::deque<live::news> waiting;
    const live::subscription listening(from, [&](const live::news& n) {
        waiting.push_back(n);
        ring.ring();
    });
    json::object hello{{"type", "hello"}, {"seq", from.last()}};
    auto sent = co_await socket.write(json::serialize(hello));
    while (sent.has_value()) {
        if (waiting.empty()) {
            co_await ring.wait(std::chrono::minutes{1});
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

awaitable<void> events(api_context& c, net::websocket& socket) {
    auto news = tell_news(c.live, socket);
    auto gone = until_gone(socket);
    co_await first_of(std::move(news), std::move(gone));
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

    const auto may = [&context](const server_request& q) -> std::optional<server_response> {
        if (!context.sessions.person(q)) return problem_of(fail(errc::unauthorised, "this needs a session"));
        const auto origin = q.headers.find("origin");  // browsers always send it here
        const auto start = origin ? origin->find("://") : std::string_view::npos;
        if (origin && (start == std::string_view::npos || origin->substr(start + 3) != q.headers.get("host")))
            return problem_of(fail(errc::refused, "this page belongs to another site"));
        return std::nullopt;
    };
    router.on_websocket("/api/v1/events", may, {}, "kith.events.1",
                        [&context](server_request, net::websocket& s) { return events(context, s); });
}

}  // namespace kith::console
