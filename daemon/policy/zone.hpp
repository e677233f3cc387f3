/// Local time of day, by ICU's time zones.
#pragma once

#include "daemon/model/time.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kith {

struct local_time {
    int weekday = 0;                    ///< 0: Monday
    std::chrono::minutes of_day{0};     ///< since midnight by the clock on the wall
    std::chrono::milliseconds rest{0};  ///< beyond the whole minute
};

/// Immutable; a copy shares what it holds.
class zone {
 public:
    /// By its IANA name. Nothing if there is no such zone.
    static std::optional<zone> find(const std::string& name);
    static zone utc();

    local_time at(timestamp t) const;
    /// The first moment at or after `t` at which the clock shows `of_day` (1440: the next midnight). Where
    /// the clocks go forward over it, the moment at which they do.
    timestamp next(timestamp t, std::chrono::minutes of_day) const;

 private:
    struct state;
    explicit zone(std::shared_ptr<const state> s) : state_(std::move(s)) {}
    std::chrono::milliseconds offset(timestamp t) const;
    timestamp first_at(std::chrono::milliseconds wall, timestamp not_before) const;
    std::shared_ptr<const state> state_;
};

}  // namespace kith
