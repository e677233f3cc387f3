/// The ledger's calls as plain functions over one connection, like those of tables.hpp.
#pragma once

#include "daemon/store/relations_store.hpp"
#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

// relations.cpp: evidence and stages
std::vector<relation_news> unread(database& db, std::size_t most);
void learn(database& db, const std::vector<learned>& what, const stage_rules& rules, timestamp at);
std::int64_t decay(database& db, const stage_rules& rules, std::size_t most, timestamp at);
void rules_are(database& db, const std::string& revision);
void stop_following(database& db, const std::string& account, timestamp at);
/// Works out the contact's stage with the account anew.
void restate(database& db, std::int64_t contact, const std::string& account, const stage_rules& rules,
             timestamp at);
/// The contact whom an identity (a row of `contacts`) belongs to.
std::int64_t contact_of_identity(database& db, std::int64_t identity);
/// For the standing of a message's author: `identity` is messages.contact.
std::optional<stage> stage_of(database& db, std::int64_t identity, const std::string& account);
std::string zone_of(database& db, std::int64_t identity);

// contacts.cpp: who they are
std::vector<known_contact> contacts(database& db, const contact_filter& f);
std::int64_t contact_number(database& db, const std::string& name,
                            const std::vector<std::string>& accounts = {});
known_contact read_contact(database& db, std::int64_t number);
shown_path contact_path(database& db, std::int64_t number);
contact_export export_contact(database& db, std::int64_t number);
void merge(database& db, std::int64_t into, std::int64_t other, const std::string& reason,
           const std::string& by, const stage_rules& rules, timestamp at);
void split(database& db, std::int64_t identity, const std::string& reason, const std::string& by,
           const stage_rules& rules, timestamp at);
void set_zone(database& db, std::int64_t number, const std::string& zone, const std::string& by,
              timestamp at);

// forget.cpp
forgotten_contact forget(database& db, std::int64_t number, const std::string& by, timestamp at);
bool scrub(database& db, timestamp at);
/// Removes the words of one message that stand elsewhere: in traces, and in the threads beside suggestions.
void remove_copies(database& db, const std::string& account, std::int64_t message_id);
/// A keyed hash of what must be recognised and not remembered: an identity, a message's address.
std::string hash_of(database& db, const std::string& account, const std::string& id);
/// Whether it was forgotten; `blocked_at` gets the block that still holds.
bool is_forgotten(database& db, const std::string& account, const std::string& id,
                  std::optional<timestamp>* blocked_at = nullptr);

}  // namespace kith::sqlite
