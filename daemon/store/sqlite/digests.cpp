// The marks of the digests.
#include "daemon/store/sqlite/digests.hpp"

#include "daemon/store/sqlite/tables.hpp"

namespace kith {

namespace {
constexpr std::pair<digest_state, std::string_view> names[] = {
    {digest_state::began, "began"},   {digest_state::waiting, "waiting"}, {digest_state::sending, "sending"},
    {digest_state::sent, "sent"},     {digest_state::refused, "refused"}, {digest_state::unsure, "unsure"},
    {digest_state::missed, "missed"},
};
}  // namespace

std::string_view to_string(digest_state s) noexcept {
    for (const auto& [state, name] : names)
        if (state == s) return name;
    return "waiting";
}

std::optional<digest_state> digest_state_from(std::string_view text) noexcept {
    for (const auto& [state, name] : names)
        if (name == text) return state;
    return std::nullopt;
}

namespace sqlite {

namespace {

digest_line read_digest_line(const rows& r) {
    digest_line d;
    d.department = r.text(0);
    d.since = r.time(1);
    d.until = r.time(2);
    d.state = digest_state_from(r.text(3)).value_or(digest_state::unsure);
    d.attempts = static_cast<int>(r.number(4));
    d.due_at = r.time(5);
    d.ended_at = r.maybe_time(6);
    d.last_error = r.text(7);
    return d;
}

std::optional<digest_line> newest_of(database& db, const std::string& department) {
    auto r = db.query(
        "SELECT department, since_at, until_at, state, attempts, due_at, ended_at, last_error FROM digests"
        " WHERE department = ? ORDER BY until_at DESC LIMIT 1",
        department);
    if (!r.next()) return std::nullopt;
    return read_digest_line(r);
}

bool is_over(digest_state s) {
    return s != digest_state::waiting && s != digest_state::sending;
}

void insert(database& db, const std::string& department, timestamp since, timestamp until, digest_state s,
            timestamp at) {
    db.run("INSERT INTO digests (department, since_at, until_at, state, due_at) VALUES (?, ?, ?, ?, ?)",
           department, since, until, to_string(s), at);
}

}  // namespace

std::optional<digest_line> due_digest(database& db, const std::string& department, timestamp until,
                                      timestamp at) {
    auto newest = newest_of(db, department);
    if (!newest) {
        insert(db, department, until, until, digest_state::began, at);
        return std::nullopt;
    }
    if (newest->until > until) return std::nullopt;
    if (newest->until == until) {
        if (is_over(newest->state) || newest->due_at > at) return std::nullopt;
        return newest;
    }
    // What an unsent one would have told, its successor tells.
    auto since = newest->until;
    if (newest->state == digest_state::refused) since = newest->since;
    if (!is_over(newest->state)) {
        const bool asked = newest->state == digest_state::sending;
        db.run("UPDATE digests SET state = ?, ended_at = ? WHERE department = ? AND until_at = ?",
               to_string(asked ? digest_state::unsure : digest_state::missed), at, department, newest->until);
        since = newest->since;
    }
    insert(db, department, since, until, digest_state::waiting, at);
    return newest_of(db, department);
}

void begin_digest(database& db, const std::string& department, timestamp until, timestamp at) {
    const auto changed = db.run(
        "UPDATE digests SET state = 'sending', attempts = attempts + 1, due_at = ? WHERE department = ?"
        " AND until_at = ? AND state IN ('waiting', 'sending')",
        at, department, until);
    if (changed == 0)
        throw failure(fail(errc::conflict, "this digest of " + department + " does not wait to be sent"));
}

void end_digest(database& db, const std::string& department, timestamp until, const digest_outcome& o,
                timestamp at) {
    const bool over = is_over(o.state);
    const auto changed = db.run(
        "UPDATE digests SET state = ?1, last_error = ?2, due_at = ?3, ended_at = CASE WHEN ?4 THEN ?5 END"
        " WHERE department = ?6 AND until_at = ?7 AND state = 'sending'",
        to_string(o.state), o.why, o.again_at, over, at, department, until);
    if (changed == 0)
        throw failure(fail(errc::conflict, "this digest of " + department + " is not being sent"));
    if (over)
        note(db, at, "kith", "digest " + std::string(to_string(o.state)), 0, 0,
             "department " + department + ", until " + to_rfc3339(until, 0));
}

std::map<std::string, digest_line> newest_digests(database& db) {
    std::map<std::string, digest_line> out;
    auto r = db.query(
        "SELECT department, since_at, until_at, state, attempts, due_at, ended_at, last_error FROM digests d"
        " WHERE until_at = (SELECT MAX(until_at) FROM digests n WHERE n.department = d.department)");
    while (r.next()) out.emplace(r.text(0), read_digest_line(r));
    return out;
}

}  // namespace sqlite
}  // namespace kith
