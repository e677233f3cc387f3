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

/// How much of a list is wanted.
struct list_options {
    std::size_t limit = 50;
    bool all = false;
};

/// A list's items, part by part until `wanted` is met: {"items": [...], "next": a cursor or null} and what
/// else the daemon answered. `target` has its filters, and no limit or cursor.
result<boost::json::value> call_list(const std::string& socket, const std::string& target,
                                     const list_options& wanted);

}  // namespace kith::cli
