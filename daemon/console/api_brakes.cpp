// Stopping, and taking it up again.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"

#include <boost/json/array.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// All of them, without a cursor: after a stop one reads what is stopped now.
shown all(api_context& c, identity by) {
    auto on = co_await c.store.brakes().brakes();
    if (on.has_error()) co_return on.error();
    json::object out;
    out["items"] = view(theirs(c, std::move(*on), by));
    out["next"] = nullptr;
    co_return json::value(std::move(out));
}

shown list_brakes(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    auto on = co_await c.store.brakes().brakes();
    if (on.has_error()) co_return on.error();
    std::vector<keyed_item> items;
    for (auto& v : view(theirs(c, std::move(*on), by))) {
        const auto& o = v.get_object();
        auto key = std::string(o.at("at").get_string()) + std::string(o.at("scope").get_string());
        items.push_back({std::move(key), std::move(v)});
    }
    co_return json::value(part_of(std::move(items), *part));
}

/// {"what": "all"} or {"what": "account" | "playbook", "id": ...}
result<std::string> scope_of(const body& b) {
    const auto what = b.text("what");
    if (what.has_error()) return what.error();
    if (*what == "all") return std::string("all");
    if (*what != "account" && *what != "playbook")
        return fail_field("what", "'all', 'account' or 'playbook', not '" + *what + "'");
    const auto id = b.text("id");
    if (id.has_error() || id->empty()) return fail_field("id", "name the " + *what);
    return *what + " " + *id;
}

/// What stops everybody's work is for those whose work it all is. Anything else that is not theirs does not
/// exist for them.
result<void> must_be_theirs(const api_context& c, const std::string& scope, const identity& by) {
    if (scope == "all" && !sees_all(by))
        return fail(errc::refused,
                    "everything is stopped and resumed by those who see all of it: name what of"
                    " yours you mean");
    if (may_see_brake(c, scope, by)) return {};
    return fail(errc::not_found, "there is no " + scope.substr(0, 200));
}

/// A typing error must not look like a stop.
result<void> must_exist(api_context& c, const std::string& scope) {
    if (scope.starts_with("account ")) {
        const auto id = scope.substr(8);
        if (!find_account(c, id))
            return fail(errc::not_found, "there is no account '" + id + "': kith status lists them");
    }
    if (scope.starts_with("playbook ")) {
        const auto id = scope.substr(9);
        if (!c.rules.current()->set().find(id))
            return fail(errc::not_found, "there is no playbook '" + id + "'");
    }
    return {};
}

shown stop(api_context& c, server_request r, identity by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto scope = scope_of(*b);
    if (scope.has_error()) co_return scope.error();
    const auto own = must_be_theirs(c, *scope, by);
    if (own.has_error()) co_return own.error();
    const auto known = must_exist(c, *scope);
    if (known.has_error()) co_return known.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) co_return fail_field("reason", "say why, for those who find it stopped");
    const auto done = co_await c.store.brakes().stop(*scope, *reason, by.login);
    if (done.has_error()) co_return done.error();
    spdlog::warn("{} stopped {}: {}", by.login, *scope, *reason);
    c.events.tell_status();
    co_return co_await all(c, std::move(by));
}

shown resume(api_context& c, server_request r, identity by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto scope = scope_of(*b);
    if (scope.has_error()) co_return scope.error();
    const auto own = must_be_theirs(c, *scope, by);
    if (own.has_error()) co_return own.error();
    std::string reason;
    if (b->has("reason")) {
        const auto given = b->text("reason");
        if (given.has_error()) co_return given.error();
        reason = *given;
    }
    const auto done = co_await c.store.brakes().resume(*scope, reason, by.login);
    if (done.has_error()) co_return done.error();
    spdlog::info("{} resumed {}", by.login, *scope);
    for (auto& a : c.accounts) {
        // What came while a playbook was paused, and got no suggestion for it.
        const auto changes = co_await c.store.judge_again(a.config.id, "resumed");
        if (changes.has_error()) co_return changes.error();
        c.live.tell(*changes);
        a.to_judge.ring();
        a.to_deliver.ring();
    }
    c.events.tell_status();
    co_return co_await all(c, std::move(by));
}

}  // namespace

bool may_see_brake(const api_context& c, const std::string& scope, const identity& by) {
    if (scope.starts_with("account ")) return may(by, {}, scope.substr(8));
    if (!scope.starts_with("playbook ")) return true;  // all: it concerns everybody
    return may_see_playbook(c, scope.substr(9), by);
}

std::vector<brake> theirs(const api_context& c, std::vector<brake> on, const identity& by) {
    std::erase_if(on, [&](const brake& b) { return !may_see_brake(c, b.scope, by); });
    return on;
}

void add_brake_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/brakes", list_brakes, role::viewer},
        {"POST", "/api/v1/brakes/stop", stop, role::approver},
        {"POST", "/api/v1/brakes/resume", resume, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
