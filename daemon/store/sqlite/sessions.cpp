#include "daemon/store/sqlite/people.hpp"
#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

namespace {

std::string_view to_text(second_factor s) {
    switch (s) {
        case second_factor::setup:
            return "setup";
        case second_factor::done:
            return "done";
        case second_factor::needed:
            break;
    }
    return "needed";
}

second_factor second_from(const std::string& text) {
    if (text == "done") return second_factor::done;
    return text == "setup" ? second_factor::setup : second_factor::needed;
}

}  // namespace

std::vector<user_session> sessions(database& db) {
    std::vector<user_session> out;
    auto r = db.query(
        "SELECT id, user, hash, second, began, used, address, agent, proved FROM sessions ORDER BY id");
    while (r.next())
        out.push_back({r.number(0), r.number(1), r.text(2), second_from(r.text(3)), r.time(4), r.time(5),
                       r.text(6), r.text(7), r.time(8)});
    return out;
}

user_session begin_session(database& db, user_session s, std::int64_t instead) {
    if (instead != 0 && db.run("DELETE FROM sessions WHERE id = ?", instead) == 0)
        throw failure(fail(errc::refused, "this session has ended meanwhile: sign in again"));
    db.run(
        "INSERT INTO sessions (user, hash, second, began, used, address, agent, proved)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        s.user, s.hash, to_text(s.second), s.began, s.used, s.address, s.agent, s.proved);
    s.id = db.last_id();
    if (s.second == second_factor::done)
        db.run("UPDATE users SET signed_in_at = ? WHERE id = ?", s.used, s.user);
    return s;
}

void end_session(database& db, std::int64_t id) {
    db.run("DELETE FROM sessions WHERE id = ?", id);
}

void forget_sessions(database& db, timestamp began, timestamp used) {
    db.run("DELETE FROM sessions WHERE began < ? OR used < ?", began, used);
}

std::vector<user_token> tokens(database& db) {
    std::vector<user_token> out;
    auto r = db.query(
        "SELECT id, user, name, hash, scopes, created_at, expires_at, used_at, made_by FROM tokens ORDER BY "
        "id");
    while (r.next())
        out.push_back({r.number(0), r.number(1), r.text(2), r.text(3), list_of(r.text(4)), r.time(5),
                       r.time(6), r.maybe_time(7), r.text(8)});
    return out;
}

user_token add_token(database& db, user_token t, const std::string& by, timestamp at) {
    t.created_at = at;
    t.made_by = by;
    db.run(
        "INSERT INTO tokens (user, name, hash, scopes, created_at, expires_at, made_by) VALUES (?, ?, ?, ?, "
        "?, ?,"
        " ?)",
        t.user, t.name, t.hash, list_text(t.scopes), t.created_at, t.expires_at, by);
    t.id = db.last_id();
    note(db, at, by, "token-added", 0, 0,
         "token " + std::to_string(t.id) + " of user " + std::to_string(t.user) + ": " + list_text(t.scopes));
    return t;
}

void remove_token(database& db, std::int64_t id, const std::string& by, timestamp at) {
    if (db.run("DELETE FROM tokens WHERE id = ?", id) == 0)
        throw failure(fail(errc::not_found, "there is no token " + std::to_string(id)));
    note(db, at, by, "token-removed", 0, 0, "token " + std::to_string(id));
}

void note_used(database& db, const std::vector<last_used>& sessions, const std::vector<last_used>& tokens) {
    for (const auto& s : sessions) db.run("UPDATE sessions SET used = ? WHERE id = ?", s.at, s.id);
    for (const auto& t : tokens) db.run("UPDATE tokens SET used_at = ? WHERE id = ?", t.at, t.id);
}

}  // namespace kith::sqlite
