// The queue: what waits for a person, in the order in which it wants one, and what is done with it.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/approving.hpp"
#include "daemon/console/item_view.hpp"
#include "daemon/console/paging.hpp"
#include "daemon/model/json.hpp"

#include <map>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

constexpr std::size_t most_at_once = 200;  ///< approved in one request
constexpr std::size_t most_words = 1'000;  ///< bytes of a note

// ---- looking

result<std::vector<suggestion_state>> states_of(const std::string& wanted) {
    using enum suggestion_state;
    if (wanted.empty()) return std::vector{open};
    if (wanted == "waiting") return std::vector{open, approved, sending, unsure};
    if (wanted == "closed") return std::vector{delivered, refused, rejected, withdrawn};
    if (wanted == "expired" || wanted == "handled") return std::vector{withdrawn};
    if (const auto s = suggestion_state_from(wanted)) return std::vector{*s};
    return fail_field("state", "'waiting', 'closed', 'expired', 'handled', or a single state");
}

result<queue_filter> filter_of(const server_request& r, const identity& who) {
    queue_filter f;
    auto states = states_of(r.param("state"));
    if (states.has_error()) return states.error();
    f.states = std::move(*states);
    if (const auto how = r.param("state"); how == "expired" || how == "handled") f.outcome = how;
    f.department = r.param("department");
    f.account = r.param("account");
    f.platform = r.param("platform");
    f.kind = r.param("kind");
    f.language = r.param("language");
    f.playbook = r.param("playbook");
    f.stage = r.param("stage");
    f.words = r.param("q");
    f.snoozed = r.param("snoozed") == "1";
    if (const auto assigned = r.param("assigned"); assigned == "me")
        f.assigned = who.login;
    else if (assigned == "none")
        f.assigned = "";
    else if (assigned.starts_with('@'))
        f.assigned_department = assigned.substr(1);
    else if (!assigned.empty())
        f.assigned = assigned;
    f.visible = visible_to(who);
    return f;
}

shown list_queue(api_context& c, server_request r, identity who) {
    const auto part = wanted_part::of(r);
    if (part.has_error()) co_return part.error();
    auto f = filter_of(r, who);
    if (f.has_error()) co_return f.error();
    f->after = part->after;
    f->most = part->limit;
    const auto found = co_await c.store.queue().list(std::move(*f));
    if (found.has_error()) co_return found.error();
    const auto at = now();
    json::array items;
    for (const auto& item : found->items) items.push_back(view(item, c.claims.find(item.message.id, at), at));
    const auto last = found->items.empty() ? std::string() : found->items.back().place;
    co_return json::value(part->answer(std::move(items), last, found->more));
}

shown counts(api_context& c, server_request, identity who) {
    const auto counted = co_await c.store.queue().counts(visible_to(who));
    if (counted.has_error()) co_return counted.error();
    std::map<std::string, std::int64_t> states{
        {"open", 0}, {"snoozed", 0}, {"approved", 0}, {"sending", 0}, {"unsure", 0}};
    std::map<std::string, std::int64_t> open;
    for (const auto& n : *counted) {
        const bool waits = n.state == suggestion_state::open && !n.snoozed;
        if (!n.given) states[n.snoozed ? "snoozed" : std::string(to_string(n.state))] += n.n;
        if (waits) open[n.department] += n.n;
    }
    json::object by_state;
    for (const auto& [state, n] : states) by_state[state] = n;
    json::array by_department;
    for (const auto& [department, n] : open)
        by_department.push_back({{"department", department}, {"open", n}});
    json::object out{{"canaries", c.canaries.rate}};  // everybody is told that there are some
    out["states"] = std::move(by_state);
    out["departments"] = std::move(by_department);
    co_return json::value(std::move(out));
}

shown whole(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    co_return co_await whole_item(c, *id, std::move(who));
}

// ---- saying yes

result<yes> yes_of(const json::object& o, std::int64_t id) {
    const auto* hash = o.if_contains("hash");
    if (!hash || !hash->is_string()) return fail_field("hash", "give a text");
    const auto* despite = o.if_contains("despite_claim");
    if (despite && !despite->is_bool()) return fail_field("despite_claim", "give true or false");
    return yes{id, std::string(hash->get_string()), despite && despite->get_bool()};
}

