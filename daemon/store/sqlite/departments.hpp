/// The department store's calls as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/department_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

// departments.cpp
question ask(database& db, std::int64_t suggestion_id, const std::string& department, const std::string& text,
             const std::string& by, timestamp at);
question answer(database& db, std::int64_t id, const std::string& text, const std::string& by, timestamp at);
question keep(database& db, std::int64_t id, const std::string& as, const std::string& by, timestamp at);
question find_question(database& db, std::int64_t id);
std::vector<question> questions(database& db, const question_filter& f);
/// Takes the words out of the questions about a message: both may hold what its contact wrote.
void forget_questions(database& db, std::int64_t message_id);

// department_facts.cpp
std::map<std::string, department_counts> department_counts_of(database& db,
                                                              const std::vector<std::string>& accounts);
department_period period(database& db, const std::string& department, timestamp from, timestamp until);
std::vector<unanswered_message> unanswered(database& db, timestamp since, timestamp until, std::size_t most);
std::vector<posted_reply> posted(database& db, timestamp since, timestamp until, std::chrono::seconds within,
                                 std::size_t most);

}  // namespace kith::sqlite
