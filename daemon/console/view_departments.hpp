/// Departments, questions and answers as the API's JSON.
#pragma once

#include "daemon/digest/facts.hpp"
#include "daemon/store/digest_store.hpp"

#include <boost/json/object.hpp>

namespace kith::console {

boost::json::object view(const question& q);
boost::json::object view(const unanswered_message& m);
boost::json::object view(const answer_standing& a, const answer_tally& t);
boost::json::object view(const digest_line& d);

}  // namespace kith::console
