/// The ways to the provider and back that are under way. Pure: the caller says what time it is.
#pragma once

#include "daemon/model/time.hpp"

#include <map>
#include <optional>
#include <string>

namespace kith::console {

/// One way there and back: what was sent with the browser, and must come back with it.
struct oidc_flow {
    std::string browser;       ///< SHA-256 of the cookie that this browser got
    std::string nonce;         ///< the ID token must have it
    std::string verifier;      ///< PKCE (RFC 7636): the code is worth nothing without it
    std::string from;          ///< the address, so that nobody fills the book alone
    std::int64_t link = 0;     ///< the user who wants to link; 0: somebody signs in
    std::int64_t session = 0;  ///< of the browser when it left; 0: none
    timestamp began{};
};

/// By `state`. In memory: a restart asks people to begin again.
class oidc_flows {
 public:
    static constexpr std::chrono::minutes life{10};
    static constexpr std::size_t most = 10'000, most_of_one_address = 100;

    /// Beyond the bounds the oldest goes: of this address, then of all.
    void put(std::string state, oidc_flow f);
    /// Once: whatever comes of it, the state is used up. Nothing for one that is unknown, too old, or another
    /// browser's (which leaves it to the one that it belongs to).
    std::optional<oidc_flow> take(const std::string& state, const std::string& browser, timestamp at);
    std::size_t size() const noexcept { return all_.size(); }

 private:
    void drop_oldest(const std::string* of_address);
    std::map<std::string, oidc_flow> all_;
};

}  // namespace kith::console
