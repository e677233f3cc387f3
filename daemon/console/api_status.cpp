// How the daemon stands.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/json_values.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"
#include "daemon/console/view_departments.hpp"
#include "daemon/observe/audit_json.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

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

/// Answers that are near or past their review day, and digests that did not arrive.
awaitable<result<void>> add_departments(api_context& c, json::object& out, const identity& by) {
    json::array due, stale, digests;
    for (const auto& a : c.desk.answers(now())) {
        if (!may(by, a.owner, {})) continue;
        if (a.age == answer_age::due) due.push_back(view(a, {}));
        if (a.age == answer_age::stale) stale.push_back(view(a, {}));
    }
    const auto marks = co_await c.store.digests().newest();
    if (marks.has_error()) co_return marks.error();
    for (const auto& [department, line] : *marks) {
        if (line.last_error.empty() || !may(by, department, {})) continue;
        auto v = view(line);
        v["department"] = department;
        digests.push_back(std::move(v));
    }
    out["answers"] = json::object{{"due", std::move(due)}, {"stale", std::move(stale)}};
    out["digests"] = json::object{{"failed", std::move(digests)}};
    co_return result<void>();
}

/// Of what is theirs. Whoever sees all sees every suggestion counted, others the messages.
awaitable<result<queue_counts>> counts_for(api_context& c, const identity& by) {
    if (sees_all(by)) co_return co_await c.store.counts();
    visible_part visible;
    visible.departments = by.departments;
    visible.accounts = by.accounts;
    const auto counted = co_await c.store.queue().counts(std::move(visible));
    if (counted.has_error()) co_return counted.error();
    queue_counts out;
    for (const auto& n : *counted) {
        if (n.state == suggestion_state::open) out.open += n.n;
        if (n.state == suggestion_state::approved) out.approved += n.n;
        if (n.state == suggestion_state::sending) out.sending += n.n;
        if (n.state == suggestion_state::unsure) out.unsure += n.n;
    }
    co_return out;
}

shown status(api_context& c, net::server_request, identity by) {
    json::array accounts;
    for (auto& a : c.accounts) {
        if (!may(by, {}, a.config.id)) continue;
        const auto memory = co_await c.store.remembered(a.config.id);
        if (memory.has_error()) co_return memory.error();
        const auto last = a.inbox->last_event_at() ? a.inbox->last_event_at() : memory->last_message_at;
        json::object v{{"id", a.config.id},
                       {"platform", a.config.platform},
                       {"state", to_string(a.state)},
                       {"since", to_rfc3339(a.since, 3)},
                       {"detail", a.trouble(now())},
                       {"messages", memory->messages},
                       {"gaps", memory->gaps},
                       {"last_event_at", nullptr},
                       {"automation_label", to_string(a.label)}};
        if (last) v["last_event_at"] = to_rfc3339(*last, 3);
        accounts.push_back(std::move(v));
    }
    const auto stopped = co_await c.store.brakes().brakes();
    if (stopped.has_error()) co_return stopped.error();
    const auto q = co_await counts_for(c, by);
    if (q.has_error()) co_return q.error();
    const auto occasions = co_await c.store.customers().counts(by.accounts);
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
    out["packs"] = packs_of(c);
    out["queue"] = json::object{
        {"open", q->open}, {"approved", q->approved}, {"sending", q->sending}, {"unsure", q->unsure}};
    out["stopped"] = view(theirs(c, *stopped, by));
    out["audit"] = json::object{{"shipping", shipping_view(c.shipper)}};
    const auto added = co_await add_departments(c, out, by);
    if (added.has_error()) co_return added.error();
    out["reinforcement"] =
        json::object{{"customers", occasions->customers}, {"open", occasions->open},
                     {"approved", occasions->approved},   {"delivered", occasions->delivered},
                     {"rejected", occasions->rejected},   {"denied", occasions->denied}};
    out["canaries"] = json::object{{"rate", c.canaries.rate}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_status_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/status", status, role::viewer}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
