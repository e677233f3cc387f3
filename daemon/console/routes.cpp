#include "daemon/console/routes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace kith::console {

namespace json = boost::json;

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

server_response answer(const json::value& v, unsigned status) {
    auto out = v.is_string()
                   ? server_response::make(status, "text/csv; charset=utf-8", std::string(v.get_string()))
                   : server_response::make(status, "application/json", json::serialize(v));
    if (v.is_string()) out.headers.add("Content-Disposition", "attachment; filename=\"kith.csv\"");
    out.headers.add("Cache-Control", "no-store");
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
