/// What is on record around one message: the ledger's part of the policies' input.
#pragma once

#include "daemon/model/standing.hpp"
#include "daemon/store/sqlite/database.hpp"

#include <string>
#include <vector>

namespace kith::sqlite {

/// `except`: the suggestion that is being judged, which does not count against itself; 0: none.
standing standing_of(database& db, std::int64_t message_id, std::int64_t except, const wanted_counts& wanted,
                     timestamp at);

/// The replies that `t` counts around this message now, without the one to be sent; for a tally per playbook,
/// those of its own playbook.
std::int64_t counted(database& db, std::int64_t message_id, std::int64_t suggestion_id, const tally& t,
                     timestamp at);

}  // namespace kith::sqlite
