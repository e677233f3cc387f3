/// The link store's calls as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/link_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

void make_link(database& db, const std::string& token_hash, const approval_link& l);
approval_link find_link(database& db, const std::string& token_hash, timestamp at);
approval_link use_link(database& db, const std::string& token_hash, timestamp at);
void give_back_link(database& db, const std::string& token_hash);

}  // namespace kith::sqlite
