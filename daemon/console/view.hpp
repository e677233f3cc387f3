/// Kith's values as the API's JSON.
#pragma once

#include "daemon/model/suggestion.hpp"
#include "daemon/model/text_length.hpp"
#include "daemon/store/store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace kith::console {

boost::json::object view(const stored_message& m);
boost::json::object view(const suggestion& s, const stored_message& m, const text_length& length);
boost::json::object view(const record_line& r);
boost::json::array view(const std::vector<brake>& on);
boost::json::object view(const opt_out& o);
/// What a page needs to offer another reply for the same message.
boost::json::object brief(const suggestion& s);

}  // namespace kith::console
