/// What is on record around one message: the ledger's part of the policies' input.
#pragma once

#include "daemon/model/standing.hpp"
#include "daemon/store/sqlite/database.hpp"

#include <string>
#include <vector>

namespace kith::sqlite {

/// `except`: the suggestion that is being judged, which does not count against itself; 0: none.
standing standing_of(database& db, std::int64_t message_id, std::int64_t except,
                     const std::vector<tally>& wanted, timestamp at);

}  // namespace kith::sqlite
