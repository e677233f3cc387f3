/// The brakes, inside a transaction that the caller began. All throw kith::failure.
#pragma once

#include "daemon/store/brake_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

std::vector<brake> brakes(database& db);
void stop(database& db, const std::string& scope, const std::string& reason, const std::string& by,
          timestamp at);
void resume(database& db, const std::string& scope, const std::string& reason, const std::string& by,
            timestamp at);
void set_bounds(database& db, const brake_bounds& b);

/// The brakes that hold for this account's replies: "all", "account ID", and each "playbook ID" that is on.
std::vector<std::string> stopped(database& db, const std::string& account);
/// Why a reply of this playbook may not be sent by this account now; empty: it may.
std::string why_stopped(database& db, const std::string& account, const std::string& playbook);

/// What became of a reply: "approved", "rejected", "delivered", "complaint", "opt-out". Pauses the playbook
/// if that takes it past a bound. `delivery`: of which reply, where it is to count once only.
void mark_playbook(database& db, const std::string& playbook, std::string_view mark, timestamp at,
                   std::int64_t delivery = 0);
void mark_playbook_of(database& db, std::int64_t suggestion_id, std::string_view mark, timestamp at);
/// Holds the playbook of the newest reply that this contact got from us answerable for it: a complaint, an
/// opt-out, a block; once each. Does nothing where we never answered them.
void mark_answerable(database& db, std::int64_t contact, std::string_view mark, timestamp at);

}  // namespace kith::sqlite
