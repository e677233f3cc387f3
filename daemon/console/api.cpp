#include "daemon/console/api.hpp"

#include "daemon/async/first_of.hpp"
#include "daemon/console/view.hpp"
#include "daemon/policy/policy.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

account* find_account(api_context& context, const std::string& id) {
    for (auto& a : context.accounts)
        if (a.config.id == id) return &a;
    return nullptr;
}

namespace {

using net::server_request;
using net::server_response;

server_response problem_of(const error& e) {
    switch (e.kind) {
        case errc::not_found:
            return net::problem(404, "Not found", e.what);
        case errc::conflict:
            return net::problem(409, "It changed meanwhile", e.what);
        case errc::invalid:
            return net::problem(400, "Bad request", e.what);
        case errc::unauthorised:
            return net::problem(401, "Sign in first", e.what);
        case errc::refused:
            return net::problem(403, "Not allowed", e.what);
        case errc::limited:
            return net::problem(429, "Too many requests", e.what);
        default:
            return net::problem(503, "Not possible right now", e.what);
    }
}

server_response answer(const json::value& v, unsigned status = 200) {
    auto out = server_response::make(status, "application/json", json::serialize(v));
    out.headers.add("Cache-Control", "no-store");
    return out;
}

/// A request's JSON body, read field by field; an absent or wrong field is a failure that names it.
class body {
 public:
    static result<body> of(const server_request& r) {
        if (r.headers.get("content-type").substr(0, 16) != "application/json")
            return fail(errc::invalid, "send application/json");
        json::error_code ec;
        json::parse_options options;
        options.max_depth = 8;
        auto v = json::parse(r.body, ec, {}, options);
        if (ec || !v.is_object()) return fail(errc::invalid, "the body is not a JSON object");
        return body(std::move(v.get_object()));
    }
    result<std::string> text(std::string_view name) const {
        const auto* v = all_.if_contains(name);
        if (!v || !v->is_string()) return fail(errc::invalid, std::string(name) + ": give a text");
        return std::string(v->get_string());
    }
    result<std::int64_t> number(std::string_view name) const {
        const auto* v = all_.if_contains(name);
        if (!v || !v->is_int64()) return fail(errc::invalid, std::string(name) + ": give a whole number");
        return v->get_int64();
    }
    result<bool> flag(std::string_view name) const {
        const auto* v = all_.if_contains(name);
        if (!v || !v->is_bool()) return fail(errc::invalid, std::string(name) + ": give true or false");
        return v->get_bool();
    }

 private:
    explicit body(json::object all) : all_(std::move(all)) {}
    json::object all_;
};

result<std::int64_t> id_of(const server_request& r) {
    std::int64_t id = 0;
    const auto& text = r.parts.at(0);
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc{} || end != text.data() + text.size() || id < 1)
        return fail(errc::not_found, "'" + text + "' is no suggestion's number");
    return id;
}

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

