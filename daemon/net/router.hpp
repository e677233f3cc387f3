/// Which handler a request goes to. Pure: no sockets.
#pragma once

#include "daemon/net/http_server.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kith::net {

/// A pattern of `http_router`, taken apart.
class route_pattern {
 public:
    /// Throws std::logic_error for a pattern that is none: patterns are written by us.
    explicit route_pattern(std::string_view text);

    /// What the braces take from these percent-decoded segments, or nothing. A "{name}" takes one segment
    /// that is not empty, whatever it has in it; a last "{name...}" takes all that is left (also nothing),
    /// joined with '/', but no segment that is empty or has a '/' or NUL in it: the rest is often used as a
    /// path.
    std::optional<std::vector<std::string>> match(const std::vector<std::string>& segments) const;

    /// Does this one go before that one where both match? Literals before "{name}" before "{name...}", from
    /// the left.
    bool goes_before(const route_pattern& that) const noexcept { return ranks_ > that.ranks_; }
    const std::string& text() const noexcept { return text_; }

 private:
    std::string text_;
    std::vector<std::string> segments_;  ///< the literals; empty where there are braces
    std::string ranks_;                  ///< one a segment: 'l'iteral is more than 'b'races, 'a' is the rest
};

/// "/a/b%20c" → {"a", "b c"}. Nothing for a broken escape and for the segments "." and "..": nobody who means
/// well sends them, and whoever uses the path for a file would walk upwards.
std::optional<std::vector<std::string>> split_path(std::string_view path);

class route_table {
 public:
    struct plain {
        std::string method;
        route_pattern pattern;
        http_handler handler;
    };
    struct upgrade {
        route_pattern pattern;
        upgrade_check may;
        websocket_limits limits;
        std::string subprotocol;
        websocket_handler handler;
    };

    /// Throw std::logic_error where method and pattern are there already.
    void add(plain r);
    void add(upgrade r);

    struct plain_match {
        const plain* route = nullptr;    ///< nothing: see the others
        std::vector<std::string> parts;  ///< of the route
        std::string allow;               ///< the methods that the path has; empty: there is no such path
        bool upgrade_only = false;       ///< there is a WebSocket here, and nothing else
    };
    /// HEAD finds the handler of GET where it has none of its own.
    plain_match find(std::string_view method, const std::vector<std::string>& segments) const;

    struct upgrade_match {
        const upgrade* route = nullptr;
        std::vector<std::string> parts;
    };
    upgrade_match find_upgrade(const std::vector<std::string>& segments) const;

 private:
    /// A handler that runs refers to its route: so routes stay where they are.
    std::deque<plain> plains_;
    std::deque<upgrade> upgrades_;
};

}  // namespace kith::net
