/// Users, sessions and tokens, inside a transaction that the caller began. All throw kith::failure.
#pragma once

#include "daemon/model/user.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

// people.cpp
std::vector<user> users(database& db);
user add_user(database& db, const user& u, const std::string& by, timestamp at);
user change_user(database& db, std::int64_t id, std::int64_t version, const user_change& c,
                 const std::string& by, timestamp at);
user invite(database& db, std::int64_t id, const std::string& hash, timestamp until, const std::string& by,
            timestamp at);
std::int64_t invited(database& db, const std::string& hash, timestamp at);
user accept_invitation(database& db, const std::string& hash, const std::string& name,
                       const std::string& password, timestamp at);
user set_password(database& db, std::int64_t id, const std::string& old, const std::string& password,
                  std::int64_t keep, timestamp at);
user set_second_factor(database& db, std::int64_t id, const std::string& sealed, std::int64_t step,
                       const std::vector<std::string>& recovery_hashes, std::int64_t keep, timestamp at);
user take_step(database& db, std::int64_t id, std::int64_t step);
user take_recovery_code(database& db, std::int64_t id, const std::string& hash, timestamp at);
user link(database& db, std::int64_t id, std::int64_t session, const std::string& issuer,
          const std::string& subject, const std::string& by, timestamp at);
user unlink(database& db, std::int64_t id, std::int64_t keep, const std::string& by, timestamp at);

// sessions.cpp
std::vector<user_session> sessions(database& db);
user_session begin_session(database& db, user_session s, std::int64_t instead);
void end_session(database& db, std::int64_t id);
void forget_sessions(database& db, timestamp began, timestamp used);
std::vector<user_token> tokens(database& db);
user_token add_token(database& db, user_token t, const std::string& by, timestamp at);
void remove_token(database& db, std::int64_t id, const std::string& by, timestamp at);
void note_used(database& db, const std::vector<last_used>& sessions, const std::vector<last_used>& tokens);

/// As the columns keep them.
std::string list_text(const std::vector<std::string>& all);
std::vector<std::string> list_of(const std::string& text);

}  // namespace kith::sqlite
