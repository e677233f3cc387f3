/// Our being signed in: the tokens, kept in memory only, and kept fresh.
#pragma once

#include "platforms/bluesky/budget.hpp"
#include "platforms/bluesky/turnstile.hpp"
#include "platforms/bluesky/wire.hpp"

#include <chrono>
#include <string>

namespace kith::bluesky {

/// How long a token is good for by its own word: `exp` less `iat`. Both are the server's clock, so ours may
/// be wrong by any amount. Nothing where it does not say.
std::optional<std::chrono::seconds> lifetime_of(std::string_view jwt);

/// Any number of coroutines may ask at once; one of them signs in or refreshes, the others wait for it.
class session {
 public:
    session(asio::any_io_executor executor, wire& over, std::string identifier, std::string password);

    /// A token that is good for a while: signs in or refreshes first where needed. Failures: `unauthorised`
    /// (the password is refused, and is then not tried again for five minutes), `limited`, `transient`; never
    /// `unknown`, since signing in twice does no harm.
    awaitable<result<std::string>> access();

    /// The server refused `used`: gives its successor.
    awaitable<result<std::string>> renew(std::string used);

    /// Empty before the first `access()` that went well.
    const std::string& did() const noexcept { return did_; }

 private:
    using clock = std::chrono::steady_clock;
    awaitable<result<std::string>> sign_in();
    awaitable<result<std::string>> refresh();
    result<std::string> take_tokens(const net::client_response& r);

    wire& wire_;
    std::string identifier_, password_;
    turnstile one_at_a_time_;
    std::string did_, access_, refresh_;
    clock::time_point renew_at_ = clock::time_point::max();
    budget sign_ins_;
    std::optional<error> refusal_;  ///< of the password
    clock::time_point refused_until_{};
};

}  // namespace kith::bluesky
