#include "daemon/console/routes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

using net::server_request;
using net::server_response;

namespace {

server_response plain_problem(const error& e) {
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
        case errc::outdated:
            return net::problem(412, "It is not what you saw any more", e.what);
        case errc::unversioned:
            return net::problem(428, "Say which version you saw", e.what);
        case errc::limited:
            return net::problem(429, "Too many requests", e.what);
        default:
            return net::problem(503, "Not possible right now", e.what);
    }
}

}  // namespace

server_response problem_of(const error& e, const json::value& current) {
    auto out = plain_problem(e);
    if (current.is_null()) return out;
    auto whole = json::parse(out.body).as_object();
    whole["current"] = current;
    out.body = json::serialize(whole);
    return out;
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

server_response answer(const json::value& v, unsigned status) {
    auto out = server_response::make(status, "application/json", json::serialize(v));
    out.headers.add("Cache-Control", "no-store");
    const auto* version = v.is_object() ? v.get_object().if_contains("version") : nullptr;
    if (version && version->is_int64())
        out.headers.add("ETag", '"' + std::to_string(version->get_int64()) + '"');
    return out;
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
    if (!v || !v->is_string()) return fail(errc::invalid, std::string(name) + ": give a text");
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
    if (!v || !v->is_int64()) return fail(errc::invalid, std::string(name) + ": give a whole number");
    return v->get_int64();
}

result<bool> body::flag(std::string_view name) const {
    const auto* v = all_.if_contains(name);
    if (!v || !v->is_bool()) return fail(errc::invalid, std::string(name) + ": give true or false");
    return v->get_bool();
}

result<std::int64_t> id_of(const server_request& r, std::string_view what) {
    std::int64_t id = 0;
    const auto& text = r.parts.at(0);
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc{} || end != text.data() + text.size() || id < 1)
        return fail(errc::not_found, "'" + text + "' is no " + std::string(what) + "'s number");
    return id;
}

namespace {

/// Every route passes here: no act without a person.
awaitable<server_response> run(api_context& c, route where, server_request r) {
    auto who = c.sessions.person(r);
    if (!who) co_return problem_of(fail(errc::unauthorised, "this needs a session"));
    if (r.method != "GET" && who->login == sessions::hidden_user)
        co_return problem_of(fail(errc::refused,
                                  "a decision needs a name, and the service cannot see whose this is:"
                                  " decide in the console, or run kith with sudo"));
    if (r.method != "GET" && !sessions::same_site(r))
        co_return problem_of(fail(errc::refused, "this request does not come from the console's own page"));
    if (who->role < where.least)
        co_return problem_of(fail(errc::refused, "this needs the role " +
                                                     std::string(to_string(where.least)) + ": you are " +
                                                     std::string(to_string(who->role))));
    server_request again;  // for who comes too late
    again.method = "GET";
    again.path = r.path;
    again.from = r.from;
    again.parts = r.parts;
    auto out = co_await where.run(c, std::move(r), *who);
    if (out.has_value()) co_return answer(*out);
    const bool late = out.error().kind == errc::conflict || out.error().kind == errc::outdated;
    if (!late || !where.looks_now) co_return problem_of(out.error());
    const auto current = co_await where.looks_now(c, std::move(again), std::move(*who));
    if (current.has_error()) co_return problem_of(out.error());
    co_return problem_of(out.error(), *current);
}

}  // namespace

void add_routes(net::http_router& router, api_context& context, std::span<const route> routes) {
    for (const auto& r : routes)
        router.on(std::string(r.method), std::string(r.pattern),
                  [&context, &r](server_request q) { return run(context, r, std::move(q)); });
}

}  // namespace kith::console
