/// Who is asking: people at the console by password and session, local users by the Unix socket.
#pragma once

#include "daemon/console/identity.hpp"
#include "daemon/net/http_server.hpp"
#include "daemon/store/store.hpp"

#include <boost/asio/thread_pool.hpp>

#include <unordered_map>

namespace kith::console {

/// Until a password is set, whoever has the setup token may set it: once. Sessions are kept in memory: a
/// restart asks for the password again.
class sessions {
 public:
    sessions(store& s, bool secure_cookies);

    /// Reads whether a password is set; makes the setup token if not. Call before the first request.
    awaitable<result<void>> start();
    /// Empty once a password is set.
    const std::string& setup_token() const noexcept { return setup_token_; }

    /// The user that the kernel names where it may not tell: systemd's PrivateUsers= hides all but root and
    /// the service's own. May look; may not decide, since a decision has a person's name.
    static constexpr std::string_view hidden_user = "nobody";
    /// The person behind a request, or nothing.
    std::optional<identity> person(const net::server_request& r);
    /// The same, but it does not count as use: an open page that nobody touches still ends in time.
    std::optional<identity> still(const net::server_request& r);
    /// Whether a request over TCP comes from our own pages: Sec-Fetch-Site, else Origin, and a header that no
    /// foreign form can send. Requests over the Unix socket come from no browser.
    static bool same_site(const net::server_request& r);

    awaitable<result<void>> set_up(std::string token, std::string password);
    /// The cookie to set. `unauthorised` for a wrong password, `limited` after too many from one address.
    awaitable<result<std::string>> sign_in(std::string password, std::string address);
    /// The cookie that ends it.
    std::string sign_out(const net::server_request& r);

 private:
    struct session {
        timestamp began{}, used{};
    };
    struct failures {
        int count = 0;
        timestamp until{};
    };
    std::string cookie(const std::string& value, std::chrono::seconds age) const;

    store& store_;
    bool secure_;
    std::string setup_token_;
    std::string password_hash_;
    std::unordered_map<std::string, session> sessions_;   ///< by SHA-256 of the cookie
    std::unordered_map<std::string, failures> failures_;  ///< by address
    asio::thread_pool hashing_{1};                        ///< one at a time: each takes 64 MiB
};

}  // namespace kith::console
