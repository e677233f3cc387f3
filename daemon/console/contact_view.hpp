/// The ledger's values as the API's JSON.
#pragma once

#include "daemon/store/relations_store.hpp"

#include <boost/json/object.hpp>

namespace kith::console {

boost::json::object view(const known_contact& c);
boost::json::object view(const shown_path& p);
boost::json::object view(const contact_export& e);
boost::json::object view(const forgotten_contact& f);

}  // namespace kith::console
