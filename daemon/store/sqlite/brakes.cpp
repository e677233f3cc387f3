#include "daemon/store/sqlite/brakes.hpp"

#include "daemon/store/sqlite/tables.hpp"

#include <spdlog/spdlog.h>

namespace kith::sqlite {

namespace {

constexpr std::string_view playbook_scope = "playbook ";

bool put_on(database& db, const brake& b) {
    if (db.run("INSERT INTO brakes (scope, actor, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
               b.scope, b.by, b.reason, b.at) == 0)
        return false;
    note(db, b.at, b.by, "paused", 0, 0, b.scope + ": " + b.reason);
    return true;
}

brake_bounds bounds(database& db) {
    brake_bounds out;
    auto r = db.query("SELECT mark, percent, of_last FROM brake_bounds");
    while (r.next()) {
        const auto mark = r.text(0);
        auto& b = mark == "rejected" ? out.rejections : mark == "complaint" ? out.complaints : out.opt_outs;
        b = {static_cast<int>(r.number(1)), r.number(2)};
    }
    return out;
}

/// How many of `mark` there are among the newest `of_last` of the two kinds, since the playbook was last
/// resumed.
std::int64_t among(database& db, const std::string& playbook, std::string_view mark, std::string_view other,
                   std::int64_t of_last) {
    // Each kind by itself first, so that an index bounds the work however long the playbook has served.
    auto r = db.query(
        "SELECT COUNT(*) FROM (SELECT mark FROM ("
        " SELECT * FROM (SELECT id, mark FROM playbook_marks WHERE playbook = ?1 AND mark = ?2"
        " ORDER BY id DESC LIMIT ?4) UNION ALL"
        " SELECT * FROM (SELECT id, mark FROM playbook_marks WHERE playbook = ?1 AND mark = ?3"
        " ORDER BY id DESC LIMIT ?4)) WHERE id >"
        " COALESCE((SELECT MAX(id) FROM playbook_marks WHERE playbook = ?1 AND mark = 'resumed'), 0)"
        " ORDER BY id DESC LIMIT ?4) WHERE mark = ?2",
        playbook, mark, other, of_last);
    r.next();
    return r.number(0);
}

/// How many of `mark` came after the first of the newest `of_last` replies that were posted.
std::int64_t since_replies(database& db, const std::string& playbook, std::string_view mark,
                           std::int64_t of_last) {
    auto r = db.query(
        "SELECT COUNT(*) FROM playbook_marks WHERE playbook = ?1 AND mark = ?2 AND id >"
        " COALESCE((SELECT MAX(id) FROM playbook_marks WHERE playbook = ?1 AND mark = 'resumed'), 0) AND id >"
        " COALESCE((SELECT id FROM playbook_marks WHERE playbook = ?1 AND mark = 'delivered'"
        " ORDER BY id DESC LIMIT 1 OFFSET ?3 - 1), 0)",
        playbook, mark, of_last);
    r.next();
    return r.number(0);
}

}  // namespace

std::vector<brake> brakes(database& db) {
    std::vector<brake> out;
    auto r = db.query("SELECT scope, actor, reason, at FROM brakes ORDER BY at, scope");
    while (r.next()) out.push_back({r.text(0), r.text(1), r.text(2), r.time(3)});
    return out;
}

void stop(database& db, const std::string& scope, const std::string& reason, const std::string& by,
          timestamp at) {
    put_on(db, {scope, by, reason, at});
}

void resume(database& db, const std::string& scope, const std::string& reason, const std::string& by,
            timestamp at) {
    if (db.run("DELETE FROM brakes WHERE scope = ?", scope) == 0)
        throw failure(fail(errc::conflict, scope + " is not stopped: kith status lists what is"));
    if (scope.starts_with(playbook_scope))
        mark_playbook(db, scope.substr(playbook_scope.size()), "resumed", at);
    note(db, at, by, "resumed", 0, 0, reason.empty() ? scope : scope + ": " + reason);
    // What was put off because of a stop need not wait any longer.
    db.run(
        "UPDATE deliveries SET due_at = ?1 WHERE state = 'approved' AND due_at > ?1 AND last_error LIKE"
        " 'sending is stopped%'",
        at);
}

void set_bounds(database& db, const brake_bounds& b) {
    const auto set = [&](std::string_view mark, const bound& one) {
        db.run(
            "INSERT INTO brake_bounds (mark, percent, of_last) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (mark) DO UPDATE SET percent = ?2, of_last = ?3",
            mark, one.percent, one.of_last);
    };
    set("rejected", b.rejections);
    set("complaint", b.complaints);
    set("opt-out", b.opt_outs);
}

std::vector<std::string> stopped(database& db, const std::string& account) {
    std::vector<std::string> out;
    auto r = db.query(
        "SELECT scope FROM brakes WHERE scope NOT LIKE 'account %' OR scope = 'account ' || ? ORDER BY scope",
        account);
    while (r.next()) out.push_back(r.text(0));
    return out;
}

std::string why_stopped(database& db, const std::string& account, const std::string& playbook) {
    auto r = db.query(
        "SELECT scope, reason FROM brakes WHERE scope IN ('all', 'account ' || ?, 'playbook ' || ?)"
        " ORDER BY scope LIMIT 1",
        account, playbook);
    return r.next() ? r.text(0) + ": " + r.text(1) : std::string{};
}

void mark_playbook(database& db, const std::string& playbook, std::string_view mark, timestamp at,
                   std::int64_t delivery) {
    db.run("INSERT INTO playbook_marks (playbook, mark, at, delivery) VALUES (?, ?, ?, ?)", playbook, mark,
           at, delivery);
    if (mark != "rejected" && mark != "complaint" && mark != "opt-out") return;
    const auto b = bounds(db);
    const brake_counts counts{among(db, playbook, "rejected", "approved", b.rejections.of_last),
                              since_replies(db, playbook, "complaint", b.complaints.of_last),
                              since_replies(db, playbook, "opt-out", b.opt_outs.of_last)};
    const auto why = reason_to_pause(counts, b);
    if (!why) return;
    if (put_on(db, {std::string(playbook_scope) + playbook, "kith", *why, at}))
        spdlog::warn("playbook {} is paused: {}; `kith resume playbook {}` takes it up again", playbook, *why,
                     playbook);
}

void mark_playbook_of(database& db, std::int64_t suggestion_id, std::string_view mark, timestamp at) {
    std::string playbook;
    {
        auto r = db.query("SELECT playbook FROM suggestions WHERE id = ?", suggestion_id);
        if (r.next()) playbook = r.text(0);
    }
    if (!playbook.empty()) mark_playbook(db, playbook, mark, at);
}

void mark_answerable(database& db, std::int64_t contact, std::string_view mark, timestamp at) {
    std::string playbook;
    std::int64_t delivery = 0;
    {
        auto r = db.query(
            "SELECT d.playbook, d.id FROM messages m JOIN deliveries d ON d.message_id = m.id WHERE "
            "m.contact = ?"
            " AND d.state = 'delivered' ORDER BY d.id DESC LIMIT 1",
            contact);
        if (!r.next()) return;
        playbook = r.text(0);
        delivery = r.number(1);
    }
    auto counted = [&] {  // one reply can be complained of in many words
        auto r = db.query("SELECT 1 FROM playbook_marks WHERE delivery = ? AND delivery <> 0 AND mark = ?",
                          delivery, mark);
        return r.next();
    };
    if (!counted()) mark_playbook(db, playbook, mark, at, delivery);
}

}  // namespace kith::sqlite
