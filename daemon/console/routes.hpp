/// What the parts of the API share: a route is a function from a request and a person to JSON.
#pragma once

#include "daemon/console/api.hpp"
#include "daemon/console/identity.hpp"

#include <boost/json/object.hpp>

#include <span>

namespace kith::console {

/// What a route gives: JSON, or an error that becomes a problem document.
using shown = awaitable<result<boost::json::value>>;

/// `by`: the person who asks, whose role is at least that of the route. What of it is theirs to see, the act
/// asks `may`.
using act = shown (*)(api_context&, net::server_request, identity by);

/// `pattern` as in net/router.hpp. Anything but GET is a decision: it needs a name and our own page. `least`:
/// whose role is below it is refused.
struct route {
    std::string_view method, pattern;
    act run;
    role least;
    /// How the resource looks now, for who comes too late: a 409 or 412 tells it as `current`.
    act looks_now = nullptr;
};

/// Adds them, each behind the session check. No act without a person.
void add_routes(net::http_router& router, api_context& context, std::span<const route> routes);

/// `current`: how the thing is now, for who comes too late.
net::server_response problem_of(const error& e, const boost::json::value& current = nullptr);
/// The version that the caller saw, from If-Match. `unversioned` without one.
result<std::int64_t> if_match(const net::server_request& r);
net::server_response answer(const boost::json::value& v, unsigned status = 200);

/// A request's JSON body, read field by field; an absent or wrong field is a failure that names it.
class body {
 public:
    static result<body> of(const net::server_request& r);
    result<std::string> text(std::string_view name) const;
    result<std::int64_t> number(std::string_view name) const;
    result<bool> flag(std::string_view name) const;
    /// Nothing where it is null or absent.
    result<std::optional<std::string>> maybe_text(std::string_view name) const;
    const boost::json::object& all() const noexcept { return all_; }
    bool has(std::string_view name) const { return all_.contains(name); }

 private:
    explicit body(boost::json::object all) : all_(std::move(all)) {}
    boost::json::object all_;
};

/// The number in `{id}`, the first of the route's parts; `what` names it in the error.
result<std::int64_t> id_of(const net::server_request& r, std::string_view what = "suggestion");

}  // namespace kith::console
