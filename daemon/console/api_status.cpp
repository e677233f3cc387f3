// How the daemon stands.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

/// Where the audit chain's head goes, and whether it gets there; null where it is not shipped.
json::value shipping_view(const head_shipper& s) {
    if (!s.to().wanted()) return nullptr;
    const auto& now = s.status();
    const auto url = net::url::parse(s.to().url);  // of an address only the host: its path may be a secret
    const auto to = !s.to().file.empty() ? s.to().file : url.has_value() ? url->host_header() : s.to().url;
    json::object out{{"to", to},
                     {"last", nullptr},
                     {"shipped_at", nullptr},
                     {"failures", now.failures},
                     {"error", now.error}};
    if (now.shipped_at) {
        out["last"] = audit::to_json(now.last);
        out["shipped_at"] = to_rfc3339(*now.shipped_at, 3);
    }
    return out;
}

shown status(api_context& c, net::server_request, std::string) {
    json::array accounts;
    for (auto& a : c.accounts) {
        const auto memory = co_await c.store.remembered(a.config.id);
        if (memory.has_error()) co_return memory.error();
        const auto last = a.inbox->last_event_at() ? a.inbox->last_event_at() : memory->last_message_at;
        json::object v{{"id", a.config.id},           {"platform", a.config.platform},
                       {"state", to_string(a.state)}, {"since", to_rfc3339(a.since, 3)},
                       {"detail", a.detail},          {"messages", memory->messages},
                       {"gaps", memory->gaps},        {"last_event_at", nullptr}};
        if (last) v["last_event_at"] = to_rfc3339(*last, 3);
        accounts.push_back(std::move(v));
    }
    const auto stopped = co_await c.store.brakes().brakes();
    if (stopped.has_error()) co_return stopped.error();
    const auto q = co_await c.store.counts();
    if (q.has_error()) co_return q.error();
    const auto current = c.rules.current();
    const auto& all = current->set().playbooks;
    const auto live = std::count_if(all.begin(), all.end(),
                                    [](const playbook& p) { return p.status == playbook_status::live; });
    json::array errors;
    for (const auto& f : c.rules.errors().all()) errors.push_back(json::string(f.text()));
    json::object out;
    out["version"] = KITH_VERSION;
    out["started_at"] = to_rfc3339(c.started_at, 3);
    out["accounts"] = std::move(accounts);
    out["playbooks"] = json::object{{"count", all.size()},
                                    {"live", live},
                                    {"commit", current->set().commit},
                                    {"loaded_at", to_rfc3339(c.rules.loaded_at(), 3)},
                                    {"errors", std::move(errors)}};
    out["queue"] = json::object{
        {"open", q->open}, {"approved", q->approved}, {"sending", q->sending}, {"unsure", q->unsure}};
    out["stopped"] = view(*stopped);
    out["audit"] = json::object{{"shipping", shipping_view(c.shipper)}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_status_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/status", status}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
