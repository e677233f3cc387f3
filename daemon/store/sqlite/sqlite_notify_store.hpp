/// The notify store over the one thread that touches the database.
#pragma once

#include "daemon/store/sqlite/notifications.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_notify_store final : public notify_store {
 public:
    explicit sqlite_notify_store(worker& w) : worker_(w) {}

    awaitable<result<std::int64_t>> look(notify_wish w, timestamp at) override {
        return worker_.call<std::int64_t>(
            [w = std::move(w), at](database& db) { return look_for_news(db, w, at); });
    }
    awaitable<result<bool>> add(std::string hook, std::string kind, std::string about, std::string text,
                                std::string account, timestamp at) override {
        return worker_.call<bool>([hook = std::move(hook), kind = std::move(kind), about = std::move(about),
                                   text = std::move(text), account = std::move(account), at](database& db) {
            return add_notification(db, hook, kind, about, text, account, at);
        });
    }
    awaitable<result<std::optional<notification>>> begin(std::string hook, timestamp at) override {
        return worker_.call<std::optional<notification>>(
            [hook = std::move(hook), at](database& db) { return begin_notification(db, hook, at); });
    }
    awaitable<result<std::vector<notification>>> begin_all(std::string hook, std::vector<std::string> kinds,
                                                           timestamp at, std::size_t most) override {
        return worker_.call<std::vector<notification>>(
            [hook = std::move(hook), kinds = std::move(kinds), at, most](database& db) {
                return begin_notifications(db, hook, kinds, at, most);
            });
    }
    awaitable<result<>> end(std::string id, notification_outcome o, timestamp at) override {
        return worker_.call<void>(
            [id = std::move(id), o = std::move(o), at](database& db) { end_notification(db, id, o, at); });
    }
    awaitable<result<std::vector<notification_line>>> lines(std::size_t most) override {
        return worker_.call<std::vector<notification_line>>(
            [most](database& db) { return notification_lines(db, most); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
