#include "platforms/bluesky/wire.hpp"

namespace kith::bluesky {

awaitable<result<net::client_response>> wire::send(call c, std::string token) {
    std::string url = service_ + "/xrpc/" + c.nsid;
    char separator = '?';
    for (const auto& [name, value] : c.query) {
        url += separator;
        url += name + "=" + net::percent_encode(value);
        separator = '&';
    }
    net::client_request request(c.procedure ? "POST" : "GET", std::move(url));
    request.headers.add("Accept", "application/json");
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    if (!c.body.empty()) request.headers.add("Content-Type", "application/json");
    request.body = std::move(c.body);
    request.timeout = c.timeout;
    co_return co_await http_.send(std::move(request));
}

}  // namespace kith::bluesky
