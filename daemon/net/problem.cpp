#include "daemon/net/problem.hpp"

#include <boost/json/serialize.hpp>

namespace kith::net {

std::string_view problem_name(unsigned status) noexcept {
    switch (status) {
        case 400:
        case 422:
            return "invalid";
        case 401:
            return "not-signed-in";
        case 403:
            return "not-allowed";
        case 404:
            return "not-found";
        case 405:
            return "method-not-allowed";
        case 409:
            return "changed";
        case 412:
            return "precondition-failed";
        case 413:
            return "too-large";
        case 417:
            return "expectation-failed";
        case 426:
            return "upgrade-required";
        case 428:
            return "precondition-required";
        case 429:
            return "too-many";
        case 503:
            return "unavailable";
        default:
            return "failed";
    }
}

server_response problem(problem_details p) {
    const std::string name = p.name.empty() ? std::string(problem_name(p.status)) : std::move(p.name);
    boost::json::object o;
    o["type"] = "urn:kith:problem:" + name;
    o["title"] = p.title;
    o["status"] = p.status;
    o["detail"] = p.detail;
    for (auto& [key, value] : p.more) o[key] = std::move(value);
    auto out = server_response::make(p.status, "application/problem+json", boost::json::serialize(o));
    out.headers.add("Content-Security-Policy", data_policy);
    out.headers.add("Cache-Control", "no-store");
    return out;
}

server_response problem(unsigned status, std::string title, std::string detail) {
    return problem(problem_details{status, {}, std::move(title), std::move(detail), {}});
}

}  // namespace kith::net
