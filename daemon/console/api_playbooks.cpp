// The playbooks in use, by id: whose, in which revision, and which of them are stopped.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>

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

bool may_see_playbook(const api_context& c, const std::string& id, const identity& by) {
    const auto current = c.rules.current();
    const auto* p = current->set().find(id);
    return p ? may(by, p->owner, {}) : by.departments.empty();
}

bool may_see_line(const api_context& c, const record_line& line, const std::set<std::int64_t>& hidden,
                  const identity& by) {
    if (hidden.contains(line.suggestion_id)) return false;
    if (by.departments.empty()) return true;
    if (!hidden.empty() && line.act.starts_with("canary ")) return false;  // maybe in the place of one
    constexpr std::string_view names = "playbook ";
    if (line.suggestion_id != 0 || !line.detail.starts_with(names)) return true;
    const auto end = line.detail.find(' ', names.size());
    return may_see_playbook(c, line.detail.substr(names.size(), end - names.size()), by);
}

json::value trace_for(const api_context& c, const std::string& trace, const identity& by) {
    auto out = json::parse(trace);
    if (by.departments.empty()) return out;
    const auto keep = [&](const char* list, auto is_theirs) {
        auto* all = out.as_object().if_contains(list);
        if (!all || !all->is_array()) return;
        json::array theirs;
        for (auto& one : all->get_array())
            if (is_theirs(one)) theirs.push_back(std::move(one));
        *all = std::move(theirs);
    };
    const auto named = [](const json::value& v) { return std::string(v.at("playbook").as_string()); };
    std::set<std::string> hidden;
    keep("matches", [&](const json::value& v) {
        const bool theirs = may_see_playbook(c, named(v), by);
        if (!theirs) hidden.insert(named(v));
        return theirs;
    });
    keep("denied", [&](const json::value& v) { return !hidden.contains(named(v)); });
    keep("left_out", [&](const json::value& v) {  // "playbook/reply is ...", or why nothing was looked at
        const std::string_view text = v.as_string();
        return !hidden.contains(std::string(text.substr(0, text.find('/'))));
    });
    return out;
}

void add_playbook_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/playbooks", list_playbooks, role::viewer}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
