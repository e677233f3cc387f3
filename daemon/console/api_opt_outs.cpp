// Who asked us to stop.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

/// Newest first.
shown list_opt_outs(api_context& c, server_request r, identity by) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    opt_out_filter f;
    const auto state = r.param("state");
    if (state == "lifted")
        f.which = opt_out_filter::state::lifted;
    else if (state == "all")
        f.which = opt_out_filter::state::all;
    else if (!state.empty() && state != "in-force")
        co_return fail_field("state", "'in-force', 'lifted' or 'all'");
    f.account = r.param("account");
    f.accounts = by.accounts;
    if (const auto text = r.param("contact"); !text.empty()) {
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), f.contact);
        if (ec != std::errc{} || end != text.data() + text.size() || f.contact < 1)
            co_return fail_field("contact", "give the contact's number");
    }
    f.before = part->after_number();
    f.most = part->limit + 1;
    auto found = co_await c.store.opt_outs().list(f);
    if (found.has_error()) co_return found.error();
    const bool more = cut(*found, *part);
    json::array items;
    for (const auto& o : *found) items.push_back(view(o));
    const auto last = found->empty() ? std::string() : std::to_string(found->back().id);
    co_return json::value(part->answer(std::move(items), last, more));
}

result<std::string> reason_of(const body& b) {
    auto reason = b.text("reason");
    if (reason.has_value() && reason->find_first_not_of(" \t\r\n") == std::string::npos)
        return fail_field("reason", "say how the contact asked for it");
    return reason;
}

shown add_opt_out(api_context& c, server_request r, identity by) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto account = b->text("account");
    if (account.has_error()) co_return account.error();
    const auto contact = b->text("contact");
    if (contact.has_error()) co_return contact.error();
    const auto reason = reason_of(*b);
    if (reason.has_error()) co_return reason.error();
    if (!may(by, {}, *account))
        co_return fail(errc::not_found, "nobody called '" + *contact + "' has written to " + *account +
                                            ": give their id on the platform, or their handle");
    const auto done = co_await c.store.opt_outs().add(*account, *contact, *reason, by.login);
    if (done.has_error()) co_return done.error();
    c.live.tell(done->changes);
    co_return json::value(view(done->what));
}

shown lift(api_context& c, server_request r, identity by) {
    const auto id = id_of(r, "opt-out");
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto reason = reason_of(*b);
    if (reason.has_error()) co_return reason.error();
    const auto known = co_await c.store.opt_outs().find(*id);
    if (known.has_error()) co_return known.error();
    if (!may(by, {}, known->account))
        co_return fail(errc::not_found, "there is no opt-out " + std::to_string(*id));
    const auto done = co_await c.store.opt_outs().lift(*id, *reason, by.login);
    if (done.has_error()) co_return done.error();
    co_return json::value(view(*done));
}

}  // namespace

void add_opt_out_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/opt-outs", list_opt_outs, role::viewer},
        {"POST", "/api/v1/opt-outs", add_opt_out, role::drafter},
        {"POST", "/api/v1/opt-outs/{id}/lift", lift, role::lead},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
