/// The kith command's side of the API: one request over the daemon's Unix socket.
#pragma once

#include "daemon/model/error.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kith::cli {

/// Sends one request and waits for the answer. A problem of the daemon's (RFC 9457) is a failure with its
/// detail; a daemon that does not answer is `transient`.
result<boost::json::value> call(const std::string& socket, const std::string& method,
                                const std::string& target, const boost::json::value& body = nullptr,
                                const std::vector<std::pair<std::string, std::string>>& headers = {});

}  // namespace kith::cli
