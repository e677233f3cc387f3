/// The model's values as JSON, for the store's columns and for the API: one form for both.
#pragma once

#include <boost/json/value.hpp>

#include "daemon/model/suggestion.hpp"

namespace kith {

boost::json::value to_json(const std::vector<std::string>& v);
boost::json::value to_json(const std::vector<matched_words>& v);
boost::json::value to_json(const verdict& v);
boost::json::value to_json(const std::vector<thread_line>& v);

/// The reverse. Throws std::exception on JSON that the above did not write.
std::vector<std::string> texts_from_json(std::string_view text);
std::vector<matched_words> matched_from_json(std::string_view text);
verdict verdict_from_json(std::string_view text);
std::vector<thread_line> thread_from_json(std::string_view text);

}  // namespace kith
