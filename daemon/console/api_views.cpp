// Filters of the queue that people keep, for themselves or for a department.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/item_view.hpp"
#include "daemon/console/queue_view.hpp"
#include "daemon/console/routes.hpp"

#include <algorithm>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

constexpr std::size_t most_name = 100, most_query = 2'000, most_views = 100;

bool mine(const saved_view& v, const identity& who) {
    return v.department.empty() ? v.owner == who.login : may(who, v.department, {});
}

/// Programs keep no views, and a department's is changed by whoever may decide in it.
result<void> may_change(const identity& who, const std::string& department) {
    if (who.session == 0 && who.user != 0) return fail(errc::refused, "views are for who is signed in");
    if (department.empty() || who.role >= role::approver) return {};
    return fail(errc::refused, "a department's views need the role approver");
}

/// The view as it is written in the request.
result<saved_view> read(const api_context& c, const server_request& r, const identity& who) {
    const auto b = body::of(r);
    if (b.has_error()) return b.error();
    const auto name = b->text("name");
    if (name.has_error()) return name.error();
    if (name->empty() || name->size() > most_name) return fail_field("name", "use 1 to 100 bytes");
    const auto query = b->text("query");
    if (query.has_error()) return query.error();
    if (query->size() > most_query) return fail_field("query", "at most 2000 bytes");
    const auto department = b->maybe_text("department");
    if (department.has_error()) return department.error();
    saved_view out;
    out.name = *name;
    out.query = *query;
    out.department = department->value_or("");
    out.owner = who.login;
    const auto able = may_change(who, out.department);
    if (able.has_error()) return able.error();
    if (out.department.empty()) return out;
    if (!may(who, out.department, {}) || !c.desk.find(out.department))
        return fail_field("department", "there is no department '" + out.department + "'");
    return out;
}

shown list_views(api_context& c, server_request, identity who) {
    const auto all = co_await c.store.queue().views(who.login, visible_to(who));
    if (all.has_error()) co_return all.error();
    json::array items;
    for (const auto& v : *all) items.push_back(view(v));
    json::object out{{"next", nullptr}};
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

awaitable<result<saved_view>> find(api_context& c, const server_request& r, const identity& who) {
    const auto id = id_of(r, "view");
    if (id.has_error()) co_return id.error();
    auto found = co_await c.store.queue().find_view(*id);
    if (found.has_value() && !mine(*found, who))
        co_return fail(errc::not_found, "there is no view " + std::to_string(*id));
    co_return found;
}

shown one_view(api_context& c, server_request r, identity who) {
    const auto v = co_await find(c, r, who);
    if (v.has_error()) co_return v.error();
    co_return json::value(view(*v));
}

shown add_view(api_context& c, server_request r, identity who) {
    auto wanted = read(c, r, who);
    if (wanted.has_error()) co_return wanted.error();
    const auto all = co_await c.store.queue().views(who.login, visible_to(who));
    if (all.has_error()) co_return all.error();
    const auto own =
        std::count_if(all->begin(), all->end(), [&](const auto& v) { return v.owner == who.login; });
    if (static_cast<std::size_t>(own) >= most_views)
        co_return fail(errc::conflict, "one person has at most 100 views: remove one first");
    const auto made = co_await c.store.queue().add_view(std::move(*wanted));
    if (made.has_error()) co_return made.error();
    co_return json::value(view(*made));
}

shown change_one(api_context& c, server_request r, identity who) {
    const auto before = co_await find(c, r, who);
    if (before.has_error()) co_return before.error();
    const auto able = may_change(who, before->department);
    if (able.has_error()) co_return able.error();
    const auto version = if_match(r);
    if (version.has_error()) co_return version.error();
    auto wanted = read(c, r, who);
    if (wanted.has_error()) co_return wanted.error();
    if (!before->department.empty() && wanted->department.empty())
        co_return fail_field("department", "a department's view stays a department's: save one of your own");
    wanted->id = before->id;
    wanted->version = *version;
    const auto made = co_await c.store.queue().change_view(std::move(*wanted));
    if (made.has_error()) co_return made.error();
    co_return json::value(view(*made));
}

shown remove_view(api_context& c, server_request r, identity who) {
    const auto v = co_await find(c, r, who);
    if (v.has_error()) co_return v.error();
    const auto able = may_change(who, v->department);
    if (able.has_error()) co_return able.error();
    const auto version = if_match(r);
    if (version.has_error()) co_return version.error();
    const auto done = co_await c.store.queue().remove_view(v->id, *version);
    if (done.has_error()) co_return done.error();
    co_return json::value(json::object{});
}

}  // namespace

void add_view_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/views", list_views, role::viewer},
        {"POST", "/api/v1/views", add_view, role::viewer},
        {"GET", "/api/v1/views/{id}", one_view, role::viewer},
        {"PUT", "/api/v1/views/{id}", change_one, role::viewer, one_view},
        {"DELETE", "/api/v1/views/{id}", remove_view, role::viewer, one_view},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
