// What people do with an item beside saying yes or no to it.
#include "daemon/queue/urgency.hpp"
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/queue_items.hpp"

namespace kith::sqlite {

namespace {

/// The suggestion behind a number that people see; a canary that is decided has none.
suggestion suggestion_behind(database& db, std::int64_t id) {
    auto canary = find_canary(db, id);
    if (!canary) return read_suggestion(db, id);
    if (canary->what.state != canary_state::open)
        conflict(id, "was a canary, decided by " + canary->what.decided_by);
    return std::move(canary->in_place_of);
}

void must_be_version(const suggestion& s, std::int64_t shown, std::int64_t version) {
    if (s.version != version)
        throw failure(fail(errc::outdated,
                           "suggestion " + std::to_string(shown) + " changed meanwhile: look at it again"));
}

suggestion open_one(database& db, std::int64_t id, std::int64_t version) {
    auto s = suggestion_behind(db, id);
    if (s.state != suggestion_state::open)
        conflict(id, "is " + std::string(to_string(s.state)) +
                         (s.decided_by.empty() ? "" : " (by " + s.decided_by + ")") +
                         (s.reason.empty() ? "" : ": " + s.reason));
    must_be_version(s, id, version);
    return s;
}

change touched(database& db, const suggestion& s, timestamp at) {
    db.run("UPDATE suggestions SET version = version + 1, updated_at = ? WHERE id = ?", at, s.id);
    return {shown_as(db, s.id), s.state};
}

void sleep_until(database& db, const suggestion& s, std::optional<timestamp> until) {
    db.run("UPDATE queue_items SET snoozed_until = ? WHERE message_id = ? AND purpose = ?", until,
           s.message_id, to_string(s.purpose));
}

}  // namespace

changes undo(database& db, std::int64_t id, std::int64_t version, const std::string& by, timestamp at) {
    const auto s = suggestion_behind(db, id);
    if (s.state == suggestion_state::open) conflict(id, "is open: there is nothing to take back");
    std::int64_t delivery_id = 0;
    {
        auto r = db.query(
            // Whatever it waits for: an attempt that begins now finds it canceled.
            "SELECT id FROM deliveries WHERE suggestion_id = ? AND state = 'approved' AND attempts = 0",
            s.id);
        if (!r.next())
            conflict(id, "is " + std::string(to_string(s.state)) +
                             (s.decided_by.empty() ? "" : " (by " + s.decided_by + ")") +
                             ": it is too late to take it back");
        delivery_id = r.number(0);
    }
    must_be_version(s, id, version);
    db.run("UPDATE deliveries SET state = 'canceled', last_error = 'taken back' WHERE id = ?", delivery_id);
    db.run(
        "DELETE FROM playbook_marks WHERE id = (SELECT MAX(id) FROM playbook_marks WHERE playbook = ? AND "
        "mark = "
        "'approved' AND at = ?)",
        s.basis.playbook, s.decided_at);
    db.run("UPDATE suggestions SET decided_by = '', decided_at = NULL WHERE id = ?", s.id);
    note(db, at, by, "approval taken back", s.message_id, s.id, "hash " + s.hash);
    changes out{move_to(db, s.id, suggestion_state::open, at)};
    const auto because =
        "suggestion " + std::to_string(s.id) + " for the same message was approved by " + s.decided_by;
    for (const auto& other : suggestions_of(db, s.message_id)) {
        if (other.state != suggestion_state::withdrawn || other.reason != because) continue;
        out.push_back(move_to(db, other.id, suggestion_state::open, at));
        note(db, at, by, "back in the queue", s.message_id, other.id, "");
    }
    return out;
}

changes snooze(database& db, std::int64_t id, std::int64_t version, std::optional<timestamp> until,
               const std::string& by, timestamp at) {
    const auto s = open_one(db, id, version);
    if (until && *until <= at) throw failure(fail_field("until", "give a time that is still to come"));
    if (until && s.expires_at && *until >= *s.expires_at)
        throw failure(fail_field(
            "until", "it expires at " + to_rfc3339(*s.expires_at, 0) + ": give a time before that"));
    sleep_until(db, s, until);
    note(db, at, by, until ? "snoozed" : "woken", s.message_id, s.id,
         until ? "until " + to_rfc3339(*until, 0) : "");
    return {touched(db, s, at)};
}

changes wake(database& db, timestamp at) {
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            "SELECT suggestion_id FROM queue_items WHERE snoozed_until IS NOT NULL AND snoozed_until <= ?",
            at);
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<std::int64_t> pressing;
    {
        auto r = db.query(
            "UPDATE queue_items SET soon = 1 WHERE state = 'open' AND soon = 0 AND expires_at <= ?"
            " RETURNING suggestion_id",
            at + expires_soon);
        while (r.next()) pressing.push_back(r.number(0));
    }
    changes out;
    for (const auto id : pressing) out.push_back({shown_as(db, id), suggestion_state::open});
    for (const auto id : ids) {
        const auto s = read_suggestion(db, id);
        sleep_until(db, s, std::nullopt);
        note(db, at, "kith", "woken", s.message_id, s.id, "");
        out.push_back(touched(db, s, at));
    }
    return out;
}

changes expire(database& db, timestamp at) {
    constexpr int at_once = 500;  // the rest a moment later: others wait for the store as well
    std::vector<std::pair<std::int64_t, std::int64_t>> over;
    {
        auto r = db.query(
            "SELECT id, message_id FROM suggestions WHERE state = 'open' AND expires_at IS NOT NULL"
            " AND expires_at <= ? ORDER BY expires_at LIMIT ?",
            at, at_once);
        while (r.next()) over.emplace_back(r.number(0), r.number(1));
    }
    const std::string why = "expired: the time in which it may be sent is over";
    changes out;
    for (const auto& [id, message_id] : over) {
        out.push_back(move_to(db, id, suggestion_state::withdrawn, at, why));
        note(db, at, "kith", "withdrawn", message_id, id, why);
    }
    return out;
}

changes assign(database& db, std::int64_t id, std::int64_t version, const assignee& to, const std::string& by,
               timestamp at) {
    const auto s = open_one(db, id, version);
    db.run(
        "UPDATE queue_items SET assigned_login = ?, assigned_name = ?, assigned_department = ? WHERE "
        "message_id = ?"
        " AND purpose = ?",
        to.login, to.name, to.department, s.message_id, to_string(s.purpose));
    const auto whom = !to.login.empty()        ? "to " + to.login
                      : !to.department.empty() ? "to the department " + to.department
                                               : std::string("to nobody");
    note(db, at, by, "assigned", s.message_id, s.id, whom);
    return {touched(db, s, at)};
}

changes handled(database& db, std::int64_t id, std::int64_t version, const std::string& words,
                const std::string& by, timestamp at) {
    const auto s = open_one(db, id, version);
    const auto why = "handled elsewhere, says " + by + (words.empty() ? "" : ": " + words);
    note(db, at, by, "handled elsewhere", s.message_id, s.id, words);
    changes out;
    for (const auto& each : suggestions_of(db, s.message_id)) {
        if (each.state != suggestion_state::open || each.purpose != s.purpose) continue;
        db.run("UPDATE suggestions SET decided_by = ?, decided_at = ? WHERE id = ?", by, at, each.id);
        out.push_back(move_to(db, each.id, suggestion_state::withdrawn, at, why));
    }
    // It needs no answer any more, whatever is mended or resumed.
    if (s.purpose == purpose::answer)
        db.run("UPDATE traces SET again_with = '' WHERE message_id = ?", s.message_id);
    return out;
}

}  // namespace kith::sqlite
