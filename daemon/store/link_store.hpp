/// Links that approve one suggestion with one tap: bound to the item, its hash and the person who made it;
/// short-lived, good once. Nobody makes one for somebody else: whoever made it sees it, and could approve in
/// their name. Of the link itself only a hash is kept. Manners as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace kith {

struct approval_link {
    std::int64_t suggestion_id = 0;  ///< as it is shown
    std::string hash;                ///< of what was to be approved when it was made
    std::string login;               ///< who made it, for themselves: their approval
    timestamp made_at{}, expires_at{};
    std::optional<timestamp> used_at;
};

class link_store {
 public:
    virtual ~link_store() = default;

    /// Goes on record. Removes those that are over since a day.
    virtual awaitable<result<>> make(std::string token_hash, approval_link l) = 0;
    /// `not_found` for one that never was, or is over (`at` counts: at `expires_at` it is).
    virtual awaitable<result<approval_link>> find(std::string token_hash, timestamp at) = 0;
    /// From now on it is used. `not_found` as above, `conflict` if it is used already: two taps at once
    /// approve once.
    virtual awaitable<result<approval_link>> use(std::string token_hash, timestamp at) = 0;
    /// What it was used for did not happen, and can be tried again.
    virtual awaitable<result<>> give_back(std::string token_hash) = 0;
};

}  // namespace kith
