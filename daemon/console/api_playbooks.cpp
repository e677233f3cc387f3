// The playbooks in use, by id: whose, in which revision, and which of them are stopped.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

json::value stop_of(const std::vector<brake>& stopped, const std::string& id) {
    for (const auto& b : stopped)
        if (b.scope == "playbook " + id)
            return json::object{{"by", b.by}, {"reason", b.reason}, {"at", to_rfc3339(b.at, 3)}};
    return nullptr;
}

shown list_playbooks(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    const auto stopped = co_await c.store.brakes().brakes();
    if (stopped.has_error()) co_return stopped.error();
    const auto current = c.rules.current();
    std::vector<keyed_item> items;
    for (const auto& p : current->set().playbooks) {
        if (!may(by, p.owner, {})) continue;
        json::object one{{"id", p.id},
                         {"title", p.title},
                         {"owner", p.owner},
                         {"status", to_string(p.status)},
                         {"revision", p.revision},
                         {"paused", stop_of(*stopped, p.id)}};
        items.push_back({p.id, std::move(one)});
    }
    co_return json::value(part_of(std::move(items), *part));
}

}  // namespace

void add_playbook_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/playbooks", list_playbooks, role::viewer}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
