/// Values as the API writes them, and as it finds them.
#pragma once

#include "daemon/model/time.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kith::console {

boost::json::value time_or_null(const std::optional<timestamp>& t);
/// Null for an empty text.
boost::json::value text_or_null(const std::string& text);
/// The text under `name`, or empty.
std::string text_in(const boost::json::object& o, std::string_view name);
/// As 2026-11-30.
std::string spell_day(std::chrono::year_month_day d);

}  // namespace kith::console
