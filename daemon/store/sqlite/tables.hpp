/// The store's calls as plain functions over one connection, inside a transaction that the caller began.
/// All throw kith::failure, which undoes the call.
#pragma once

#include "daemon/model/embedded_file.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/store.hpp"

namespace kith::sqlite {

using changes = std::vector<change>;

// accept.cpp
accepted accept(database& db, const std::string& account, const batch& b, timestamp at);
account_memory remembered(database& db, const std::string& account);
/// Withdraws what can still be stopped of what is for this identity.
void withdraw_for_contact(database& db, std::int64_t identity, const std::string& why, timestamp at,
                          changes& out);

// judge.cpp
std::vector<stored_message> unjudged(database& db, const std::string& account, timestamp at,
                                     std::size_t most);
void put_off(database& db, std::int64_t message_id, timestamp at);
changes judge(database& db, const judged_message& j, timestamp at);
changes judge_again(database& db, const std::string& account, const std::string& mended, timestamp at);
/// Into the queue, and into the record.
change insert_suggestion(database& db, const suggestion& s, std::int64_t message_id, timestamp at);
changes rejudge(database& db, std::int64_t id, std::int64_t version, const verdict& v, timestamp at);
std::vector<suggestion> open_beside(database& db, std::int64_t message_id);
changes rebind(database& db, std::int64_t id, const std::string& thread_tail,
               const std::vector<thread_line>& thread, std::optional<timestamp> until, timestamp at);

// queue.cpp
std::vector<suggestion> suggestions(database& db, const suggestion_filter& f);
suggestion edit(database& db, std::int64_t id, std::int64_t version, const std::string& text,
                const verdict& v, const std::string& by, timestamp at);
/// Its delivery is due once `undo` is over.
changes approve(database& db, std::int64_t id, const std::string& hash, const std::string& by, timestamp at,
                std::chrono::milliseconds undo = {});
changes reject(database& db, std::int64_t id, std::int64_t version, const std::string& reason,
               const std::string& by, timestamp at);
changes settle(database& db, std::int64_t id, std::int64_t version, bool posted, const std::string& by,
               timestamp at);
queue_counts counts(database& db);

// deliver.cpp
std::vector<delivery> due_deliveries(database& db, const std::string& account, timestamp at,
                                     std::size_t most);
changes give_back(database& db, std::int64_t id, const approval_basis& now, const verdict& v,
                  const std::vector<thread_line>& thread, const std::vector<std::string>& changed,
                  timestamp at);
changes withdraw(database& db, std::int64_t id, const std::string& why, timestamp at);
changes begin_attempt(database& db, std::int64_t id, const prepared_reply& prepared, timestamp at,
                      const std::vector<room>& under = {});
changes end_attempt(database& db, std::int64_t id, const outcome& o, timestamp at);
void postpone(database& db, std::int64_t id, timestamp until, const std::string& why);

// explain.cpp
std::int64_t message_number(database& db, const std::string& number_or_native_id);
message_history history(database& db, std::int64_t message_id);

// second.cpp: verdicts that need two people
/// Are these two logins one person's?
bool same_person(std::string_view a, std::string_view b);
/// Who said yes to exactly this first; empty: nobody yet.
std::string first_approver(database& db, const suggestion& s);
void keep_first_approval(database& db, const suggestion& s, const std::string& by, timestamp at);
/// The suggestion is no longer what the first person saw.
void drop_first_approval(database& db, std::int64_t suggestion_id);

// rows.cpp
stored_message read_message(database& db, std::int64_t id);
suggestion read_suggestion(database& db, std::int64_t id);
/// Throws the failure "suggestion ID WHY".
[[noreturn]] void conflict(std::int64_t id, const std::string& why);
std::vector<suggestion> suggestions_of(database& db, std::int64_t message_id);
/// Sets the state and tells of it. The caller has checked that the step is legal.
change move_to(database& db, std::int64_t suggestion_id, suggestion_state s, timestamp at,
               const std::string& reason = {});

// audit.cpp
/// Adds to the audit chain. `detail` can be erased later; even so it holds ids, revisions, hashes and counts,
/// and of words only a person's own reason.
void note(database& db, timestamp at, const std::string& actor, const std::string& act,
          std::int64_t message_id, std::int64_t suggestion_id, const std::string& detail);

// migrate.cpp
/// Brings an older schema to this one, step by step; refuses a newer one.
void migrate(database& db);
/// The scripts, oldest first: number n brings schema n-1 to n.
std::span<const embedded_file> migrations() noexcept;

}  // namespace kith::sqlite
