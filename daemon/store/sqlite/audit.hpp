/// The record and its chain, inside a transaction that the caller began. All throw kith::failure.
#pragma once

#include "daemon/observe/audit_chain.hpp"
#include "daemon/store/audit_store.hpp"
#include "daemon/store/sqlite/database.hpp"

#include <vector>

namespace kith::sqlite {

/// Forgets what the record says beside its chain about one message: details, with the words of people in
/// them. Who did what and when stays, and the chain verifies as before.
void erase_record_details(database& db, std::int64_t message_id);

std::vector<audit::entry> record_entries(database& db, std::int64_t after, std::size_t most,
                                         bool with_details);
std::vector<audit::entry> find_entries(database& db, const audit_filter& f);
audit::head record_head(database& db);
void note_shown(database& db, std::int64_t suggestion_id, std::int64_t version, const std::string& by,
                timestamp at);

/// Takes the record of a database from before the chain into it. Does nothing where that is done.
void link_old_record(database& db);

}  // namespace kith::sqlite
