// The queue: suggestions, and what people decide on them.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/routes.hpp"
#include "daemon/console/view.hpp"
#include "daemon/policy/policy.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

using net::server_request;

text_length length_of(api_context& c, const suggestion& s) {
    const auto* a = find_account(c, s.basis.account);
    if (a) return a->platform->supports().length(s.basis.text);
    return {};
}

awaitable<result<json::object>> full_view(api_context& c, suggestion s) {
    auto m = co_await c.store.find_message(s.message_id);
    if (m.has_error()) co_return m.error();
    co_return view(s, *m, length_of(c, s));
}

shown one(api_context& c, std::int64_t id) {
    auto s = co_await c.store.find_suggestion(id);
    if (s.has_error()) co_return s.error();
    const auto message_id = s->message_id;
    auto out = co_await full_view(c, std::move(*s));
    if (out.has_error()) co_return out.error();
    const auto h = co_await c.store.history(message_id);
    if (h.has_error()) co_return h.error();
    auto& others = out->at("alternatives").as_array();
    for (const auto& other : h->suggestions)
        if (other.id != id && other.state == suggestion_state::open) others.push_back(brief(other));
    co_return json::value(std::move(*out));
}

shown list(api_context& c, server_request r, std::string) {
    using enum suggestion_state;
    suggestion_filter f;
    const auto wanted = r.param("state");
    if (wanted.empty() || wanted == "open")
        f.states = {open};
    else if (wanted == "closed")
        f.states = {delivered, refused, rejected, withdrawn};
    else if (wanted == "waiting")
        f.states = {open, approved, sending, unsure};
    else if (const auto s = suggestion_state_from(wanted))
        f.states = {*s};
    else
        co_return fail(errc::invalid, "state: 'open', 'unsure', 'closed', 'waiting', or a single state");
    f.most = wanted == "closed" ? 100 : 500;
    f.oldest_first = wanted != "closed";  // who waits longest comes first
    auto found = co_await c.store.suggestions(f);
    if (found.has_error()) co_return found.error();
    // Of the open ones for one message the best stands for all; the others are its alternatives.
    std::map<std::int64_t, const suggestion*> best;
    for (const auto& s : *found) {
        if (s.state != open) continue;
        auto& first = best.emplace(s.message_id, &s).first->second;
        if (s.rank < first->rank) first = &s;
    }
    json::array items;
    for (const auto& s : *found) {
        if (s.state == open && best.at(s.message_id) != &s) continue;
        auto v = co_await full_view(c, s);
        if (v.has_error()) co_return v.error();
        for (const auto& other : *found)
            if (s.state == open && other.state == open && other.message_id == s.message_id &&
                other.id != s.id)
                v->at("alternatives").as_array().push_back(brief(other));
        items.push_back(std::move(*v));
    }
    json::object out;
    out["items"] = std::move(items);
    co_return json::value(std::move(out));
}

shown get_one(api_context& c, server_request r, std::string) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    co_return co_await one(c, *id);
}

shown approve(api_context& c, server_request r, std::string by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto hash = b->text("hash");
    if (hash.has_error()) co_return hash.error();
    auto done = co_await c.store.approve(*id, *hash, by);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    auto out = co_await one(c, *id);
    if (out.has_value())
        if (auto* a = find_account(c, std::string(out->at("account").as_string()))) a->to_deliver.ring();
    co_return out;
}

/// The verdict on a text that a person wrote for this suggestion, with the thread as it is now.
awaitable<result<verdict>> judged(api_context& c, std::int64_t id, std::string text) {
    auto s = co_await c.store.find_suggestion(id);
    if (s.has_error()) co_return s.error();
    auto m = co_await c.store.find_message(s->message_id);
    if (m.has_error()) co_return m.error();
    auto* a = find_account(c, s->basis.account);
    if (!a) co_return fail(errc::conflict, "the account " + s->basis.account + " is no longer configured");
    const auto thread = co_await a->platform->fetch_thread(m->what);
    if (thread.has_error()) co_return fail(errc::transient, "cannot read the thread: " + thread.error().what);
    const auto packs = c.rules.packs();
    const auto at = now();
    const auto standing = co_await c.store.standing(m->id, id, packs->tallies, at);
    if (standing.has_error()) co_return standing.error();
    const judgement_input in{text,
                             s->kind,
                             s->basis.playbook,
                             s->department,
                             *m,
                             *thread,
                             a->platform->supports().length(text),
                             a->config.platform,
                             *packs,
                             *standing,
                             c.house,
                             a->label,
                             at};
    co_return judge(in);
}

shown edit(api_context& c, server_request r, std::string by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto version = b->number("version");
    if (version.has_error()) co_return version.error();
    const auto text = b->text("text");
    if (text.has_error()) co_return text.error();
    const auto v = co_await judged(c, *id, *text);
    if (v.has_error()) co_return v.error();
    auto done = co_await c.store.edit(*id, *version, *text, *v, by);
    if (done.has_error()) co_return done.error();
    std::vector<change> changes(1);
    changes[0] = {done->id, done->state};
    c.live.tell(changes);
    co_return co_await one(c, *id);
}

shown reject(api_context& c, server_request r, std::string by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto version = b->number("version");
    if (version.has_error()) co_return version.error();
    const auto reason = b->text("reason");
    if (reason.has_error()) co_return reason.error();
    auto done = co_await c.store.reject(*id, *version, *reason, by);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    co_return co_await one(c, *id);
}

shown settle(api_context& c, server_request r, std::string by) {
    const auto id = id_of(r);
    if (id.has_error()) co_return id.error();
    const auto b = body::of(r);
    if (b.has_error()) co_return b.error();
    const auto version = b->number("version");
    if (version.has_error()) co_return version.error();
    const auto posted = b->flag("posted");
    if (posted.has_error()) co_return posted.error();
    auto done = co_await c.store.settle(*id, *version, *posted, by);
    if (done.has_error()) co_return done.error();
    c.live.tell(*done);
    co_return co_await one(c, *id);
}

shown why(api_context& c, server_request r, std::string) {
    auto number = co_await c.store.message_number(r.parts.at(0));
    if (number.has_error()) co_return number.error();
    auto h = co_await c.store.history(*number);
    if (h.has_error()) co_return h.error();
    json::array traces, suggestions, record;
    for (const auto& t : h->traces) traces.push_back(json::parse(t));
    for (const auto& s : h->suggestions) suggestions.push_back(view(s, h->message, length_of(c, s)));
    for (const auto& line : h->record) record.push_back(view(line));
    json::object out;
    out["message"] = view(h->message);
    out["traces"] = std::move(traces);
    out["suggestions"] = std::move(suggestions);
    out["record"] = std::move(record);
    co_return json::value(std::move(out));
}

}  // namespace

void add_suggestion_api(net::http_router& router, api_context& context) {
    static constexpr route routes[] = {
        {"GET", "/api/v1/suggestions", list},
        {"GET", "/api/v1/suggestions/{id}", get_one},
        {"POST", "/api/v1/suggestions/{id}/approve", approve},
        {"POST", "/api/v1/suggestions/{id}/edit", edit},
        {"POST", "/api/v1/suggestions/{id}/reject", reject},
        {"POST", "/api/v1/suggestions/{id}/settle", settle},
        {"GET", "/api/v1/messages/{id}", why},
    };
    add_routes(router, context, routes);
}

}  // namespace kith::console
