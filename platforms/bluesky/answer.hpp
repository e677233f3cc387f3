/// What an XRPC answer means for us. Pure.
#pragma once

#include "daemon/net/http_client.hpp"
#include "platforms/bluesky/json.hpp"

#include <string>

namespace kith::bluesky {

/// Whether a request changes something, and so must not be repeated blindly.
enum class effect { reads, writes };

/// A failure in Bluesky's words, which decide more than its status does.
struct xrpc_failure {
    std::string name;  ///< "ExpiredToken"; empty where the body is not XRPC's (a proxy's HTML page)
    error why;
};

/// Sorts any answer that is not a success.
xrpc_failure classify(const net::client_response& r, effect of, timestamp at);

/// The failures that a new access token mends. Nothing was carried out then.
bool is_token_trouble(unsigned status, std::string_view name) noexcept;

/// When the server will listen again: `retry-after` (seconds or a date), else `ratelimit-reset` (Unix
/// seconds). Never more than a day away: a header can be wrong.
std::optional<timestamp> listens_again(const net::http_fields& headers, timestamp at);

}  // namespace kith::bluesky
