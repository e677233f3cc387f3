// The playbooks in use, by id: whose, in which revision, and which of them are stopped.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

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

json::value trace_for(const api_context& c, const std::string& trace, const identity& by) {
    auto out = json::parse(trace);
    if (by.departments.empty()) return out;
    const auto keep = [&](const char* list, auto playbook_of) {
        auto* all = out.as_object().if_contains(list);
        if (!all || !all->is_array()) return;
        json::array theirs;
        for (auto& one : all->get_array())
            if (may_see_playbook(c, playbook_of(one), by)) theirs.push_back(std::move(one));
        *all = std::move(theirs);
    };
    const auto named = [](const json::value& v) { return std::string(v.at("playbook").as_string()); };
    keep("matches", named);
    keep("denied", named);
    keep("left_out", [](const json::value& v) {  // "playbook/reply is ..."
        const std::string_view text = v.as_string();
        return std::string(text.substr(0, text.find('/')));
    });
    return out;
}

void add_playbook_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {{"GET", "/api/v1/playbooks", list_playbooks, role::viewer}};
    add_routes(router, context, routes);
}

}  // namespace kith::console
