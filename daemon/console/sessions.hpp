/// Who is asking: people at the console by a session, programs by a token, local users by the Unix socket.
#pragma once

#include "daemon/console/tokens.hpp"

#include <unordered_map>

namespace kith::console {

/// Sessions are in the store: a restart ends none. A cookie is 160 random bits, and another after each step
/// of the way in.
class sessions {
 public:
    /// `secure`: browsers come by https.
    sessions(people_store& s, const people& who, tokens& t, bool secure);

    /// Call before the first request.
    awaitable<result<void>> start();
    /// Keeps what was used, and forgets what is over, now and then. Lives long.
    awaitable<void> keep_noting();

    /// The user that the kernel names where it may not tell: systemd's PrivateUsers= hides all but root and
    /// the service's own. May look; may not decide, since a decision has a person's name.
    static constexpr std::string_view hidden_user = "nobody";
    /// The person behind a request, or nothing: also while the second factor is still to come.
    std::optional<identity> person(const net::server_request& r);
    /// The same, without counting as use: whether a WebSocket that this request began may stay open.
    std::optional<identity> still(const net::server_request& r) const;
    /// The session of the request's cookie, however far it is; null: there is none.
    const user_session* find(const net::server_request& r) const;
    /// Whether a request over TCP comes from our own pages: Sec-Fetch-Site, else Origin, and a header that no
    /// foreign form can send. Requests over the Unix socket, and those with a token, come from no browser.
    static bool same_site(const net::server_request& r);

    struct begun {
        user_session session;
        std::string cookie;  ///< to be set
    };
    /// In the place of the one that the request has, if any. `proved`: when the second factor was shown.
    awaitable<result<begun>> begin(std::int64_t user, second_factor second, net::server_request r,
                                   std::string address, timestamp proved);
    awaitable<result<void>> end(std::int64_t id);
    /// The store has ended all of the user's but `keep`.
    void forget_user(std::int64_t user, std::int64_t keep = 0);
    /// Oldest first, those on the way in left out.
    std::vector<user_session> of(std::int64_t user) const;

    /// One of them; null: it has ended.
    const user_session* by_id(std::int64_t id) const;

    static timestamp ends_at(const user_session& s);
    /// A cookie of ours; an age of 0 takes it away. `site`: with which requests browsers send it.
    std::string cookie(std::string_view name, const std::string& value, std::chrono::seconds age,
                       std::string_view site = "Strict") const;
    std::string no_cookie() const { return cookie(cookie_name, "", std::chrono::seconds{0}); }
    /// With the prefix that keeps other hosts and plain HTTP from setting it.
    std::string full_name(std::string_view name) const;

    static constexpr std::string_view cookie_name = "kith";

 private:
    bool over(const user_session& s) const;

    people_store& store_;
    const people& people_;
    tokens& tokens_;
    bool secure_;
    std::unordered_map<std::string, user_session> by_hash_;
    std::set<std::string> used_;  ///< hashes
};

}  // namespace kith::console
