/// The notify store's calls as plain functions over one connection; manners as in tables.hpp.
#pragma once

#include "daemon/store/notify_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kith::sqlite {

std::int64_t look_for_news(database& db, const notify_wish& w, timestamp at);
bool add_notification(database& db, const std::string& hook, const std::string& kind,
                      const std::string& about, const std::string& text, const std::string& account,
                      timestamp at);
std::optional<notification> begin_notification(database& db, const std::string& hook, timestamp at);
std::vector<notification> begin_notifications(database& db, const std::string& hook,
                                              const std::vector<std::string>& kinds, timestamp at,
                                              std::size_t most);
void end_notification(database& db, const std::string& id, const notification_outcome& o, timestamp at);
std::vector<notification_line> notification_lines(database& db, std::size_t most);

}  // namespace kith::sqlite
