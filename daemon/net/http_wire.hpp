/// An answer's bytes. Inside this folder only.
#pragma once

#include "daemon/net/http_server.hpp"

#include <string>
#include <string_view>

namespace kith::net {

struct wire_options {
    bool without_body = false;  ///< to HEAD: the fields are those of the whole answer
    bool close = false;         ///< no further request on this connection
};

/// Throws std::invalid_argument for a field that would break out of its line: that is a handler's bug.
std::string write_response(const server_response& r, wire_options how);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(timestamp t);

}  // namespace kith::net
