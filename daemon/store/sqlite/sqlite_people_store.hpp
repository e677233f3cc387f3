/// The people's part of the SQLite store.
#pragma once

#include "daemon/store/people_store.hpp"
#include "daemon/store/sqlite/people.hpp"
#include "daemon/store/sqlite/worker.hpp"

namespace kith::sqlite {

class sqlite_people_store final : public people_store {
 public:
    explicit sqlite_people_store(worker& w) : worker_(w) {}

    awaitable<result<std::vector<user>>> users() override {
        return worker_.call<std::vector<user>>([](database& db) { return sqlite::users(db); });
    }
    awaitable<result<user>> add_user(user u, std::string by) override {
        return worker_.call<user>([u = std::move(u), by = std::move(by)](database& db) {
            return sqlite::add_user(db, u, by, now());
        });
    }
    awaitable<result<user>> change_user(std::int64_t id, std::int64_t version, user_change c,
                                        std::string by) override {
        return worker_.call<user>([id, version, c = std::move(c), by = std::move(by)](database& db) {
            return sqlite::change_user(db, id, version, c, by, now());
        });
    }
    awaitable<result<user>> invite(std::int64_t id, std::string hash, timestamp until,
                                   std::string by) override {
        return worker_.call<user>([id, hash = std::move(hash), until, by = std::move(by)](database& db) {
            return sqlite::invite(db, id, hash, until, by, now());
        });
    }
    awaitable<result<std::int64_t>> invited(std::string hash) override {
        return worker_.call<std::int64_t>(
            [hash = std::move(hash)](database& db) { return sqlite::invited(db, hash, now()); });
    }
    awaitable<result<user>> accept_invitation(std::string hash, std::string name,
                                              std::string password) override {
        return worker_.call<user>(
            [hash = std::move(hash), name = std::move(name), password = std::move(password)](database& db) {
                return sqlite::accept_invitation(db, hash, name, password, now());
            });
    }
    awaitable<result<user>> set_password(std::int64_t id, std::string old, std::string password,
                                         std::int64_t keep) override {
        return worker_.call<user>(
            [id, old = std::move(old), password = std::move(password), keep](database& db) {
                return sqlite::set_password(db, id, old, password, keep, now());
            });
    }
    awaitable<result<user>> set_second_factor(std::int64_t id, std::string sealed, std::int64_t step,
                                              std::vector<std::string> recovery_hashes,
                                              std::int64_t keep) override {
        return worker_.call<user>(
            [id, sealed = std::move(sealed), step, hashes = std::move(recovery_hashes), keep](database& db) {
                return sqlite::set_second_factor(db, id, sealed, step, hashes, keep, now());
            });
    }
    awaitable<result<user>> take_step(std::int64_t id, std::int64_t step) override {
        return worker_.call<user>([id, step](database& db) { return sqlite::take_step(db, id, step); });
    }
    awaitable<result<user>> take_recovery_code(std::int64_t id, std::string hash) override {
        return worker_.call<user>([id, hash = std::move(hash)](database& db) {
            return sqlite::take_recovery_code(db, id, hash, now());
        });
    }
    awaitable<result<user>> link(std::int64_t id, std::int64_t session, std::string issuer,
                                 std::string subject, std::string by) override {
        return worker_.call<user>([id, session, issuer = std::move(issuer), subject = std::move(subject),
                                   by = std::move(by)](database& db) {
            return sqlite::link(db, id, session, issuer, subject, by, now());
        });
    }
    awaitable<result<user>> unlink(std::int64_t id, std::int64_t keep, std::string by) override {
        return worker_.call<user>(
            [id, keep, by = std::move(by)](database& db) { return sqlite::unlink(db, id, keep, by, now()); });
    }
    awaitable<result<std::vector<user_session>>> sessions() override {
        return worker_.call<std::vector<user_session>>([](database& db) { return sqlite::sessions(db); });
    }
    awaitable<result<user_session>> begin_session(user_session s, std::int64_t instead) override {
        return worker_.call<user_session>(
            [s = std::move(s), instead](database& db) { return sqlite::begin_session(db, s, instead); });
    }
    awaitable<result<>> end_session(std::int64_t id) override {
        return worker_.call<void>([id](database& db) { sqlite::end_session(db, id); });
    }
    awaitable<result<>> forget_sessions(timestamp began, timestamp used) override {
        return worker_.call<void>([began, used](database& db) { sqlite::forget_sessions(db, began, used); });
    }
    awaitable<result<std::vector<user_token>>> tokens() override {
        return worker_.call<std::vector<user_token>>([](database& db) { return sqlite::tokens(db); });
    }
    awaitable<result<user_token>> add_token(user_token t, std::string by) override {
        return worker_.call<user_token>([t = std::move(t), by = std::move(by)](database& db) {
            return sqlite::add_token(db, t, by, now());
        });
    }
    awaitable<result<>> remove_token(std::int64_t id, std::string by) override {
        return worker_.call<void>(
            [id, by = std::move(by)](database& db) { sqlite::remove_token(db, id, by, now()); });
    }
    awaitable<result<>> note_used(std::vector<last_used> sessions, std::vector<last_used> tokens) override {
        return worker_.call<void>(
            [s = std::move(sessions), t = std::move(tokens)](database& db) { sqlite::note_used(db, s, t); });
    }

 private:
    worker& worker_;
};

}  // namespace kith::sqlite
