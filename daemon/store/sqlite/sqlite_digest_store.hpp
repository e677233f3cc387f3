/// The digest store over the one thread that touches the database.
#pragma once

#include "daemon/store/sqlite/digests.hpp"
#include "daemon/store/sqlite/tables.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_digest_store final : public digest_store {
 public:
    explicit sqlite_digest_store(worker& w) : worker_(w) {}

    awaitable<result<std::optional<digest_line>>> due(std::string department, timestamp until,
                                                      timestamp at) override {
        return worker_.call<std::optional<digest_line>>(
            [department = std::move(department), until, at](database& db) {
                return due_digest(db, department, until, at);
            });
    }
    awaitable<result<>> begin_attempt(std::string department, timestamp until, timestamp at) override {
        return worker_.call<void>([department = std::move(department), until, at](database& db) {
            begin_digest(db, department, until, at);
        });
    }
    awaitable<result<>> end_attempt(std::string department, timestamp until, digest_outcome o,
                                    timestamp at) override {
        return worker_.call<void>([department = std::move(department), until, o = std::move(o),
                                   at](database& db) { end_digest(db, department, until, o, at); });
    }
    awaitable<result<>> by_hand(std::string department, std::string by, std::string outcome) override {
        return worker_.call<void>([department = std::move(department), by = std::move(by),
                                   outcome = std::move(outcome)](database& db) {
            note(db, now(), by, "digest by hand", 0, 0, "department " + department + ": " + outcome);
        });
    }
    awaitable<result<std::map<std::string, digest_line>>> newest() override {
        return worker_.call<std::map<std::string, digest_line>>(
            [](database& db) { return newest_digests(db); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
