/// The stats store over the one thread that touches the database.
#pragma once

#include "daemon/store/sqlite/stats.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_stats_store final : public stats_store {
 public:
    explicit sqlite_stats_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<queue_step>>> queue_over_time(stats_filter f) override {
        return worker_.call<std::vector<queue_step>>(
            [f = std::move(f)](database& db) { return sqlite::queue_over_time(db, f); });
    }
    awaitable<result<answer_time_figures>> time_to_answer(stats_filter f) override {
        return worker_.call<answer_time_figures>(
            [f = std::move(f)](database& db) { return sqlite::time_to_answer(db, f); });
    }
    awaitable<result<std::vector<outcome_count>>> outcomes(stats_filter f) override {
        return worker_.call<std::vector<outcome_count>>(
            [f = std::move(f)](database& db) { return sqlite::outcomes(db, f); });
    }
    awaitable<result<std::vector<kind_step>>> kinds(stats_filter f) override {
        return worker_.call<std::vector<kind_step>>(
            [f = std::move(f)](database& db) { return sqlite::kinds(db, f); });
    }
    awaitable<result<path_figures>> path_flow(stats_filter f) override {
        return worker_.call<path_figures>(
            [f = std::move(f)](database& db) { return sqlite::path_flow(db, f); });
    }
    awaitable<result<std::vector<catch_step>>> canaries(stats_filter f) override {
        return worker_.call<std::vector<catch_step>>(
            [f = std::move(f)](database& db) { return catches_over_time(db, f); });
    }
    awaitable<result<std::vector<stats_item>>> items(item_filter f) override {
        return worker_.call<std::vector<stats_item>>(
            [f = std::move(f)](database& db) { return stats_items(db, f); });
    }
    awaitable<result<std::vector<move_item>>> moves(move_filter f) override {
        return worker_.call<std::vector<move_item>>(
            [f = std::move(f)](database& db) { return move_items(db, f); });
    }
    awaitable<result<>> note_state(std::string account, std::string state, std::string detail, timestamp at,
                                   bool follows) override {
        return worker_.call<void>(
            [account = std::move(account), state = std::move(state), detail = std::move(detail), at,
             follows](database& db) { sqlite::note_state(db, account, state, detail, at, follows); });
    }
    awaitable<result<>> still(std::vector<std::string> accounts, timestamp at) override {
        return worker_.call<void>([accounts = std::move(accounts), at](database& db) {
            for (const auto& account : accounts) sqlite::still(db, account, at);
        });
    }
    awaitable<result<std::vector<account_interval>>> intervals(stats_filter f) override {
        return worker_.call<std::vector<account_interval>>(
            [f = std::move(f)](database& db) { return account_intervals(db, f); });
    }
    awaitable<result<std::vector<account_gap>>> gaps(stats_filter f) override {
        return worker_.call<std::vector<account_gap>>(
            [f = std::move(f)](database& db) { return account_gaps(db, f); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
