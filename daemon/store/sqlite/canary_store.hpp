/// The canaries' part of the SQLite store: each call on the worker's thread, in a transaction of its own.
#pragma once

#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_canary_store final : public canary_store {
 public:
    explicit sqlite_canary_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<placed_canary>>> open() override {
        return worker_.call<std::vector<placed_canary>>([](database& db) { return open_canaries(db); });
    }
    awaitable<result<std::optional<placed_canary>>> find(std::int64_t id) override {
        return worker_.call<std::optional<placed_canary>>([id](database& db) { return find_canary(db, id); });
    }
    awaitable<result<std::vector<placed_canary>>> in_place_of(
        std::vector<std::int64_t> suggestions) override {
        return worker_.call<std::vector<placed_canary>>([suggestions = std::move(suggestions)](database& db) {
            return canaries_in_place_of(db, suggestions);
        });
    }
    awaitable<result<std::int64_t>> shown_as(std::int64_t suggestion_id) override {
        return worker_.call<std::int64_t>(
            [suggestion_id](database& db) { return sqlite::shown_as(db, suggestion_id); });
    }
    awaitable<result<decided_canary>> decide(std::int64_t id, canary_act a) override {
        return worker_.call<decided_canary>(
            [id, a = std::move(a)](database& db) { return decide_canary(db, id, a, now()); });
    }
    awaitable<result<canary_counts>> counts(std::vector<std::string> departments,
                                            std::vector<std::string> accounts) override {
        return worker_.call<canary_counts>([d = std::move(departments), a = std::move(accounts)](
                                               database& db) { return count_canaries(db, d, a); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
