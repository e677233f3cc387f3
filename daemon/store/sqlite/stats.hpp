/// The stats store's calls as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/stats_store.hpp"

namespace kith::sqlite {

// stats.cpp
std::vector<queue_step> queue_over_time(database& db, const stats_filter& f);
answer_time_figures time_to_answer(database& db, const stats_filter& f);
std::vector<outcome_count> outcomes(database& db, const stats_filter& f);
std::vector<kind_step> kinds(database& db, const stats_filter& f);
path_figures path_flow(database& db, const stats_filter& f);
std::vector<catch_step> catches_over_time(database& db, const stats_filter& f);

// stats_items.cpp
std::vector<stats_item> stats_items(database& db, const item_filter& f);
std::vector<move_item> move_items(database& db, const move_filter& f);

// account_states.cpp
void note_state(database& db, const std::string& account, const std::string& state, const std::string& detail,
                timestamp at, bool follows);
void still(database& db, const std::string& account, timestamp at);
std::vector<account_interval> account_intervals(database& db, const stats_filter& f);
std::vector<account_gap> account_gaps(database& db, const stats_filter& f);

// edits.cpp: how far what was approved is from what was drafted
/// Before a person's text takes the place of `text`, the first time.
void keep_draft(database& db, std::int64_t suggestion_id, const std::string& text);
/// A person approved `text`.
void measure_edit(database& db, std::int64_t suggestion_id, const std::string& text);

/// As a JSON array, for `IN (SELECT value FROM json_each(?))`.
std::string texts_for_sql(const std::vector<std::string>& texts);

}  // namespace kith::sqlite
