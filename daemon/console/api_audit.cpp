// The audit chain: its entries and its head. Whoever asks checks it, the kith command does.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// Of people's words in one answer: the next begins where it ends.
constexpr std::size_t most_bytes = 1 << 20;

shown head(api_context& c, server_request, identity) {
    const auto h = co_await c.store.audit().head();
    if (h.has_error()) co_return h.error();
    co_return json::value(audit::to_json(*h));
}

shown entries(api_context& c, server_request r, identity) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const bool details = r.param("details") == "1";
    auto found = co_await c.store.audit().entries(part->after_number(), part->limit + 1, details);
    if (found.has_error()) co_return found.error();
    bool more = cut(*found, *part);
    json::array items;
    std::size_t bytes = 0;
    for (const auto& e : *found) {
        items.push_back(audit::to_json(e));
        if (e.detail) bytes += e.detail->detail.size();
        if (bytes > most_bytes) break;
    }
    more = more || items.size() < found->size();
    const auto last = items.empty() ? std::string() : std::to_string((*found)[items.size() - 1].number);
    co_return json::value(part->answer(std::move(items), last, more));
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
