/// Who fails must wait longer and longer. Pure: the caller says what time it is, and who it is that fails.
#pragma once

#include "daemon/model/time.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace kith::console {

struct throttle_bounds {
    int free = 5;                          ///< failures without a wait
    std::chrono::seconds longest{900};     ///< to wait
    std::chrono::seconds forgets{86'400};  ///< what did not fail for so long starts anew
    std::size_t most = 10'000;             ///< keys; beyond, those that failed longest ago are forgotten

    /// For keys that are `network_of` an address: many people may share one, and none of them need suffer
    /// for long.
    static throttle_bounds of_addresses();
};

/// Whose addresses count as one: an IPv6 customer has a /64 to choose from. Anything else stays as it is.
std::string network_of(const std::string& address);

/// The wait doubles with every failure after the free ones, from one second on.
class throttle {
 public:
    explicit throttle(throttle_bounds b) : bounds_(b) {}

    /// When `key` may try again; nothing: now.
    std::optional<timestamp> wait(const std::string& key, timestamp at) const;
    /// Before the attempt is judged: many at once must not all slip through. `succeeded` takes it back.
    void failed(const std::string& key, timestamp at);
    void succeeded(const std::string& key) { failures_.erase(key); }
    /// The attempt was no failure of this key's, whatever those before were.
    void spared(const std::string& key);

 private:
    struct failures {
        int count = 0;
        timestamp last{};
    };
    void make_room(timestamp at);

    throttle_bounds bounds_;
    std::unordered_map<std::string, failures> failures_;
};

}  // namespace kith::console
