/// The queue's calls as plain functions, inside a transaction that the caller began. All throw kith::failure,
/// which undoes the call.
#pragma once

#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

// queue_items.cpp: looking
/// The lists' statements, for the test that looks at their plans.
const std::string& waiting_sql();
const std::string& decided_sql();
queue_part list_queue(database& db, const queue_filter& f);
queue_item find_item(database& db, std::int64_t id);
std::vector<queue_item> items_of(database& db, const std::vector<std::int64_t>& ids);
std::vector<queue_count> count_queue(database& db, const visible_part& visible);

// queue_acts.cpp: acting
changes undo(database& db, std::int64_t id, std::int64_t version, const std::string& by, timestamp at);
changes snooze(database& db, std::int64_t id, std::int64_t version, std::optional<timestamp> until,
               const std::string& by, timestamp at);
changes wake(database& db, timestamp at);
changes expire(database& db, timestamp at);
changes assign(database& db, std::int64_t id, std::int64_t version, const assignee& to, const std::string& by,
               timestamp at);
changes handled(database& db, std::int64_t id, std::int64_t version, const std::string& words,
                const std::string& by, timestamp at);

// saved_views.cpp
std::vector<saved_view> views_for(database& db, const std::string& login, const visible_part& visible);
saved_view read_view(database& db, std::int64_t id);
saved_view add_view(database& db, const saved_view& v);
saved_view change_view(database& db, const saved_view& v);
void remove_view(database& db, std::int64_t id, std::int64_t version);

/// A list of names as SQL reads it with json_each.
std::string names_as_json(const std::vector<std::string>& names);

}  // namespace kith::sqlite