shown approve(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto what = yes_of(b->all(), *id);
    if (what.has_error()) co_return what.error();
    const auto item = co_await item_for(c, *id, who);
    if (item.has_error()) co_return item.error();
    const auto done = co_await say_yes(c, *what, *item, who);
    if (done.has_error()) co_return done.error();
    auto out = co_await whole_item(c, *id, std::move(who));
    if (auto* a = find_account(c, item->message.account)) a->to_deliver.ring();
    co_return out;
}

result<std::vector<yes>> all_yes(const body& b) {
    const auto* items = b.all().if_contains("items");
    if (!items || !items->is_array() || items->get_array().empty() ||
        items->get_array().size() > most_at_once)
        return fail_field("items", "give a list of 1 to 200, each with id and hash");
    std::vector<yes> out;
    for (const auto& one : items->get_array()) {
        const auto* id = one.is_object() ? one.get_object().if_contains("id") : nullptr;
        if (!id || !id->is_int64()) return fail_field("items", "each needs an id: a whole number");
        auto what = yes_of(one.get_object(), id->get_int64());
        if (what.has_error()) return what.error();
        out.push_back(std::move(*what));
    }
    return out;
}

/// Many at once, only where they say the same and the policies say the same of them; each is recorded.
shown approve_all(api_context& c, server_request r, identity who) {
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto wanted = all_yes(*b);
    if (wanted.has_error()) co_return wanted.error();
    std::vector<queue_item> items;
    for (const auto& what : *wanted) {
        auto item = co_await item_for(c, what.id, who);
        if (item.has_error()) co_return item.error();
        items.push_back(std::move(*item));
    }
    const auto& first = items.front().shown;
    for (const auto& item : items) {
        if (item.shown.basis.text != first.basis.text)
            co_return fail_field("items", "suggestion " + std::to_string(item.shown.id) +
                                              " says something else than the first: approve it by itself");
        // As an approval is bound to it: each rule's word, by the same packs.
        if (item.shown.verdict.digest() != first.verdict.digest())
            co_return fail_field("items", "suggestion " + std::to_string(item.shown.id) +
                                              " has another verdict than the first: approve it by itself");
    }
    json::array out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto said = co_await say_yes(c, (*wanted)[i], items[i], who);
        json::object one{{"id", (*wanted)[i].id}, {"done", said.has_value() && !*said}, {"detail", nullptr}};
        if (said.has_error())
            one["detail"] = said.error().what;
        else if (*said)  // a canary: nothing was sent
            one["detail"] = (*said)->at("reason");
        out.push_back(std::move(one));
    }
    for (auto& a : c.accounts) a.to_deliver.ring();
    json::object answer;
    answer["items"] = std::move(out);
    co_return json::value(std::move(answer));
}

shown undo(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto item = co_await item_for(c, *id, who);
    if (item.has_error()) co_return item.error();
    const auto version = if_match(r);
    if (version.has_error()) co_return version.error();
    const auto done = co_await c.store.queue().undo(*id, *version, who.login);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    co_return co_await whole_item(c, *id, std::move(who));
}

// ---- everything else

shown check(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto text = b->text("text");
    if (text.has_error()) co_return text.error();
    const auto item = co_await item_for(c, *id, std::move(who));
    if (item.has_error()) co_return item.error();
    auto judged = co_await judge_text(c, *item, *text);
    if (judged.has_error()) co_return judged.error();
    json::object out{{"verdict", to_json(judged->verdict)}};
    out["length"] = view(judged->length);
    out["preview"] = preview_of(*text);
    out["problems"] = std::move(judged->problems);
    co_return json::value(std::move(out));
}

/// An act that needs the version that was seen.
using change_made = awaitable<result<std::vector<change>>>;
shown act_on(api_context& c, std::int64_t id, change_made made, identity who) {
    const auto done = co_await std::move(made);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    co_return co_await whole_item(c, id, std::move(who));
}

/// What snooze, assign and handled begin with.
struct seen {
    std::int64_t id = 0, version = 0;
    body said;
    queue_item item;
};

awaitable<result<seen>> look(api_context& c, const server_request& r, const identity& who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    auto item = co_await item_for(c, *id, who);
    if (item.has_error()) co_return item.error();
    const auto version = if_match(r);
    if (version.has_error()) co_return version.error();
    co_return seen{*id, *version, std::move(*b), std::move(*item)};
}