using shown = awaitable<result<json::value>>;

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
    auto found = co_await c.store.suggestions(f);
    if (found.has_error()) co_return found.error();
    if (wanted != "closed") std::reverse(found->begin(), found->end());  // who waits longest comes first
    // Of the open ones for one message the best stands for all; the others are its alternatives.
    json::array items;
    std::map<std::int64_t, std::size_t> best;
    std::stable_sort(found->begin(), found->end(), [](const suggestion& a, const suggestion& b) {
        return a.message_id == b.message_id && a.state == open && b.state == open && a.rank < b.rank;
    });
    for (auto& s : *found) {
        if (s.state == open) {
            const auto [at, fresh] = best.emplace(s.message_id, items.size());
            if (!fresh) {
                items[at->second].as_object()["alternatives"].as_array().push_back(brief(s));
                continue;
            }
        }
        auto v = co_await full_view(c, std::move(s));
        if (v.has_error()) co_return v.error();
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
    if (thread.has_error()) co_return thread.error();
    const judgement_input in{text, s->kind, *m, *thread, a->platform->supports().length(text), now()};
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

shown status(api_context& c, server_request, std::string) {
    json::array accounts;
    for (auto& a : c.accounts) {
        const auto memory = co_await c.store.remembered(a.config.id);
        if (memory.has_error()) co_return memory.error();
        const auto last = a.inbox->last_event_at() ? a.inbox->last_event_at() : memory->last_message_at;
        json::object v{{"id", a.config.id},           {"platform", a.config.platform},
                       {"state", to_string(a.state)}, {"since", to_rfc3339(a.since, 3)},
                       {"detail", a.detail},          {"messages", memory->messages},
                       {"gaps", memory->gaps},        {"last_event_at", nullptr}};
        if (last) v["last_event_at"] = to_rfc3339(*last, 3);
        accounts.push_back(std::move(v));
    }
    const auto q = co_await c.store.counts();
    if (q.has_error()) co_return q.error();
    const auto current = c.rules.current();
    const auto& all = current->set().playbooks;
    const auto live = std::count_if(all.begin(), all.end(),
                                    [](const playbook& p) { return p.status == playbook_status::live; });
    json::array errors;
    for (const auto& f : c.rules.errors().all()) errors.push_back(json::string(f.text()));
    json::object out;
    out["version"] = KITH_VERSION;
    out["started_at"] = to_rfc3339(c.started_at, 3);
    out["accounts"] = std::move(accounts);
    out["playbooks"] = json::object{{"count", all.size()},
                                    {"live", live},
                                    {"commit", current->set().commit},
                                    {"loaded_at", to_rfc3339(c.rules.loaded_at(), 3)},
                                    {"errors", std::move(errors)}};
    out["queue"] = json::object{
        {"open", q->open}, {"approved", q->approved}, {"sending", q->sending}, {"unsure", q->unsure}};
    co_return json::value(std::move(out));
}

using act = shown (*)(api_context&, server_request, std::string by);

struct route {
    std::string_view method, pattern;
    act run;
};

constexpr route routes[] = {
    {"GET", "/api/v1/status", status},
    {"GET", "/api/v1/suggestions", list},
    {"GET", "/api/v1/suggestions/{id}", get_one},
    {"POST", "/api/v1/suggestions/{id}/approve", approve},
    {"POST", "/api/v1/suggestions/{id}/edit", edit},
    {"POST", "/api/v1/suggestions/{id}/reject", reject},
    {"POST", "/api/v1/suggestions/{id}/settle", settle},
    {"GET", "/api/v1/messages/{id}", why},
};

/// Every route passes here: no act without a person.
awaitable<server_response> run(api_context& c, act what, server_request r) {
    auto who = c.sessions.person(r);
    if (!who) co_return problem_of(fail(errc::unauthorised, "this needs a session"));
    if (r.method != "GET" && *who == sessions::hidden_user)
        co_return problem_of(fail(errc::refused, "a decision needs a name, and the service cannot see whose this is:"
                                                 " decide in the console, or run kith with sudo"));
    if (r.method != "GET" && !sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request does not come from the console's own page"));
    auto out = co_await what(c, std::move(r), std::move(*who));
    if (out.has_error()) co_return problem_of(out.error());
    co_return answer(*out);
}

awaitable<server_response> who_am_i(api_context& c, server_request r) {
    auto who = c.sessions.person(r);
    if (!who) co_return problem_of(fail(errc::unauthorised, "this needs a session"));
    json::object out{{"user", *who}};
    co_return answer(json::value(std::move(out)));
}

awaitable<server_response> sign_in(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    const auto b = body::of(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto password = b->text("password");
    if (password.has_error()) co_return problem_of(password.error());
    auto cookie = co_await c.sessions.sign_in(*password, r.from.address);
    if (cookie.has_error()) co_return problem_of(cookie.error());
    json::object out{{"user", "operator"}};
    auto answered = answer(json::value(std::move(out)));
    answered.headers.add("Set-Cookie", std::move(*cookie));
    co_return answered;
}

awaitable<server_response> set_up(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    const auto b = body::of(r);
    if (b.has_error()) co_return problem_of(b.error());
    const auto token = b->text("token");
    if (token.has_error()) co_return problem_of(token.error());
    const auto password = b->text("password");
    if (password.has_error()) co_return problem_of(password.error());
    const auto done = co_await c.sessions.set_up(*token, *password);
    if (done.has_error()) co_return problem_of(done.error());
    co_return co_await sign_in(c, std::move(r));
}

awaitable<server_response> sign_out(api_context& c, server_request r) {
    if (!sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request comes from another site"));
    auto answered = server_response::make(204, "", "");
    answered.headers.add("Set-Cookie", c.sessions.sign_out(r));
    co_return answered;
}

/// Reading is what notices that the page has gone; what it says is not listened to.
awaitable<void> until_gone(net::websocket& socket) {
    for (;;) {
        const auto said = co_await socket.read();
        if (said.has_error()) co_return;
    }
}

/// Numbered news for one page. The page fetches what the news is about; after a reconnect it fetches all.
awaitable<void> tell_news(live& from, net::websocket& socket) {
    bell ring(co_await asio::this_coro::executor);
    std::deque<live::news> waiting;
    const live::subscription listening(from, [&](const live::news& n) {
        waiting.push_back(n);
        ring.ring();
    });
    json::object hello{{"type", "hello"}, {"seq", from.last()}};
    auto sent = co_await socket.write(json::serialize(hello));
    while (sent.has_value()) {
        if (waiting.empty()) {
            co_await ring.wait(std::chrono::minutes{1});
            continue;
        }
        const auto n = waiting.front();
        waiting.pop_front();
        json::object about{{"type", "suggestion"},
                           {"seq", n.number},
                           {"id", n.what.suggestion_id},
                           {"state", to_string(n.what.state)}};
        sent = co_await socket.write(json::serialize(about));
    }
}

awaitable<void> events(api_context& c, net::websocket& socket) {
    auto news = tell_news(c.live, socket);
    auto gone = until_gone(socket);
    co_await first_of(std::move(news), std::move(gone));
}

}  // namespace

void add_api(net::http_router& router, api_context& context) {
    for (const auto& r : routes)
        router.on(std::string(r.method), std::string(r.pattern),
                  [&context, act = r.run](server_request q) { return run(context, act, std::move(q)); });
    router.on("GET", "/api/v1/session",
              [&context](server_request q) { return who_am_i(context, std::move(q)); });
    router.on("POST", "/api/v1/session",
              [&context](server_request q) { return sign_in(context, std::move(q)); });
    router.on("DELETE", "/api/v1/session",
              [&context](server_request q) { return sign_out(context, std::move(q)); });
    router.on("POST", "/api/v1/session/setup",
              [&context](server_request q) { return set_up(context, std::move(q)); });

    const auto may = [&context](const server_request& q) -> std::optional<server_response> {
        if (!context.sessions.person(q)) return problem_of(fail(errc::unauthorised, "this needs a session"));
        const auto origin = q.headers.find("origin");  // browsers always send it here
        const auto start = origin ? origin->find("://") : std::string_view::npos;
        if (origin && (start == std::string_view::npos || origin->substr(start + 3) != q.headers.get("host")))
            return problem_of(fail(errc::refused, "this page belongs to another site"));
        return std::nullopt;
    };
    router.on_websocket("/api/v1/events", may, {}, "kith.events.1",
                        [&context](server_request, net::websocket& s) { return events(context, s); });
}

}  // namespace kith::console
