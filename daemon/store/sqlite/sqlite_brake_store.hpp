/// The brakes' part of the SQLite store.
#pragma once

#include "daemon/store/brake_store.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_brake_store final : public brake_store {
 public:
    explicit sqlite_brake_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<brake>>> brakes() override {
        return worker_.call<std::vector<brake>>([](database& db) { return sqlite::brakes(db); });
    }
    awaitable<result<>> stop(std::string scope, std::string reason, std::string by) override {
        return worker_.call<void>([scope = std::move(scope), reason = std::move(reason), by = std::move(by)](
                                      database& db) { sqlite::stop(db, scope, reason, by, now()); });
    }
    awaitable<result<>> resume(std::string scope, std::string reason, std::string by) override {
        return worker_.call<void>([scope = std::move(scope), reason = std::move(reason), by = std::move(by)](
                                      database& db) { sqlite::resume(db, scope, reason, by, now()); });
    }
    awaitable<result<>> set_bounds(brake_bounds bounds) override {
        return worker_.call<void>([bounds](database& db) { sqlite::set_bounds(db, bounds); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
