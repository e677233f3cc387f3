/// The way in: a password, then a second factor; both are set up through a link that is good once.
#pragma once

#include "daemon/console/passwords.hpp"
#include "daemon/console/sealer.hpp"
#include "daemon/console/sessions.hpp"
#include "daemon/console/throttle.hpp"

namespace kith::console {

/// How far somebody came, and the cookies that say so.
struct entered {
    user_session session;
    std::vector<std::string> cookies;
};

/// Whoever fails must wait longer and longer: by login and by address. A browser that somebody signed in with
/// before has a cookie that says so, and a count of its own: who fails on purpose elsewhere does not lock
/// them out.
class door {
 public:
    struct house {
        std::string name;           ///< as the authenticator app shows it
        bool behind_proxy = false;  ///< a proxy on this host says where a request came from
    };
    door(people_store& s, people& who, sessions& all, tokens& programs, sealer keys, house h);

    /// Makes the set-up link's token if nobody is there yet. Call before the first request.
    awaitable<result<void>> start();
    /// Of the first admin's set-up link; empty once there is somebody.
    const std::string& setup_token() const noexcept { return setup_token_; }

    /// `unauthorised` for a wrong password or login, in the same words and time; `limited` with `retry_at`.
    awaitable<result<entered>> sign_in(std::string login, std::string password, net::server_request r);
    /// A code of the app. Needs a session that waits for it.
    awaitable<result<entered>> second(std::string code, net::server_request r);
    awaitable<result<entered>> recover(std::string code, net::server_request r);
    /// The first admin by the set-up link, anybody else by an invitation.
    awaitable<result<entered>> set_up(std::string token, std::string login, std::string name,
                                      std::string password, net::server_request r);

    /// An OpenID provider says that it is this user; `second`: also that a second factor was given. Else ours
    /// is asked for, as after a password. In the place of the session `instead`, if any.
    awaitable<result<entered>> enter_by_provider(std::int64_t user, bool second, std::int64_t instead,
                                                 net::server_request r);
    /// The session, if its person has just shown us the second factor: what lets somebody in may be changed,
    /// and what outlives the session may be made.
    result<user_session> fresh(const net::server_request& r) const;
    /// From where a request comes, as the proxy before us says it.
    std::string address_of(const net::server_request& r) const;

    struct offered {
        std::string secret, uri;
    };
    /// A secret for the app, not yet in force. Whoever has one already must have shown the old a short while
    /// ago.
    result<offered> offer_totp(const net::server_request& r);
    struct confirmed {
        entered in;
        std::vector<std::string> recovery_codes;
    };
    /// The app has it: from now on its codes are asked for. All other sessions end, and so do the tokens.
    awaitable<result<confirmed>> confirm_totp(std::string code, net::server_request r);
    /// All other sessions end, and so do the tokens.
    awaitable<result<entered>> change_password(std::string old, std::string wanted, net::server_request r);

    /// Adds a user; gives the token of the link that sets the password.
    awaitable<result<std::pair<user, std::string>>> add(user u, std::string by);
    /// Takes everything away that the user could sign in with; gives the token of a new link.
    awaitable<result<std::pair<user, std::string>>> reset(std::int64_t id, std::string by);

 private:
    awaitable<result<entered>> enter(std::int64_t user, second_factor second, net::server_request r);
    awaitable<result<entered>> enter(std::int64_t user, second_factor second, net::server_request r,
                                     timestamp proved);
    awaitable<result<entered>> set_up_first(std::string login, std::string name, std::string password,
                                            net::server_request r);
    awaitable<result<void>> right_password(std::int64_t user, std::string hash, std::string password,
                                           std::vector<std::string> keys, std::string from);
    result<void> may_set_factor(const net::server_request& r) const;
    awaitable<result<std::int64_t>> take_code(std::int64_t user, std::string code);
    std::string device_of(const net::server_request& r, std::int64_t user) const;
    std::string device_cookie(std::int64_t user) const;
    std::string device_text(std::string_view named, const user& u) const;
    std::optional<error> must_wait(const std::vector<std::string>& keys) const;
    throttle& counter_of(const std::string& key);
    const throttle& counter_of(const std::string& key) const;

    people_store& store_;
    people& people_;
    sessions& sessions_;
    tokens& tokens_;
    sealer sealer_;
    house house_;
    passwords passwords_;
    throttle by_person_{throttle_bounds{}};
    throttle by_address_;
    std::string setup_token_;
    std::map<std::int64_t, std::string> offered_;  ///< secrets that are not yet in force, by user
};

}  // namespace kith::console
