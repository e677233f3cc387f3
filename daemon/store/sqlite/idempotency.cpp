#include "daemon/store/sqlite/idempotency.hpp"

namespace kith::sqlite {

namespace {

constexpr std::chrono::hours answers_kept_for{24};

begun_write begin_write(database& db, const std::string& person, const std::string& key,
                        const std::string& request, timestamp at) {
    db.run("DELETE FROM idempotency WHERE at < ?", at - answers_kept_for);
    begun_write out;
    const auto fresh = db.run(
        "INSERT INTO idempotency (person, key, request, state, at) VALUES (?, ?, ?, 'running', ?)"
        " ON CONFLICT DO NOTHING",
        person, key, request, at);
    if (fresh != 0) return out;
    auto r = db.query(
        "SELECT request, state, status, type, etag, body FROM idempotency WHERE person = ? AND key = ?",
        person, key);
    r.next();
    const auto state = r.text(1);
    if (r.text(0) != request) {
        out.is = begun_write::kind::other;
    } else if (state == "done") {
        out.is = begun_write::kind::done;
        out.answer = {static_cast<unsigned>(r.number(2)), r.text(3), r.text(4), r.text(5)};
    } else {
        out.is = state == "running" ? begun_write::kind::running : begun_write::kind::gone;
    }
    return out;
}

}  // namespace

void give_up_running_writes(database& db) {
    db.run("UPDATE idempotency SET state = 'gone' WHERE state = 'running'");
}

void forget_kept_answers(database& db) {
    db.run("UPDATE idempotency SET state = 'gone', status = 0, type = '', etag = '', body = ''");
}

awaitable<result<begun_write>> sqlite_idempotency_store::begin(std::string person, std::string key,
                                                               std::string request, timestamp at) {
    return worker_.call<begun_write>(
        [person = std::move(person), key = std::move(key), request = std::move(request), at](database& db) {
            return begin_write(db, person, key, request, at);
        });
}

awaitable<result<>> sqlite_idempotency_store::end(std::string person, std::string key, kept_answer answer) {
    return worker_.call<void>(
        [person = std::move(person), key = std::move(key), a = std::move(answer)](database& db) {
            db.run(
                "UPDATE idempotency SET state = 'done', status = ?, type = ?, etag = ?, body = ?"
                " WHERE person = ? AND key = ? AND state = 'running'",
                static_cast<std::int64_t>(a.status), a.type, a.etag, a.body, person, key);
        });
}

awaitable<result<>> sqlite_idempotency_store::end_without_answer(std::string person, std::string key) {
    return worker_.call<void>([person = std::move(person), key = std::move(key)](database& db) {
        db.run("UPDATE idempotency SET state = 'gone' WHERE person = ? AND key = ? AND state = 'running'",
               person, key);
    });
}

awaitable<result<>> sqlite_idempotency_store::take_back(std::string person, std::string key) {
    return worker_.call<void>([person = std::move(person), key = std::move(key)](database& db) {
        db.run("DELETE FROM idempotency WHERE person = ? AND key = ? AND state = 'running'", person, key);
    });
}

}  // namespace kith::sqlite
