/// The store's calls on canaries as plain functions, inside a transaction that the caller began.
#pragma once

#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

/// A number that no suggestion has or will have.
std::int64_t reserve_canary(database& db);
void place_canary(database& db, std::int64_t id, std::int64_t suggestion_id, const canary_draft& draft,
                  timestamp at);
/// The number under which people see a suggestion: of the open canary in its place, or its own.
std::int64_t shown_as(database& db, std::int64_t suggestion_id);

/// The text of a canary may have the contact's name in it. Part of forgetting a contact.
void erase_canaries(database& db, std::int64_t message_id);

std::vector<placed_canary> open_canaries(database& db);
std::vector<placed_canary> canaries_in_place_of(database& db, const std::vector<std::int64_t>& suggestions);
std::optional<placed_canary> find_canary(database& db, std::int64_t id);
decided_canary decide_canary(database& db, std::int64_t id, const canary_act& a, timestamp at);
canary_counts count_canaries(database& db, const std::vector<std::string>& departments,
                             const std::vector<std::string>& accounts);

}  // namespace kith::sqlite
