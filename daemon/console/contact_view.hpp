/// The ledger's values as the API's JSON.
#pragma once

#include "daemon/console/identity.hpp"
#include "daemon/store/relations_store.hpp"

#include <boost/json/object.hpp>

namespace kith::console {

/// Leaves out what is of accounts that are not this person's.
void narrow(known_contact& c, const identity& by);
void narrow(shown_path& p, const identity& by);
void narrow(contact_export& e, const identity& by);

boost::json::object view(const known_contact& c);
boost::json::object view(const shown_path& p);
boost::json::object view(const contact_export& e);
boost::json::object view(const forgotten_contact& f);

}  // namespace kith::console
