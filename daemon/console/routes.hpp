/// What the parts of the API share: a route is a function from a request and a person to JSON.
#pragma once

#include "daemon/console/api.hpp"
#include "daemon/console/identity.hpp"
#include "daemon/console/paging.hpp"

#include <boost/json/object.hpp>

#include <span>

namespace kith::console {

/// What a route gives: JSON (a bare text is a table, as CSV), or an error that becomes a problem document.
using shown = awaitable<result<boost::json::value>>;

/// `by`: the person who asks, whose role is at least that of the route. What of it is theirs to see, the act
/// asks `may`.
using act = shown (*)(api_context&, net::server_request, identity by);

/// `pattern` as in net/router.hpp. Anything but GET is a decision: it needs a name and our own page, and can
/// be repeated with an Idempotency-Key. Whose role is below `least` is refused.
struct route {
    std::string_view method, pattern;
    act run;
    role least;
    /// How the resource looks now, for who comes too late: a 409 or 412 tells it as `current`.
    act looks_now = nullptr;
    /// Its answer holds a secret that is shown once, and is not kept for who repeats the request.
    bool answers_secret = false;
};

/// Adds them, each behind the session check. No act without a person.
void add_routes(net::http_router& router, api_context& context, std::span<const route> routes);

/// Who asks, if they may: signed in, of the role at least, and from our own page where it is a decision. Else
/// the answer that says why not.
boost::system::result<identity, net::server_response> admitted(api_context& c, const net::server_request& r,
                                                               role least);

/// A token lets nobody in: users and their tokens are made by who is signed in, or is on this machine.
result<void> must_be_no_program(const identity& by);

/// `current`: how the thing is now, for who comes too late.
net::server_response problem_of(const error& e, const boost::json::value& current = nullptr);
/// With `urn:kith:problem:NAME` as its type, and the thing as it is now, where that helps.
net::server_response named_problem(unsigned status, std::string_view name, std::string_view title,
                                   std::string_view detail, const boost::json::value& current = nullptr);
/// With the ETag of what has a version.
net::server_response answer(const boost::json::value& v, unsigned status = 200);

/// The ETag of something with a `version`: it begins with the version, which is all that If-Match looks at.
/// What follows is a digest of `text`, since a page may show more than what the version counts.
std::string etag(std::int64_t version, std::string_view text);
/// The version that the caller saw, from If-Match. `unversioned` without one.
result<std::int64_t> if_match(const net::server_request& r);
/// `outdated` if what the caller saw is not the newest: `what` names the thing.
result<void> must_be_newest(std::int64_t seen, std::int64_t newest, const std::string& what);

/// A request's JSON body, read field by field; an absent or wrong field is a failure that names it.
class body {
 public:
    static result<body> of(const net::server_request& r);
    result<std::string> text(std::string_view name) const;
    result<std::int64_t> number(std::string_view name) const;
    result<bool> flag(std::string_view name) const;
    result<std::vector<std::string>> texts(std::string_view name) const;
    result<body> map(std::string_view name) const;
    bool null(std::string_view name) const { return has(name) && all_.at(name).is_null(); }
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
