/// One XRPC call as it goes over the wire: no tokens of its own, no retries.
#pragma once

#include "daemon/net/http_client.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kith::bluesky {

struct call {
    explicit call(std::string nsid_) : nsid(std::move(nsid_)) {}
    std::string nsid;
    std::vector<std::pair<std::string, std::string>> query;
    bool procedure = false;  ///< POST; else GET
    std::string body;        ///< JSON, or empty
    std::chrono::milliseconds timeout{30'000};
};

class wire {
 public:
    /// `service`: base URL; what is below it is "/xrpc/...".
    wire(net::http_client& http, std::string service) : http_(http), service_(std::move(service)) {}
    awaitable<result<net::client_response>> send(call c, std::string token);

 private:
    net::http_client& http_;
    std::string service_;
};

}  // namespace kith::bluesky
