#pragma once

#include <string_view>

namespace kith {

/// Whether this is the name of a time zone of the IANA database.
bool is_time_zone(std::string_view name);

}  // namespace kith
