/// How soon an item wants a person, and why. Pure.
#pragma once

#include "daemon/model/time.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace kith {

/// What expires so soon comes before everything else.
constexpr std::chrono::hours expires_soon{4};

struct urgency {
    int level = 0;  ///< 0 to 3, 3 is the most
    std::string because;
};

/// 3 for what expires within an hour, 2 within four, 1 within a day; a complaint or a customer is one more.
urgency urgency_of(std::optional<timestamp> expires_at, bool customer, bool complaint, timestamp at);

}  // namespace kith
