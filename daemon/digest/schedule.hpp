/// When a department is told. Pure: the time is given.
#pragma once

#include "daemon/model/time.hpp"

#include <chrono>
#include <string>

namespace kith {

struct digest_schedule {
    bool weekly = false;
    std::chrono::weekday on = std::chrono::Monday;  ///< of a weekly one
    std::chrono::minutes at{8 * 60};                ///< after midnight, as the clocks in `zone` show it
    std::string zone = "UTC";
};

/// The newest moment, `at` included, at which a digest was due. Each such moment ends one period.
timestamp newest_due(const digest_schedule& s, timestamp at);

/// The first moment after `at` at which the next will be.
timestamp next_due(const digest_schedule& s, timestamp at);

}  // namespace kith
