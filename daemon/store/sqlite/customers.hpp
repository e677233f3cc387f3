/// The store's calls on customers as plain functions, inside a transaction that the caller began. All throw
/// kith::failure, which undoes the call.
#pragma once

#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

// customers.cpp
imported import_customers(database& db, const std::vector<customer_entry>& entries, const std::string& by,
                          timestamp at);
std::vector<customer> list_customers(database& db, std::int64_t after, std::size_t most,
                                     const std::vector<std::string>& accounts);
customer read_customer(database& db, std::int64_t id);
changes end_consent(database& db, std::int64_t id, const std::string& why, const std::string& by,
                    timestamp at);
/// The same for a contact who may be no customer: a block, an opt-out.
void end_consent_of(database& db, std::int64_t contact, const std::string& why, timestamp at, changes& out);
/// Every word about the contact as a customer goes, and so does the consent; that an occasion was told once
/// stays, as a number. Part of forgetting a contact.
void forget_customer(database& db, std::int64_t contact, timestamp at, changes& out);
/// The contact's time zone, as they or an import said; empty: unknown.
std::string customer_zone(database& db, std::int64_t contact);
/// Whether the contact of this number is a customer, under whichever of their identities.
bool is_customer(database& db, std::int64_t contact);
/// Whether occasions may be told to this identity now.
bool has_consent(database& db, std::int64_t contact);

// occasions.cpp
fix note_fix(database& db, fix f, timestamp at);
std::vector<fix> fixes(database& db);
std::map<std::string, timestamp> answers_seen(database& db, const std::vector<std::string>& all,
                                              timestamp at);
std::vector<customer_history> histories(database& db, std::int64_t after, std::size_t most, timestamp at);
changes propose(database& db, const proposed_occasion& o, const occasion_limits& l, timestamp at);
std::vector<told_occasion> occasions_of(database& db, std::int64_t customer_id);
occasion_counts count_occasions(database& db, const std::vector<std::string>& accounts);

}  // namespace kith::sqlite
