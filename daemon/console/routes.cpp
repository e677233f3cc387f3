#include "daemon/console/routes.hpp"

#include "daemon/console/idempotency.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/problem.hpp"
#include "daemon/net/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace kith::console {

namespace json = boost::json;

using net::server_request;
using net::server_response;

namespace {

/// How long to wait, in whole seconds, at least one.
std::string seconds_until(timestamp t) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(t - now()).count();
    return std::to_string(std::max<std::int64_t>(left, 1));
}

/// Where nobody knows how long what is not possible now will last.
constexpr const char* usual_wait = "5";

net::problem_details details_of(const error& e) {
    const auto of = [&](unsigned status, const char* title) {
        return net::problem_details{status, {}, title, e.what, {}};
    };
    switch (e.kind) {
        case errc::not_found:
            return of(404, "Not found");
        case errc::conflict:
            return of(409, "It changed meanwhile");
        case errc::invalid:
            return of(400, "Bad request");
        case errc::unauthorised:
            return of(401, "Sign in first");
        case errc::refused:
            return of(403, "Not allowed");
        case errc::limited:
            return of(429, "Too many requests");
        case errc::outdated:
            return of(412, "It is not what you saw any more");
        case errc::unversioned:
            return of(428, "Say which version you saw");
        default:
            return of(503, "Not possible right now");
    }
}

}  // namespace

server_response problem_of(const error& e, const json::value& current) {
    auto p = details_of(e);
    const auto status = p.status;
    if (e.fields.size() == 1) p.more["field"] = e.fields.front().field;
    json::array errors;
    for (const auto& f : e.fields) errors.push_back({{"field", f.field}, {"detail", f.detail}});
    if (!errors.empty()) p.more["errors"] = std::move(errors);
    if (!current.is_null()) p.more["current"] = current;
    auto out = net::problem(std::move(p));
    if (e.retry_at)
        out.headers.add("Retry-After", seconds_until(*e.retry_at));
    else if (status == 429 || status == 503)
        out.headers.add("Retry-After", usual_wait);
    return out;
}

server_response answer(const json::value& v, unsigned status) {
    auto out = v.is_string()
                   ? server_response::make(status, "text/csv; charset=utf-8", std::string(v.get_string()))
                   : server_response::make(status, "application/json", json::serialize(v));
    if (v.is_string()) out.headers.add("Content-Disposition", "attachment; filename=\"kith.csv\"");
    out.headers.add("Cache-Control", "no-store");
    out.headers.add("Content-Security-Policy", net::data_policy);
    const auto* version = v.is_object() ? v.get_object().if_contains("version") : nullptr;
    if (version && version->is_int64()) out.headers.add("ETag", etag(version->get_int64(), out.body));
    return out;
}

std::string etag(std::int64_t version, std::string_view text) {
    constexpr std::size_t digits = 16;
    return '"' + std::to_string(version) + '.' + sha256_hex(text).substr(0, digits) + '"';
}

result<std::int64_t> if_match(const server_request& r) {
    auto given = r.headers.get("if-match");
    if (given.empty() || given == "*")
        return fail(errc::unversioned,
                    "If-Match: send the ETag of what you saw, so that no change in between is lost");
    if (given.starts_with("W/")) given.remove_prefix(2);  // of a proxy that compressed what was seen
    const bool quoted = given.size() > 2 && given.front() == '"' && given.back() == '"';
    const auto inside = quoted ? given.substr(1, given.size() - 2) : given;
    const auto number = inside.substr(0, inside.find('.'));
    std::int64_t version = 0;
    const auto [end, ec] = std::from_chars(number.data(), number.data() + number.size(), version);
    if (!quoted || ec != std::errc{} || end != number.data() + number.size() || version < 0)
        return fail_field("If-Match", "send one ETag as it came, with its quotes");
    return version;
}

result<void> must_be_newest(std::int64_t seen, std::int64_t newest, const std::string& what) {
    if (seen == newest) return {};
    return fail(errc::outdated, what + " changed meanwhile: you saw version " + std::to_string(seen) +
                                    ", and it is version " + std::to_string(newest) +
                                    " now; look at it again");
}

result<body> body::of(const server_request& r) {
    if (r.headers.get("content-type").substr(0, 16) != "application/json")
        return fail(errc::invalid, "send application/json");
    json::error_code ec;
    json::parse_options options;
    options.max_depth = 8;
    auto v = json::parse(r.body, ec, {}, options);
    if (ec || !v.is_object()) return fail(errc::invalid, "the body is not a JSON object");
    return body(std::move(v.get_object()));
}

result<std::string> body::text(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || !v->is_string()) return fail_field(std::string(name), "give a text");
    return std::string(v->get_string());
}

result<std::optional<std::string>> body::maybe_text(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || v->is_null()) return std::optional<std::string>();
    if (!v->is_string()) return fail_field(std::string(name), "give a text");
    return std::optional(std::string(v->get_string()));
}

result<std::int64_t> body::number(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || !v->is_int64()) return fail_field(std::string(name), "give a whole number");
    return v->get_int64();
}

result<bool> body::flag(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || !v->is_bool()) return fail_field(std::string(name), "give true or false");
    return v->get_bool();
}

result<std::vector<std::string>> body::texts(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    auto wrong = fail(errc::invalid, std::string(name) + ": give a list of texts");
    if (!v || !v->is_array()) return wrong;
    std::vector<std::string> out;
    for (const auto& one : v->get_array()) {
        if (!one.is_string()) return wrong;
        out.emplace_back(one.get_string());
    }
    return out;
}

