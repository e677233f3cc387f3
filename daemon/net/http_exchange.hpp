/// One request and its answer over one connection. Inside this folder only.
#pragma once

#include "daemon/net/byte_stream.hpp"
#include "daemon/net/http_client.hpp"

#include <string>

namespace kith::net {

/// What a failed attempt can say about itself; whoever waits reads it also after a time-out.
struct attempt {
    bool sent = false;      ///< some byte of the request may have left
    bool answered = false;  ///< some byte of an answer came
    bool closed = false;    ///< the connection was closed before any answer
    bool reusable = false;  ///< after a whole answer: the connection may be used again
};

/// The request's bytes, or `invalid` where a method, name or value would break out of its place.
result<std::string> write_request(const client_request& r, const url& to, const std::string& user_agent);

/// Sends `bytes` and reads the answer. What `most_bytes` allows is the answer's body.
awaitable<result<client_response>> exchange(byte_stream& stream, const std::string& bytes, bool is_head,
                                            std::size_t most_bytes, attempt& how);

}  // namespace kith::net
