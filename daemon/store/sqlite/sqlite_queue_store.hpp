/// The queue's part of the SQLite store: each call on the worker's thread, in a transaction of its own.
#pragma once

#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_queue_store final : public queue_store {
 public:
    explicit sqlite_queue_store(worker& w) : worker_(w) {}

    awaitable<result<queue_part>> list(queue_filter f) override {
        return worker_.call<queue_part>([f = std::move(f)](database& db) { return list_queue(db, f); });
    }
    awaitable<result<queue_item>> item(std::int64_t id) override {
        return worker_.call<queue_item>([id](database& db) { return find_item(db, id); });
    }
    awaitable<result<std::vector<queue_item>>> items(std::vector<std::int64_t> ids) override {
        return worker_.call<std::vector<queue_item>>(
            [ids = std::move(ids)](database& db) { return items_of(db, ids); });
    }
    awaitable<result<std::vector<queue_count>>> counts(visible_part visible) override {
        return worker_.call<std::vector<queue_count>>(
            [visible = std::move(visible)](database& db) { return count_queue(db, visible); });
    }
    awaitable<result<changes>> approve(std::int64_t id, std::string hash, std::string by,
                                       std::chrono::milliseconds undo) override {
        return worker_.call<changes>([id, hash = std::move(hash), by = std::move(by), undo](database& db) {
            return sqlite::approve(db, id, hash, by, now(), undo);
        });
    }
    awaitable<result<changes>> undo(std::int64_t id, std::int64_t version, std::string by) override {
        return worker_.call<changes>([id, version, by = std::move(by)](database& db) {
            return sqlite::undo(db, id, version, by, now());
        });
    }
    awaitable<result<changes>> snooze(std::int64_t id, std::int64_t version, std::optional<timestamp> until,
                                      std::string by) override {
        return worker_.call<changes>([id, version, until, by = std::move(by)](database& db) {
            return sqlite::snooze(db, id, version, until, by, now());
        });
    }
    awaitable<result<changes>> wake(timestamp at) override {
        return worker_.call<changes>([at](database& db) { return sqlite::wake(db, at); });
    }
    awaitable<result<changes>> expire(timestamp at) override {
        return worker_.call<changes>([at](database& db) { return sqlite::expire(db, at); });
    }
    awaitable<result<changes>> assign(std::int64_t id, std::int64_t version, assignee to,
                                      std::string by) override {
        return worker_.call<changes>([id, version, to = std::move(to), by = std::move(by)](database& db) {
            return sqlite::assign(db, id, version, to, by, now());
        });
    }
    awaitable<result<changes>> handled(std::int64_t id, std::int64_t version, std::string note,
                                       std::string by) override {
        return worker_.call<changes>([id, version, note = std::move(note), by = std::move(by)](database& db) {
            return sqlite::handled(db, id, version, note, by, now());
        });
    }
    awaitable<result<std::vector<saved_view>>> views(std::string login, visible_part visible) override {
        return worker_.call<std::vector<saved_view>>(
            [login = std::move(login), visible = std::move(visible)](database& db) {
                return views_for(db, login, visible);
            });
    }
    awaitable<result<saved_view>> find_view(std::int64_t id) override {
        return worker_.call<saved_view>([id](database& db) { return read_view(db, id); });
    }
    awaitable<result<saved_view>> add_view(saved_view v) override {
        return worker_.call<saved_view>([v = std::move(v)](database& db) { return sqlite::add_view(db, v); });
    }
    awaitable<result<saved_view>> change_view(saved_view v) override {
        return worker_.call<saved_view>(
            [v = std::move(v)](database& db) { return sqlite::change_view(db, v); });
    }
    awaitable<result<void>> remove_view(std::int64_t id, std::int64_t version) override {
        return worker_.call<void>([id, version](database& db) { sqlite::remove_view(db, id, version); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
