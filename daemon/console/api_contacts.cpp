// The ledger: contacts, where they stand and why; merging, forgetting.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/contact_view.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/relations/zone.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

relations_store& relations(api_context& c) {
    return c.store.relations();
}

/// `{id}`: a contact's number, or the identity or handle that a platform knows them by.
awaitable<result<std::int64_t>> contact_of(api_context& c, const server_request& r, const identity& by) {
    return relations(c).contact_number(r.parts.at(0), by.accounts);
}

/// A contact is shown to whoever has one of the accounts, and of the others nothing.
shown shown_contact(api_context& c, std::int64_t number, identity by) {
    auto found = co_await relations(c).contact(number);
    if (found.has_error()) co_return found.error();
    narrow(*found, by);
    if (found->contact.identities.empty())
        co_return fail(errc::not_found, "there is no contact " + std::to_string(number));
    co_return json::value(view(*found));
}

/// What takes words away takes them from every account: it is for those who see all of them.
awaitable<result<void>> must_be_whole(api_context& c, std::int64_t number, const identity& by) {
    auto found = co_await relations(c).contact(number);
    if (found.has_error()) co_return found.error();
    const auto all = found->contact.identities.size();
    narrow(*found, by);
    if (found->contact.identities.size() == all) co_return result<void>();
    co_return fail(
        errc::refused,
        "this contact also wrote to accounts that are not yours: somebody who sees all of them must"
        " do it");
}

shown list_contacts(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    contact_filter f;
    f.account = r.param("account");
    f.accounts = by.accounts;
    if (const auto name = r.param("stage"); !name.empty()) {
        f.at = stage_from(name);
        if (!f.at) co_return fail_field("stage", "attention, attraction, affinity, audience or advocate");
    }
    f.before = part->after_number();  // newest first
    f.most = part->limit + 1;
    auto found = co_await relations(c).contacts(std::move(f));
    if (found.has_error()) co_return found.error();
    const bool more = cut(*found, *part);
    json::array items;
    for (auto& contact : *found) {
        narrow(contact, by);
        items.push_back(view(contact));
    }
    const auto last = found->empty() ? std::string() : std::to_string(found->back().number);
    co_return json::value(part->answer(std::move(items), last, more));
}

shown get_contact(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r, by);
    if (number.has_error()) co_return number.error();
    co_return co_await shown_contact(c, *number, std::move(by));
}

shown export_all(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r, by);
    if (number.has_error()) co_return number.error();
    auto found = co_await relations(c).export_contact(*number);
    if (found.has_error()) co_return found.error();
    for (auto& m : found->messages) {
        std::set<std::int64_t> hidden;
        for (const auto& s : m.suggestions)
            if (!may(by, s.department, s.basis.account)) hidden.insert(s.id);
        std::erase_if(m.record, [&](const record_line& l) { return !may_see_line(c, l, hidden, by); });
        for (auto& trace : m.traces) trace = json::serialize(trace_for(c, trace, by));
    }
    narrow(*found, by);
    co_return json::value(view(*found));
}

shown merge(api_context& c, server_request r, identity by) {
    const auto into = co_await contact_of(c, r, by);
    if (into.has_error()) co_return into.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto name = b->text("other");
    if (name.has_error()) co_return name.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) co_return fail_field("reason", "say how you know that both are one person");
    const auto other = co_await relations(c).contact_number(*name, by.accounts);
    if (other.has_error()) co_return other.error();
    const auto done = co_await relations(c).merge(*into, *other, *reason, by.login, c.stages.current());
    if (done.has_error()) co_return done.error();
    co_return co_await shown_contact(c, *into, std::move(by));
}

awaitable<result<void>> must_have_identity(api_context& c, std::int64_t number, const identity& by) {
    auto found = co_await relations(c).contact(number);
    if (found.has_error()) co_return found.error();
    narrow(*found, by);
    for (const auto& i : found->contact.identities)
        if (i.number == number) co_return result<void>();
    co_return fail(errc::not_found, "there is no contact " + std::to_string(number));
}

/// Here `{id}` is an identity's number, as a contact's page shows it.
shown split(api_context& c, server_request r, identity by) {
    const auto identity = id_of(r, "identity");
    if (identity.has_error()) co_return identity.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) co_return fail_field("reason", "say how you know that it is another person");
    const auto theirs = co_await must_have_identity(c, *identity, by);
    if (theirs.has_error()) co_return theirs.error();
    const auto done = co_await relations(c).split(*identity, *reason, by.login, c.stages.current());
    if (done.has_error()) co_return done.error();
    co_return co_await shown_contact(c, *identity, std::move(by));
}

shown set_zone(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r, by);
    if (number.has_error()) co_return number.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto name = b->text("zone");
    if (name.has_error()) co_return name.error();
    if (!name->empty() && !is_time_zone(*name))
        co_return fail_field("zone", "write a name such as Europe/Berlin, or nothing if it is unknown");
    const auto done = co_await relations(c).set_zone(*number, *name, by.login);
    if (done.has_error()) co_return done.error();
    co_return co_await shown_contact(c, *number, std::move(by));
}

shown forget(api_context& c, server_request r, identity by) {
    const auto number = co_await contact_of(c, r, by);
    if (number.has_error()) co_return number.error();
    const auto whole = co_await must_be_whole(c, *number, by);
    if (whole.has_error()) co_return whole.error();
    const auto done = co_await relations(c).forget(*number, by.login);
    if (done.has_error()) co_return done.error();
    c.live.tell(done->changes);
    co_return json::value(view(*done));
}

}  // namespace

void add_contact_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/contacts", list_contacts, role::viewer},
        {"GET", "/api/v1/contacts/{id}", get_contact, role::viewer},
        {"GET", "/api/v1/contacts/{id}/export", export_all, role::lead},
        {"POST", "/api/v1/contacts/{id}/merge", merge, role::approver},
        {"POST", "/api/v1/contacts/{id}/split", split, role::approver},
        {"POST", "/api/v1/contacts/{id}/zone", set_zone, role::approver},
        {"POST", "/api/v1/contacts/{id}/forget", forget, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
