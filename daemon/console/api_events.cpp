// Live events, over one WebSocket a page.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <spdlog/spdlog.h>

#include <charconv>

namespace kith::console {

namespace {

using net::server_request;
using net::server_response;

/// More than a page says, less than harms.
net::websocket_limits limits() {
    net::websocket_limits out;
    out.message_bytes = 4 << 10;
    out.queued_bytes = 256 << 10;
    return out;
}

std::optional<server_response> refused(api_context& c, const server_request& q) {
    if (const auto who = admitted(c, q, role::viewer); who.has_error()) return who.error();
    const auto origin = q.headers.find("origin");  // browsers always send it here
    const auto start = origin ? origin->find("://") : std::string_view::npos;
    if (origin && (start == std::string_view::npos || origin->substr(start + 3) != q.headers.get("host"))) {
        spdlog::info("refused with 403: GET /api/v1/events, from another site, from {}",
                     c.door.address_of(q));
        return problem_of(fail(errc::refused, "this page belongs to another site"));
    }
    return std::nullopt;
}

awaitable<void> events(api_context& c, server_request r, net::websocket& page) {
    const auto written = r.param("after");
    std::uint64_t after = 0;
    const auto [end, ec] = std::from_chars(written.data(), written.data() + written.size(), after);
    const bool known = ec == std::errc{} && end == written.data() + written.size();
    auto boot = known ? r.param("boot") : std::string();
    auto who = [&c, q = std::move(r)] { return c.sessions.still(q); };
    co_await c.events.serve(page, std::move(who), std::move(boot), after);
}

}  // namespace

void add_event_api(net::http_router& router, api_context& context) {
    const auto may = [&context](const server_request& q) { return refused(context, q); };
    router.on_websocket(
        "/api/v1/events", may, limits(), "kith.events.1",
        [&context](server_request q, net::websocket& s) { return events(context, std::move(q), s); });
}

}  // namespace kith::console
