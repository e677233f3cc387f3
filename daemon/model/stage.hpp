/// Where a contact stands on the A-Path.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith {

/// In the order of the path. A contact of whom nothing is on record stands on none (std::optional).
enum class stage : std::uint8_t { attention, attraction, affinity, audience, advocate };

std::string_view to_string(stage s) noexcept;
std::optional<stage> stage_from(std::string_view text) noexcept;

}  // namespace kith
