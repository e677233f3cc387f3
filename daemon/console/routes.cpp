#include "daemon/console/routes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace kith::console {

namespace json = boost::json;

using net::server_request;
using net::server_response;

server_response problem_of(const error& e) {
    if (e.kind == errc::limited && e.retry_at) {
        auto out = net::problem(429, "Too many requests", e.what);
        const auto left = std::chrono::ceil<std::chrono::seconds>(*e.retry_at - now()).count();
        out.headers.add("Retry-After", std::to_string(std::max<std::int64_t>(left, 1)));
        return out;
    }
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

server_response answer(const json::value& v, unsigned status) {
    auto out = server_response::make(status, "application/json", json::serialize(v));
    out.headers.add("Cache-Control", "no-store");
    const auto* version = v.is_object() ? v.get_object().if_contains("version") : nullptr;
    if (version && version->is_int64())
        out.headers.add("ETag", "\"" + std::to_string(version->get_int64()) + "\"");
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
    auto who = c.sessions.person(r);
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

server_response named_problem(unsigned status, std::string_view name, std::string_view title,
                              std::string_view detail, const json::value& current) {
    json::object out{{"type", "urn:kith:problem:" + std::string(name)},
                     {"title", title},
                     {"status", status},
                     {"detail", detail}};
    if (!current.is_null()) out["current"] = current;
    auto answered = server_response::make(status, "application/problem+json", json::serialize(out));
    answered.headers.add("Cache-Control", "no-store");
    return answered;
}

namespace {

/// Every route passes here: no act without a person.
awaitable<server_response> run(api_context& c, route where, server_request r) {
    auto who = admitted(c, r, where.least);
    if (who.has_error()) co_return who.error();
    auto out = co_await where.run(c, std::move(r), std::move(*who));
    if (out.has_error()) co_return problem_of(out.error());
    co_return answer(*out);
}

}  // namespace

void add_routes(net::http_router& router, api_context& context, std::span<const route> routes) {
    for (const auto& r : routes)
        router.on(std::string(r.method), std::string(r.pattern),
                  [&context, &r](server_request q) { return run(context, r, std::move(q)); });
}

}  // namespace kith::console