shown snooze(api_context& c, server_request r, identity who) {
    const auto s = co_await look(c, r, who);
    if (s.has_error()) co_return s.error();
    const auto written = s->said.maybe_text("until");
    if (written.has_error()) co_return written.error();
    std::optional<timestamp> until;
    if (*written) until = from_rfc3339(**written);
    if (*written && !until)
        co_return fail_field("until", "give a time such as 2026-11-30T09:00:00Z, or null");
    auto made = c.store.queue().snooze(s->id, s->version, until, who.login);
    co_return co_await act_on(c, s->id, std::move(made), std::move(who));
}

shown assign(api_context& c, server_request r, identity who) {
    const auto s = co_await look(c, r, who);
    if (s.has_error()) co_return s.error();
    const auto login = s->said.maybe_text("login");
    if (login.has_error()) co_return login.error();
    const auto department = s->said.maybe_text("department");
    if (department.has_error()) co_return department.error();
    if (*login && *department) co_return fail_field("department", "give a login or a department, not both");
    if (*department && !c.desk.find(**department))
        co_return fail_field("department", "there is no department '" + **department + "'");
    assignee to;
    to.login = login->value_or("");
    if (!to.login.empty()) to.name = who.name;
    if (!to.login.empty() && to.login != who.login) {
        const auto* u = c.people.by_login(to.login);
        if (!u || u->disabled || !may(identity_of(*u), s->item.shown.department, s->item.message.account))
            co_return fail_field("login",
                                 "there is nobody '" + to.login.substr(0, 80) + "' who could see this");
        to.login = u->login;
        to.name = u->name;
    }
    to.department = department->value_or("");
    auto made = c.store.queue().assign(s->id, s->version, std::move(to), who.login);
    co_return co_await act_on(c, s->id, std::move(made), std::move(who));
}

shown handled(api_context& c, server_request r, identity who) {
    const auto s = co_await look(c, r, who);
    if (s.has_error()) co_return s.error();
    auto note = s->said.maybe_text("note");
    if (note.has_error()) co_return note.error();
    auto words = note->value_or("");
    if (words.size() > most_words) co_return fail_field("note", "at most 1000 bytes");
    c.claims.give_back(s->item.message.id, who.login);
    auto made = c.store.queue().handled(s->id, s->version, std::move(words), who.login);
    co_return co_await act_on(c, s->id, std::move(made), std::move(who));
}

shown take_claim(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    bool over = false;
    if (!r.body.empty()) {
        const auto b = body::of(r);
        if (b.has_error()) co_return b.error();
        if (b->has("take")) {
            const auto take = b->flag("take");
            if (take.has_error()) co_return take.error();
            over = *take;
        }
    }
    if (over && who.role < role::lead)
        co_return fail(errc::refused, "to take a claim over needs the role lead");
    const auto item = co_await item_for(c, *id, who);
    if (item.has_error()) co_return item.error();
    claim wanted{who.login, who.name, {}, *id};
    const auto held = c.claims.take(item->message.id, std::move(wanted), now(), over);
    if (held.has_error()) co_return held.error();
    json::object out;
    out["claim"] = view(std::optional(*held));
    co_return json::value(std::move(out));
}

shown drop_claim(api_context& c, server_request r, identity who) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto item = co_await item_for(c, *id, who);
    if (item.has_error()) co_return item.error();
    c.claims.give_back(item->message.id, who.login);
    json::object out;
    out["claim"] = view(c.claims.find(item->message.id, now()));
    co_return json::value(std::move(out));
}

}  // namespace

void add_queue_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/queue", list_queue, role::viewer},
        {"GET", "/api/v1/queue/counts", counts, role::viewer},
        {"POST", "/api/v1/queue/approve", approve_all, role::approver},
        {"POST", "/api/v1/suggestions/{id}/approve", approve, role::approver, whole},
        {"POST", "/api/v1/suggestions/{id}/undo", undo, role::approver, whole},
        {"POST", "/api/v1/suggestions/{id}/check", check, role::drafter},
        {"POST", "/api/v1/suggestions/{id}/snooze", snooze, role::approver, whole},
        {"POST", "/api/v1/suggestions/{id}/assign", assign, role::approver, whole},
        {"POST", "/api/v1/suggestions/{id}/handled", handled, role::approver, whole},
        {"POST", "/api/v1/suggestions/{id}/claim", take_claim, role::drafter, whole},
        {"DELETE", "/api/v1/suggestions/{id}/claim", drop_claim, role::drafter},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
