/// The customers' part of the SQLite store: each call on the worker's thread, in a transaction of its own.
#pragma once

#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_customer_store final : public customer_store {
 public:
    explicit sqlite_customer_store(worker& w) : worker_(w) {}

    awaitable<result<imported>> import(std::vector<customer_entry> entries, std::string by) override {
        return worker_.call<imported>([entries = std::move(entries), by = std::move(by)](database& db) {
            return import_customers(db, entries, by, now());
        });
    }
    awaitable<result<std::vector<customer>>> list(std::int64_t after, std::size_t most,
                                                  std::vector<std::string> accounts = {}) override {
        return worker_.call<std::vector<customer>>(
            [after, most, accounts = std::move(accounts)](database& db) {
                return list_customers(db, after, most, accounts);
            });
    }
    awaitable<result<customer>> find(std::int64_t id) override {
        return worker_.call<customer>([id](database& db) { return read_customer(db, id); });
    }
    awaitable<result<std::vector<told_occasion>>> occasions_of(std::int64_t id) override {
        return worker_.call<std::vector<told_occasion>>(
            [id](database& db) { return sqlite::occasions_of(db, id); });
    }
    awaitable<result<changes>> end_consent(std::int64_t id, std::string why, std::string by) override {
        return worker_.call<changes>([id, why = std::move(why), by = std::move(by)](database& db) {
            return sqlite::end_consent(db, id, why, by, now());
        });
    }
    awaitable<result<fix>> note_fix(fix f) override {
        return worker_.call<fix>([f = std::move(f)](database& db) { return sqlite::note_fix(db, f, now()); });
    }
    awaitable<result<std::vector<fix>>> fixes() override {
        return worker_.call<std::vector<fix>>([](database& db) { return sqlite::fixes(db); });
    }
    awaitable<result<std::map<std::string, timestamp>>> answers_seen(std::vector<std::string> all,
                                                                     timestamp at) override {
        return worker_.call<std::map<std::string, timestamp>>(
            [all = std::move(all), at](database& db) { return sqlite::answers_seen(db, all, at); });
    }
    awaitable<result<std::vector<customer_history>>> histories(std::int64_t after, std::size_t most,
                                                               timestamp at) override {
        return worker_.call<std::vector<customer_history>>(
            [after, most, at](database& db) { return sqlite::histories(db, after, most, at); });
    }
    awaitable<result<changes>> propose(proposed_occasion o, occasion_limits l) override {
        return worker_.call<changes>(
            [o = std::move(o), l](database& db) { return sqlite::propose(db, o, l, now()); });
    }
    awaitable<result<occasion_counts>> counts(std::vector<std::string> accounts = {}) override {
        return worker_.call<occasion_counts>(
            [accounts = std::move(accounts)](database& db) { return count_occasions(db, accounts); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