result<body> body::map(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || !v->is_object()) return fail(errc::invalid, std::string(name) + ": give an object");
    return body(v->get_object());
}

result<std::int64_t> id_of(const server_request& r, std::string_view what) {
    std::int64_t id = 0;
    const auto& text = r.parts.at(0);
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc{} || end != text.data() + text.size() || id < 1)
        return fail(errc::not_found, "'" + text + "' is no " + std::string(what) + "'s number");
    return id;
}

boost::system::result<identity, server_response> admitted(api_context& c, const server_request& r,
                                                          role least) {
    // What a page asks by itself is no use of it: a session that nobody sits at ends.
    const bool by_itself = r.headers.get("x-kith-background") == "1";
    auto who = by_itself ? c.sessions.still(r) : c.sessions.person(r);
    if (!who && c.sessions.find(r))
        return named_problem(
            401, "second-factor-needed", "The second factor is needed",
            "you are signed in only halfway: give the code of your second factor, or set one up");
    if (!who) return problem_of(fail(errc::unauthorised, "this needs a session"));
    const bool decides = r.method != "GET" && r.method != "HEAD";
    if (decides && who->login == sessions::hidden_user)
        return problem_of(fail(errc::refused,
                               "a decision needs a name, and the service cannot see whose this is:"
                               " decide in the console, or run kith with sudo"));
    if (decides && !sessions::same_site(r))
        return problem_of(fail(errc::refused, "this request does not come from the console's own page"));
    if (who->role < least)
        return problem_of(fail(errc::refused, "this needs the role " + std::string(to_string(least)) +
                                                  ", and you act as " + std::string(to_string(who->role))));
    return std::move(*who);
}

result<void> must_be_no_program(const identity& by) {
    if (by.user == 0 || by.session != 0) return {};
    return fail(errc::refused,
                "a token lets nobody in: sign in at the console, or run kith on the daemon's own machine");
}

server_response named_problem(unsigned status, std::string_view name, std::string_view title,
                              std::string_view detail, const json::value& current) {
    net::problem_details out{status, std::string(name), std::string(title), std::string(detail), {}};
    if (!current.is_null()) out.more["current"] = current;
    return net::problem(std::move(out));
}

namespace {

/// Does what the route is for, and says what came of it.
awaitable<server_response> perform(api_context& c, route to, server_request r, identity who) {
    server_request again;  // for who comes too late
    if (to.looks_now) {
        again.method = "GET";
        again.path = r.path;
        again.from = r.from;
        again.parts = r.parts;
    }
    const std::string known(r.headers.get("if-none-match"));
    auto out = co_await to.run(c, std::move(r), who);
    if (out.has_value()) {
        auto answered = answer(*out);
        const auto tag = answered.headers.get("etag");
        if (to.method != "GET" || tag.empty() || !net::lists_word(known, tag)) co_return answered;
        auto unchanged = server_response::make(304, "application/json", "");
        unchanged.headers.add("ETag", std::string(tag));
        co_return unchanged;
    }
    const bool late = out.error().kind == errc::conflict || out.error().kind == errc::outdated;
    if (!late || !to.looks_now) co_return problem_of(out.error());
    const auto current = co_await to.looks_now(c, std::move(again), std::move(who));
    if (current.has_error()) co_return problem_of(out.error());
    co_return problem_of(out.error(), *current);
}

/// Of whom this request is as far as they got in: for the journal.
std::string login_behind(api_context& c, const server_request& r) {
    if (const auto who = c.sessions.still(r)) return who->login;
    const auto* halfway = c.sessions.find(r);
    const auto* u = halfway ? c.people.find(halfway->user) : nullptr;
    return u ? u->login + ", halfway in" : "nobody";
}

/// By the route's pattern, since a path may hold a secret.
void note_refusal(const route& to, unsigned status, const std::string& who, const std::string& from) {
    spdlog::info("refused with {}: {} {} for {} from {}", status, to.method, to.pattern, who, from);
}

awaitable<server_response> perform_once(api_context& c, route to, server_request r, identity who) {
    if (to.method == "GET") co_return co_await perform(c, to, std::move(r), std::move(who));
    const auto key = idempotency_key(r);
    if (key.has_error()) co_return problem_of(key.error());
    if (!*key) co_return co_await perform(c, to, std::move(r), std::move(who));
    const auto person = who.login;
    auto digest = digest_of_write(r);
    auto write = [&c, &to, &r, &who] { return perform(c, to, std::move(r), std::move(who)); };
    co_return co_await once(c.store.idempotency(), person, **key, std::move(digest), !to.answers_secret,
                            std::move(write));
}

/// Every route passes here: no act without a person.
awaitable<server_response> run(api_context& c, route to, server_request r) {
    auto who = admitted(c, r, to.least);
    const auto from = c.door.address_of(r);
    if (who.has_error()) {
        // Of a page that nobody is signed in at, nothing: it asks for everything.
        const auto name = login_behind(c, r);
        if (name != "nobody" || tokens::used_by(r) ||
            !r.cookie(c.sessions.full_name(sessions::cookie_name)).empty())
            note_refusal(to, who.error().status, name, from);
        co_return who.error();
    }
    const auto name = who->login;
    auto out = co_await perform_once(c, to, std::move(r), std::move(*who));
    constexpr unsigned forbidden = 403;
    if (out.status == forbidden) note_refusal(to, out.status, name, from);
    co_return out;
}

}  // namespace

void add_routes(net::http_router& router, api_context& context, std::span<const route> routes) {
    for (const auto& r : routes)
        router.on(std::string(r.method), std::string(r.pattern),
                  [&context, r](server_request q) { return run(context, r, std::move(q)); });
}

}  // namespace kith::console
