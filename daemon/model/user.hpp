/// People who use the console, what they are signed in with, and what acts for them.
#pragma once

#include "daemon/model/role.hpp"
#include "daemon/model/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// What a person may be mailed about: what webhooks are told, and once a day how much waits.
inline constexpr std::array<std::string_view, 6> mail_kinds = {"waiting", "expiring",        "second-needed",
                                                               "unsure",  "account-stopped", "daily"};

struct user {
    std::int64_t id = 0;
    std::string login;  ///< unique without regard to case; the record names people by it
    std::string name;
    std::string email;
    kith::role role = kith::role::viewer;
    std::vector<std::string> departments;  ///< empty: all
    std::vector<std::string> accounts;     ///< empty: all
    std::string language;                  ///< "en", "de"; empty: what the browser asks for
    std::string theme;                     ///< "light", "dark"; empty: what the browser asks for
    std::vector<std::string> mail_about;   ///< what they want mails about; see mail_kinds
    bool disabled = false;
    std::int64_t version = 1;
    timestamp created_at{};
    std::optional<timestamp> signed_in_at;  ///< last
    std::string password;                   ///< argon2id; empty: none yet
    std::string totp;                       ///< the secret of the second factor, sealed; empty: none yet
    std::int64_t totp_step = 0;             ///< of the last code that was taken: none is taken twice
    std::int64_t recovery_codes = 0;        ///< left
    std::string issuer, subject;            ///< as whom an OpenID provider knows them; empty: not linked
    std::optional<timestamp> linked_at;
};

/// What of a user others may change.
struct user_change {
    std::optional<std::string> name, email;
    std::optional<kith::role> role;
    std::optional<std::vector<std::string>> departments, accounts;
    std::optional<std::string> language, theme;
    std::optional<std::vector<std::string>> mail_about;
    std::optional<bool> disabled;
};

/// How far a session is: nothing but the way in may be done before `done`.
enum class second_factor : std::uint8_t {
    needed,  ///< the password was right, the code is still to come
    setup,   ///< there is no second factor yet: it is set up first
    done,
};

struct user_session {
    std::int64_t id = 0;
    std::int64_t user = 0;
    std::string hash;  ///< SHA-256 of the cookie
    second_factor second = second_factor::needed;
    timestamp began{}, used{};
    std::string address, agent;  ///< from where: for its owner to know it by
    timestamp proved{};          ///< when a second factor was last shown; 0: never
};

/// What lets a program act for a person.
struct user_token {
    std::int64_t id = 0;
    std::int64_t user = 0;
    std::string name;
    std::string hash;                 ///< SHA-256
    std::vector<std::string> scopes;  ///< "read", "queue", "admin"
    timestamp created_at{}, expires_at{};
    std::optional<timestamp> used_at;
    std::string made_by;  ///< login; whoever it is has seen the token
};

/// When which was last used: kept now and then.
struct last_used {
    std::int64_t id = 0;
    timestamp at{};
};

}  // namespace kith
