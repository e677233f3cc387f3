/// Entries of the audit chain as JSON: in the API, and one a line in an export.
#pragma once

#include "daemon/model/error.hpp"
#include "daemon/observe/audit_chain.hpp"

#include <boost/json/object.hpp>

namespace kith::audit {

boost::json::object to_json(const entry& e);
boost::json::object to_json(const head& h);

/// `invalid` names the field that is missing or wrong.
result<entry> entry_from_json(const boost::json::value& v);

}  // namespace kith::audit
