// Accounts as administrators see them, the packs, and reading the rules again.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/figures.hpp"
#include "daemon/console/json_values.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

constexpr std::chrono::hours gaps_of{24 * 30};

json::value maybe(const std::optional<timestamp>& t) {
    return t ? json::value(to_rfc3339(*t, 3)) : json::value(nullptr);
}

json::array budgets_view(const std::vector<budget_standing>& all) {
    json::array out;
    for (const auto& b : all)
        out.push_back({{"what", b.what},
                       {"left", b.left ? json::value(*b.left) : json::value(nullptr)},
                       {"full_at", maybe(b.full_at)},
                       {"held", b.held}});
    return out;
}

std::string_view word_of(automation_label l) {
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

stats_filter of_one(const std::string& account, timestamp at) {
    stats_filter f;
    f.borders = {at - gaps_of, at};
    f.accounts = {account};
    return f;
}

awaitable<result<json::object>> account_view(api_context& c, account& a) {
    const auto at = now();
    const auto memory = co_await c.store.remembered(a.config.id);
    if (memory.has_error()) co_return memory.error();
    const auto stopped = co_await c.store.brakes().brakes();
    if (stopped.has_error()) co_return stopped.error();
    const auto last = a.inbox->last_event_at() ? a.inbox->last_event_at() : memory->last_message_at;
    const auto trouble = c.rules.packs()->trouble(a.config.platform, at);
    json::value paused = nullptr;
    for (const auto& b : *stopped)
        if (b.scope == "all" || b.scope == "account " + a.config.id)
            paused = json::object{{"by", b.by}, {"reason", b.reason}, {"at", to_rfc3339(b.at, 3)}};
    json::object out{{"id", a.config.id},
                     {"platform", a.config.platform},
                     {"state", to_string(a.state)},
                     {"since", to_rfc3339(a.since, 3)},
                     {"detail", a.trouble(now())},
                     {"last_event_at", maybe(last)},
                     {"messages", memory->messages},
                     {"gaps", memory->gaps},
                     {"automation_label", word_of(a.label)},
                     {"budgets", budgets_view(a.platform->budgets(at))},
                     {"paused", std::move(paused)},
                     {"packs", trouble.empty() ? json::value(nullptr) : json::value(trouble)}};
    co_return out;
}

shown list_accounts(api_context& c, server_request, identity by) {
    json::array items;
    for (auto& a : c.accounts) {
        if (!may(by, "", a.config.id)) continue;
        auto v = co_await account_view(c, a);
        if (v.has_error()) co_return v.error();
        items.push_back(std::move(*v));
    }
    json::object out;
    out["items"] = std::move(items);
    out["next"] = nullptr;
    co_return json::value(std::move(out));
}

result<account*> named(api_context& c, const server_request& r, const identity& by) {
    auto* a = find_account(c, r.parts.at(0));
    if (!a || !may(by, "", a->config.id))
        return fail(errc::not_found, "there is no account '" + r.parts.at(0).substr(0, 80) + "'");
    return a;
}

/// With the last thirty days: how it stood, and what it did not hear.
shown one_account(api_context& c, server_request r, identity by) {
    const auto a = named(c, r, by);
    if (a.has_error()) co_return a.error();
    auto out = co_await account_view(c, **a);
    if (out.has_error()) co_return out.error();
    const auto wanted = of_one((*a)->config.id, now());
    const auto gaps = co_await c.store.stats().gaps(wanted);
    if (gaps.has_error()) co_return gaps.error();
    const auto intervals = co_await account_intervals(c, wanted);
    if (intervals.has_error()) co_return intervals.error();
    json::array missed, states;
    for (const auto& g : *gaps)
        missed.push_back({{"from", to_rfc3339(g.from, 3)}, {"to", to_rfc3339(g.to, 3)}, {"cause", g.cause}});
    for (const auto& i : *intervals)
        states.push_back({{"state", i.state},
                          {"detail", i.detail},
                          {"from", to_rfc3339(i.from, 3)},
                          {"to", to_rfc3339(i.to, 3)}});
    (*out)["recent_gaps"] = std::move(missed);
    (*out)["recent_states"] = std::move(states);
    co_return json::value(std::move(*out));
}

shown reconnect(api_context& c, server_request r, identity by) {
    const auto a = named(c, r, by);
    if (a.has_error()) co_return a.error();
    spdlog::info("{} has {} reconnect", by.login, (*a)->config.id);
    (*a)->to_reconnect.ring();
    auto out = co_await account_view(c, **a);
    if (out.has_error()) co_return out.error();
    co_return json::value(std::move(*out));
}

std::string_view word_of(rule::consequence c) {
    return c == rule::consequence::deny ? "deny" : c == rule::consequence::second ? "second" : "wait";
}

json::object pack_view(const pack& p, timestamp at) {
    json::array rules;
    for (const auto& r : p.rules)
        rules.push_back({{"id", r.id},
                         {"then", word_of(r.then)},
                         {"why", r.why},
                         {"source", r.source},
                         {"date", r.date}});
    const auto left = std::chrono::sys_days{p.expires} - std::chrono::floor<std::chrono::days>(at);
    return {{"title", p.title},
            {"source", p.source},
            {"revision", p.revision},
            {"checked", spell_day(p.checked)},
            {"expires", spell_day(p.expires)},
            {"days_left", left.count()},
            {"rules", std::move(rules)}};
}

/// Each pack that is there or needed: in force, or why not.
json::array packs_view(const api_context& c) {
    const auto packs = c.rules.packs();
    const auto at = now();
    std::vector<std::string> names{"house"};
    for (const auto& a : c.accounts) names.push_back(a.config.platform);
    for (const auto& [name, p] : packs->packs) names.push_back(name);
    for (const auto& [name, why] : packs->broken) names.push_back(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    json::array out;
    for (const auto& name : names) {
        const auto trouble = packs->trouble(name, at);
        json::object v{{"id", name},
                       {"in_force", trouble.empty()},
                       {"detail", trouble.empty() ? json::value(nullptr) : json::value(trouble)},
                       {"pack", nullptr}};
        if (const auto p = packs->packs.find(name); p != packs->packs.end())
            v["pack"] = pack_view(p->second, at);
        out.push_back(std::move(v));
    }
    return out;
}

shown packs(api_context& c, server_request, identity) {
    json::object out;
    out["items"] = packs_view(c);
    out["next"] = nullptr;
    co_return json::value(std::move(out));
}

json::array errors_of(const yaml::findings& all) {
    json::array out;
    for (const auto& f : all.all())
        out.push_back({{"file", f.file},
                       {"line", f.at.line},
                       {"column", f.at.column},
                       {"what", f.what},
                       {"mend", f.mend}});
    return out;
}

/// What is wrong is no failure of the request: it is what was asked for.
shown reload(api_context& c, server_request, identity by) {
    const auto done = co_await c.reload();
    spdlog::info("{} had the playbooks and packs read again", by.login);
    const auto& set = c.rules.current()->set();
    auto errors = errors_of(c.rules.errors());
    if (done.has_error() && errors.empty())
        errors.push_back(
            {{"file", ""}, {"line", 0}, {"column", 0}, {"what", done.error().what}, {"mend", ""}});
    json::object out{{"reloaded", done.has_value()},
                     {"playbooks", json::object{{"count", set.playbooks.size()},
                                                {"commit", set.commit},
                                                {"loaded_at", to_rfc3339(c.rules.loaded_at(), 3)}}},
                     {"errors", std::move(errors)}};
    co_return json::value(std::move(out));
}

}  // namespace

void add_account_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/accounts", list_accounts, role::viewer},
        {"GET", "/api/v1/accounts/{id}", one_account, role::viewer},
        {"POST", "/api/v1/accounts/{id}/reconnect", reconnect, role::admin},
        {"GET", "/api/v1/packs", packs, role::viewer},
        {"POST", "/api/v1/reload", reload, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
