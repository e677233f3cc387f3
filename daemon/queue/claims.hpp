/// Who is deciding on which message: leases, kept in memory. A claim keeps nobody from anything by itself; it
/// tells others that somebody is at it.
#pragma once

#include "daemon/model/error.hpp"
#include "daemon/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace kith {

struct claim {
    std::string login, name;
    timestamp until{};
    std::int64_t suggestion_id = 0;  ///< under which number the holder saw the message
};

/// Lives on one executor; not thread-safe.
class claims {
 public:
    static constexpr std::chrono::seconds lease{60};

    /// Called after each change with the message whose claim changed, and the number under which it was
    /// claimed.
    using listener = std::function<void(std::int64_t message_id, std::int64_t suggestion_id)>;
    void on_change(listener tell) { tell_ = std::move(tell); }

    /// Takes the claim or renews it. `conflict` while somebody else holds it, unless `over` takes it from
    /// them. `wanted.until` is set here.
    result<claim> take(std::int64_t message_id, claim wanted, timestamp at, bool over);
    /// Gives it back; does nothing where somebody else holds it.
    void give_back(std::int64_t message_id, const std::string& login);
    std::optional<claim> find(std::int64_t message_id, timestamp at) const;
    /// Whoever else holds it.
    std::optional<claim> held_by_other(std::int64_t message_id, const std::string& login, timestamp at) const;
    /// Forgets what has run out.
    void expire(timestamp at);

 private:
    std::map<std::int64_t, claim> held_;  ///< by message
    listener tell_;
};

}  // namespace kith
