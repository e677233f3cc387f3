// Approval by one tap: the link is the secret, and it is good for exactly one thing, once.
#include "daemon/console/api_canaries.hpp"
#include "daemon/console/api_parts.hpp"
#include "daemon/console/approving.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"
#include "daemon/model/sha256.hpp"

#include <boost/json/array.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;
using net::server_response;

constexpr std::chrono::minutes good_for{15};
constexpr std::size_t token_digits = 32;  // base32: 160 bits

/// The suggestion as whoever follows the link sees it, a canary not told from any other.
awaitable<result<json::object>> shown_item(api_context& c, std::int64_t id) {
    auto canary = co_await c.store.canaries().find(id);
    if (canary.has_error()) co_return canary.error();
    if (*canary) co_return co_await view_of(c, std::move(**canary));
    const auto s = co_await c.store.find_suggestion(id);
    if (s.has_error()) co_return s.error();
    const auto m = co_await c.store.find_message(s->message_id);
    if (m.has_error()) co_return m.error();
    text_length length;
    if (const auto* a = find_account(c, s->basis.account))
        length = a->platform->supports().length(s->basis.text);
    co_return view(*s, *m, length);
}

/// Whose link it is, and what it is for: if they may approve it now.
struct link_use {
    identity who;
    queue_item item;
};

awaitable<result<link_use>> use_of(api_context& c, const std::string& login, std::int64_t id) {
    const auto no = fail(errc::refused, login.substr(0, 80) + " may not approve this (any more)");
    const auto* u = c.people.by_login(login);
    if (!u || u->disabled || u->role < role::approver) co_return no;
    auto who = identity_of(*u);
    auto item = co_await item_for(c, id, who);
    if (item.has_error() && item.error().kind == errc::not_found) co_return no;
    if (item.has_error()) co_return item.error();
    co_return link_use{std::move(who), std::move(*item)};
}

shown make(api_context& c, server_request r, identity by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto theirs = co_await item_for(c, *id, by);
    if (theirs.has_error()) co_return theirs.error();
    const auto item = co_await shown_item(c, *id);
    if (item.has_error()) co_return item.error();
    if (item->at("state") != "open")
        co_return fail(errc::conflict, "suggestion " + std::to_string(*id) + " is " +
                                           std::string(item->at("state").as_string()) +
                                           ": there is nothing to approve");
    // For the maker alone: the link comes back to them, and another's name under what they do with it would
    // be a lie.
    const auto able = co_await use_of(c, by.login, *id);
    if (able.has_error()) co_return able.error();
    if (by.token_of_other)
        co_return fail(errc::refused, "somebody else made this token: a link would be theirs as well");
    approval_link l;
    l.login = able->who.login;
    l.suggestion_id = *id;
    l.hash = std::string(item->at("hash").as_string());
    l.made_at = now();
    l.expires_at = l.made_at + good_for;
    const auto token = random_base32(token_digits);
    const auto expires_at = l.expires_at;
    const auto kept = co_await c.store.links().make(sha256_hex(token), std::move(l));
    if (kept.has_error()) co_return kept.error();
    json::object out{{"url", c.public_url + "/console/a/" + token},
                     {"expires_at", to_rfc3339(expires_at, 3)}};
    co_return json::value(std::move(out));
}

/// What a link shows: exactly what would be sent, to whom, where, and why it may be.
json::object link_view(const approval_link& l, const json::object& item) {
    const auto& message = item.at("message").as_object();
    const bool same = item.at("hash").as_string() == l.hash && item.at("state") == "open";
    json::object out{{"suggestion", l.suggestion_id},
                     {"login", l.login},
                     {"expires_at", to_rfc3339(l.expires_at, 3)},
                     {"used_at", nullptr},
                     {"good", same && !l.used_at},
                     {"hash", l.hash},
                     {"state", item.at("state")},
                     {"text", item.at("text")},
                     {"account", item.at("account")},
                     {"platform", item.at("platform")},
                     {"verdict", item.at("verdict")},
                     {"message", message}};
    if (l.used_at) out["used_at"] = to_rfc3339(*l.used_at, 3);
    // Once it is decided on, and not before: whoever approved one is told.
    if (const auto* told = item.if_contains("canary")) out["canary"] = *told;
    return out;
}

awaitable<result<json::value>> look(api_context& c, std::string token) {
    const auto l = co_await c.store.links().find(sha256_hex(token), now());
    if (l.has_error()) co_return l.error();
    const auto item = co_await shown_item(c, l->suggestion_id);
    if (item.has_error()) co_return item.error();
    const auto able = co_await use_of(c, l->login, l->suggestion_id);
    if (able.has_error()) co_return able.error();
    co_return json::value(link_view(*l, *item));
}

awaitable<result<json::value>> approve(api_context& c, std::string token, std::string hash) {
    const auto key = sha256_hex(token);
    const auto known = co_await c.store.links().find(key, now());
    if (known.has_error()) co_return known.error();
    if (known->hash != hash)
        co_return fail(errc::conflict,
                       "the link is for something else than what was shown: look at it again");
    const auto able = co_await use_of(c, known->login, known->suggestion_id);
    if (able.has_error()) co_return able.error();
    // Before the link is used up: it is good again once they are through with it.
    const auto free = must_be_unclaimed(c, able->item, able->who);
    if (free.has_error())
        co_return fail(errc::conflict, "somebody is deciding on it in the console: try again in a minute");
    auto l = co_await c.store.links().use(key, now());
    if (l.has_error()) co_return l.error();
    yes what;
    what.id = l->suggestion_id;
    what.hash = l->hash;
    const auto done = co_await say_yes(c, std::move(what), able->item, able->who);
    if (done.has_error()) {
        // What did not happen for want of the store's or the platform's answer may be tried once more.
        if (done.error().kind == errc::transient) co_await c.store.links().give_back(key);
        co_return done.error();
    }
    spdlog::info("{} approved suggestion {} by link", l->login, l->suggestion_id);
    if (auto* a = find_account(c, able->item.message.account)) a->to_deliver.ring();
    const auto item = co_await shown_item(c, l->suggestion_id);
    if (item.has_error()) co_return item.error();
    co_return json::value(link_view(*l, *item));
}

server_response answer_to(const result<json::value>& v) {
    auto out = v.has_error() ? problem_of(v.error()) : answer(*v);
    out.headers.add("Referrer-Policy", "no-referrer");
    return out;
}

awaitable<server_response> show_link(api_context& c, server_request r) {
    co_return answer_to(co_await look(c, r.parts.at(0)));
}

awaitable<server_response> approve_link(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request does not come from the console's own page"));
    const auto b = body::of(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto hash = b->text("hash");
    if (hash.has_error()) co_return problem_of(hash.error());
    co_return answer_to(co_await approve(c, r.parts.at(0), *hash));
}

}  // namespace

void add_link_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"POST", "/api/v1/suggestions/{id}/link", make, role::approver, nullptr, true}};
    add_routes(router, context, routes);
    // Without a session: whoever has the link may.
    router.on("GET", "/api/v1/links/{token}",
              [&context](server_request q) { return show_link(context, std::move(q)); });
    router.on("POST", "/api/v1/links/{token}/approve",
              [&context](server_request q) { return approve_link(context, std::move(q)); });
}

}  // namespace kith::console
