/// One HTTP request at a time to somebody else's server. Errors are sorted so that a caller knows whether the
/// request may have been carried out.
#pragma once

#include "daemon/net/http.hpp"

#include <memory>

namespace kith::net {

struct client_request {
    client_request(std::string method_, std::string url_)
        : method(std::move(method_)), url(std::move(url_)) {}
    std::string method;
    std::string url;
    http_fields headers;
    std::string body;
    std::chrono::milliseconds timeout{30'000};  ///< for all of it, connecting included
    std::size_t most_bytes = 8 << 20;           ///< a larger answer is a failure
};

struct client_response {
    unsigned status = 0;
    http_fields headers;
    std::string body;
};

class http_client {
 public:
    virtual ~http_client() = default;

    /// Completes with whatever the server answered, whichever status. Failures:
    /// `transient`: the request was certainly not carried out (name not found, connection refused, TLS
    /// refused); `unknown`: it was sent, or part of it, and no whole answer came; `invalid`: the URL is no
    /// URL. Redirects are not followed. Connections are kept for reuse where the server allows it; a request
    /// goes over a kept connection only where repeating it is safe (GET, HEAD, PUT, DELETE): those are tried
    /// once more on a fresh connection if the kept one had been closed.
    virtual awaitable<result<client_response>> send(client_request r) = 0;
};

struct client_options {
    std::string user_agent = "kith";
    /// PEM file of further trusted authorities; the system's are always trusted. For test servers.
    std::string extra_ca_file;
};

std::unique_ptr<http_client> make_http_client(asio::any_io_executor executor, client_options options = {});

}  // namespace kith::net
