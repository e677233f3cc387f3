/// What lets programs act for a person: "kith_" and 160 random bits, kept as a hash.
#pragma once

#include "daemon/console/people.hpp"
#include "daemon/net/http_server.hpp"

#include <map>
#include <set>

namespace kith::console {

class tokens {
 public:
    tokens(people_store& s, const people& who) : store_(s), people_(who) {}
    /// Call before the first request.
    awaitable<result<void>> start();

    /// The request comes with a token, whatever it is worth: then nothing else speaks for it.
    static bool used_by(const net::server_request& r);
    /// For whom it acts, with the lower of the person's role and what the scopes allow: "read" is a viewer,
    /// "queue" an approver, "admin" whatever the person is.
    std::optional<identity> person(const net::server_request& r);

    std::vector<user_token> of(std::int64_t user) const;
    const user_token* find(std::int64_t id) const;
    /// With the token itself, which nobody sees again.
    awaitable<result<std::pair<user_token, std::string>>> add(std::int64_t user, std::string name,
                                                              std::vector<std::string> scopes,
                                                              timestamp expires_at, std::string by);
    awaitable<result<void>> remove(std::int64_t id, std::string by);
    /// The store has removed them.
    void forget_user(std::int64_t user);
    /// What was used since it was last asked for.
    std::vector<last_used> used();

 private:
    people_store& store_;
    const people& people_;
    std::map<std::string, user_token> by_hash_;
    std::set<std::string> used_;  ///< hashes
};

}  // namespace kith::console
