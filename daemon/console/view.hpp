/// Kith's values as the API's JSON.
#pragma once

#include <boost/json/object.hpp>

#include "daemon/model/suggestion.hpp"
#include "daemon/model/text_length.hpp"
#include "daemon/store/store.hpp"

namespace kith::console {

boost::json::object view(const stored_message& m);
boost::json::object view(const suggestion& s, const stored_message& m, const text_length& length);
boost::json::object view(const record_line& r);
/// What a page needs to offer another reply for the same message.
boost::json::object brief(const suggestion& s);

}  // namespace kith::console
