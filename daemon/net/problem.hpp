/// Errors as problem details (RFC 9457).
#pragma once

#include "daemon/net/http_server.hpp"

#include <boost/json/object.hpp>

namespace kith::net {

/// Its type is "urn:kith:problem:NAME": programs decide by it, people read the rest.
struct problem_details {
    unsigned status = 500;
    std::string name{};  ///< empty: that of the status
    std::string title;
    std::string detail;
    boost::json::object more{};  ///< further members
};

server_response problem(problem_details p);

/// The Content-Security-Policy of answers that are data: a browser that is shown one does nothing with it.
inline constexpr const char* data_policy = "default-src 'none'; frame-ancestors 'none'";

/// "not-found" of 404; "failed" where a status has no name.
std::string_view problem_name(unsigned status) noexcept;

}  // namespace kith::net
