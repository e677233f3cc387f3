// How the daemon stands.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

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
    const auto q = co_await c.store.counts();
    if (q.has_error()) co_return q.error();
    const auto occasions = co_await c.store.customers().counts();
    if (occasions.has_error()) co_return occasions.error();
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
    out["reinforcement"] =
        json::object{{"customers", occasions->customers}, {"open", occasions->open},
                     {"approved", occasions->approved},   {"delivered", occasions->delivered},
                     {"rejected", occasions->rejected},   {"denied", occasions->denied}};
    out["canaries"] = json::object{{"rate", c.canaries.rate}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_status_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/status", status}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
