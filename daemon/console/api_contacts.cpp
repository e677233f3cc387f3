// The ledger: contacts, where they stand and why; merging, forgetting.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/contact_view.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/relations/zone.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

relations_store& relations(api_context& c) {
    return c.store.relations();
}

/// `{id}`: a contact's number, or the identity or handle that a platform knows them by.
awaitable<result<std::int64_t>> contact_of(api_context& c, const server_request& r) {
    return relations(c).contact_number(r.parts.at(0));
}

shown one(api_context& c, std::int64_t number) {
    auto found = co_await relations(c).contact(number);
    if (found.has_error()) co_return found.error();
    co_return json::value(view(*found));
}

shown list(api_context& c, server_request r, identity) {
    contact_filter f;
    f.account = r.param("account");
    if (const auto name = r.param("stage"); !name.empty()) {
        f.at = stage_from(name);
        if (!f.at)
            co_return fail(errc::invalid, "stage: attention, attraction, affinity, audience or advocate");
    }
    if (const auto before = r.param("before"); !before.empty()) {
        const auto [end, ec] = std::from_chars(before.data(), before.data() + before.size(), f.before);
        if (ec != std::errc{} || end != before.data() + before.size() || f.before < 1)
            co_return fail(errc::invalid, "before: a contact's number");
    }
    auto found = co_await relations(c).contacts(std::move(f));
    if (found.has_error()) co_return found.error();
    json::array items;
    for (const auto& contact : *found) items.push_back(view(contact));
    json::object out;
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

shown get_one(api_context& c, server_request r, identity) {
    const auto number = co_await contact_of(c, r);
    if (number.has_error()) co_return number.error();
    co_return co_await one(c, *number);
}

shown export_all(api_context& c, server_request r, identity) {
    const auto number = co_await contact_of(c, r);
    if (number.has_error()) co_return number.error();
    auto found = co_await relations(c).export_contact(*number);
    if (found.has_error()) co_return found.error();
    co_return json::value(view(*found));
}

shown merge(api_context& c, server_request r, identity by) {
    const auto into = co_await contact_of(c, r);
    if (into.has_error()) co_return into.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto name = b->text("other");
    if (name.has_error()) co_return name.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) co_return fail(errc::invalid, "reason: say how you know that both are one person");
    const auto other = co_await relations(c).contact_number(*name);
    if (other.has_error()) co_return other.error();
    const auto done = co_await relations(c).merge(*into, *other, *reason, by.login, c.stages.current());
    if (done.has_error()) co_return done.error();
    co_return co_await one(c, *into);
}

/// Here `{id}` is an identity's number, as a contact's page shows it.
shown split(api_context& c, server_request r, identity by) {
    const auto identity = id_of(r, "identity");
    if (identity.has_error()) co_return identity.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) co_return fail(errc::invalid, "reason: say how you know that it is another person");
    const auto done = co_await relations(c).split(*identity, *reason, by.login, c.stages.current());
    if (done.has_error()) co_return done.error();
    co_return co_await one(c, *identity);
}

shown set_zone(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r);
    if (number.has_error()) co_return number.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto name = b->text("zone");
    if (name.has_error()) co_return name.error();
    if (!name->empty() && !is_time_zone(*name))
        co_return fail(errc::invalid,
                       "zone: write a name such as Europe/Berlin, or nothing if it is unknown");
    const auto done = co_await relations(c).set_zone(*number, *name, by.login);
    if (done.has_error()) co_return done.error();
    co_return co_await one(c, *number);
}

shown forget(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r);
    if (number.has_error()) co_return number.error();
    const auto done = co_await relations(c).forget(*number, by.login);
    if (done.has_error()) co_return done.error();
    c.live.tell(done->changes);
    co_return json::value(view(*done));
}

}  // namespace

void add_contact_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/contacts", list, role::viewer},
        {"GET", "/api/v1/contacts/{id}", get_one, role::viewer},
        {"GET", "/api/v1/contacts/{id}/export", export_all, role::lead},
        {"POST", "/api/v1/contacts/{id}/merge", merge, role::approver},
        {"POST", "/api/v1/contacts/{id}/split", split, role::approver},
        {"POST", "/api/v1/contacts/{id}/zone", set_zone, role::approver},
        {"POST", "/api/v1/contacts/{id}/forget", forget, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
