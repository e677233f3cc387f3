// How the daemon stands.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

std::string spell_day(std::chrono::year_month_day d) {
    return to_rfc3339(timestamp{std::chrono::sys_days{d}}, 0).substr(0, 10);
}

/// The house's pack, and one for each platform in use: in force, or why not.
json::array packs_of(const api_context& c) {
    const auto packs = c.rules.packs();
    std::vector<std::string> names{"house"};
    for (const auto& a : c.accounts)
        if (std::find(names.begin(), names.end(), a.config.platform) == names.end())
            names.push_back(a.config.platform);
    json::array out;
    for (const auto& name : names) {
        const auto trouble = packs->trouble(name, now());
        json::object v{{"id", name}, {"in_force", trouble.empty()}, {"detail", trouble}};
        if (const auto p = packs->packs.find(name); p != packs->packs.end()) {
            v["title"] = p->second.title;
            v["revision"] = p->second.revision;
            v["checked"] = spell_day(p->second.checked);
            v["expires"] = spell_day(p->second.expires);
            v["rules"] = p->second.rules.size();
        }
        out.push_back(std::move(v));
    }
    return out;
}

std::string_view to_string(automation_label l) {
    switch (l) {
        case automation_label::not_asked:
            return "not asked yet";
        case automation_label::unknown:
            return "unknown";
        case automation_label::absent:
            return "absent";
        case automation_label::present:
            return "present";
    }
    return "unknown";
}

shown status(api_context& c, net::server_request, std::string) {
    json::array accounts;
    for (auto& a : c.accounts) {
        const auto memory = co_await c.store.remembered(a.config.id);
        if (memory.has_error()) co_return memory.error();
        const auto last = a.inbox->last_event_at() ? a.inbox->last_event_at() : memory->last_message_at;
        json::object v{{"id", a.config.id},
                       {"platform", a.config.platform},
                       {"state", to_string(a.state)},
                       {"since", to_rfc3339(a.since, 3)},
                       {"detail", a.detail},
                       {"messages", memory->messages},
                       {"gaps", memory->gaps},
                       {"last_event_at", nullptr},
                       {"automation_label", to_string(a.label)}};
        if (last) v["last_event_at"] = to_rfc3339(*last, 3);
        accounts.push_back(std::move(v));
    }
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
    out["packs"] = packs_of(c);
    out["queue"] = json::object{
        {"open", q->open}, {"approved", q->approved}, {"sending", q->sending}, {"unsure", q->unsure}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_status_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/status", status}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
