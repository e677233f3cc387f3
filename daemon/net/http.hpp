/// HTTP as Kith sees it: plain values. Beast stays inside this folder's .cpp files.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::net {

/// Header fields in order; names compare without case.
class http_fields {
 public:
    http_fields() = default;
    http_fields(std::initializer_list<std::pair<std::string, std::string>> all) : all_(all) {}
    void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }
    /// The first of that name, or nothing.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    std::string_view get(std::string_view name, std::string_view otherwise = {}) const noexcept;
    const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return all_; }

 private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// scheme://host[:port]/path?query, parsed and checked. Schemes: http, https, ws, wss, and
/// "unix:/path/to/socket:/request/target" for the daemon's own socket.
struct url {
    std::string scheme;
    std::string host;         ///< without brackets
    std::uint16_t port = 0;   ///< the scheme's default where none is given
    std::string target;       ///< path and query, at least "/"
    std::string socket_path;  ///< with scheme unix
    bool secure() const noexcept { return scheme == "https" || scheme == "wss"; }
    std::string host_header() const;
    static result<url> parse(std::string_view text);
};

/// Percent-encodes all but the unreserved characters of RFC 3986.
std::string percent_encode(std::string_view text);
/// Nothing if an escape is broken.
std::optional<std::string> percent_decode(std::string_view text);
/// "a=1&b=2" decoded; '+' is a space.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

}  // namespace kith::net
