/// The department store over the one thread that touches the database.
#pragma once

#include "daemon/store/sqlite/departments.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_department_store final : public department_store {
 public:
    explicit sqlite_department_store(worker& w) : worker_(w) {}

    awaitable<result<question>> ask(std::int64_t suggestion_id, std::string department, std::string text,
                                    std::string by) override {
        return worker_.call<question>([suggestion_id, department = std::move(department),
                                       text = std::move(text), by = std::move(by)](database& db) {
            return sqlite::ask(db, suggestion_id, department, text, by, now());
        });
    }
    awaitable<result<question>> answer(std::int64_t id, std::string text, std::string by) override {
        return worker_.call<question>([id, text = std::move(text), by = std::move(by)](database& db) {
            return sqlite::answer(db, id, text, by, now());
        });
    }
    awaitable<result<question>> keep(std::int64_t id, std::string as, std::string by) override {
        return worker_.call<question>([id, as = std::move(as), by = std::move(by)](database& db) {
            return sqlite::keep(db, id, as, by, now());
        });
    }
    awaitable<result<question>> find_question(std::int64_t id) override {
        return worker_.call<question>([id](database& db) { return sqlite::find_question(db, id); });
    }
    awaitable<result<std::vector<question>>> questions(question_filter f) override {
        return worker_.call<std::vector<question>>(
            [f = std::move(f)](database& db) { return sqlite::questions(db, f); });
    }
    awaitable<result<std::map<std::string, department_counts>>> counts(
        std::vector<std::string> accounts = {}) override {
        return worker_.call<std::map<std::string, department_counts>>(
            [accounts = std::move(accounts)](database& db) { return department_counts_of(db, accounts); });
    }
    awaitable<result<department_period>> period(std::string department, timestamp from,
                                                timestamp until) override {
        return worker_.call<department_period>(
            [department = std::move(department), from, until](database& db) {
                return sqlite::period(db, department, from, until);
            });
    }
    awaitable<result<std::vector<unanswered_message>>> unanswered(timestamp since, timestamp until,
                                                                  std::size_t most) override {
        return worker_.call<std::vector<unanswered_message>>(
            [since, until, most](database& db) { return sqlite::unanswered(db, since, until, most); });
    }
    awaitable<result<std::vector<posted_reply>>> posted(timestamp since, timestamp until,
                                                        std::chrono::seconds within,
                                                        std::size_t most) override {
        return worker_.call<std::vector<posted_reply>>([since, until, within, most](database& db) {
            return sqlite::posted(db, since, until, within, most);
        });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
