/// How much more the server lets us do. Kept so that a write which would be turned away is never sent.
#pragma once

#include "daemon/net/http.hpp"
#include "platforms/platform.hpp"

#include <deque>

namespace kith::bluesky {

/// Points a write costs (https://docs.bsky.app/docs/advanced-guides/rate-limits).
namespace points {
inline constexpr int create = 3, put = 2, remove = 1;
}

/// One kind of request: reads and writes are counted apart, as the server does.
class budget {
 public:
    /// At most `most` points in any `window`; 0: only what the server's headers say counts.
    explicit budget(int most = 0, std::chrono::seconds window = std::chrono::hours(1))
        : most_(most), window_(window) {}

    /// When a request of that cost may go out; nothing: now.
    std::optional<timestamp> wait_until(int cost, timestamp at) const;

    /// What is left, for people. `left` is nothing where neither we nor the server counted.
    budget_standing standing(std::string what, timestamp at) const;

    /// A request was sent.
    void spend(int cost, timestamp at);
    /// What an answer's headers say: `ratelimit-remaining`, `ratelimit-reset`.
    void learn(const net::http_fields& headers, timestamp at);
    /// The server turned a request away until then.
    void hold(timestamp until) { held_until_ = std::max(held_until_, until); }

 private:
    struct expense {
        timestamp at;
        int cost;
    };
    int spent_since(timestamp t) const;

    int most_;
    std::chrono::seconds window_;
    std::deque<expense> expenses_;
    timestamp held_until_{};
    std::optional<std::int64_t> remaining_;
    timestamp reset_{};
};

}  // namespace kith::bluesky
