/// The digest store's calls as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/digest_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

std::optional<digest_line> due_digest(database& db, const std::string& department, timestamp until,
                                      timestamp at);
void begin_digest(database& db, const std::string& department, timestamp until, timestamp at);
void end_digest(database& db, const std::string& department, timestamp until, const digest_outcome& o,
                timestamp at);
std::map<std::string, digest_line> newest_digests(database& db);

}  // namespace kith::sqlite
