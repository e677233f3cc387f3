// The audit chain: its entries and its head. Whoever asks checks it, the kith command does.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

constexpr std::int64_t most_at_once = 1000;
/// Of people's words in one answer: the next begins where it ends.
constexpr std::size_t most_bytes = 1 << 20;

std::int64_t number_in(const server_request& r, std::string_view name, std::int64_t otherwise) {
    const std::string text(r.param(name));
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc{} && end == text.data() + text.size() && value >= 0 ? value : otherwise;
}

shown head(api_context& c, server_request, identity) {
    const auto h = co_await c.store.audit().head();
    if (h.has_error()) co_return h.error();
    co_return json::value(audit::to_json(*h));
}

shown entries(api_context& c, server_request r, identity) {
    const auto after = number_in(r, "after", 0);
    const auto most = std::min(number_in(r, "most", most_at_once), most_at_once);
    const bool details = r.param("details") == "1";
    const auto found = co_await c.store.audit().entries(after, static_cast<std::size_t>(most), details);
    if (found.has_error()) co_return found.error();
    json::array items;
    std::size_t bytes = 0;
    for (const auto& e : *found) {
        items.push_back(audit::to_json(e));
        if (e.detail) bytes += e.detail->detail.size();
        if (bytes > most_bytes) break;
    }
    json::object out;
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

}  // namespace

void add_audit_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/audit/head", head, role::admin},
        {"GET", "/api/v1/audit/entries", entries, role::admin},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
