// Approval links.
#include "daemon/store/sqlite/links.hpp"

#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

void make_link(database& db, const std::string& token_hash, const approval_link& l) {
    db.run("DELETE FROM links WHERE expires_at < ?", l.made_at - std::chrono::hours{24});
    db.run(
        "INSERT INTO links (token_hash, suggestion_id, hash, login, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        token_hash, l.suggestion_id, l.hash, l.login, l.made_at, l.expires_at);
    note(db, l.made_at, l.login, "link made", 0, l.suggestion_id, "hash " + l.hash);
}

approval_link find_link(database& db, const std::string& token_hash, timestamp at) {
    auto r = db.query(
        "SELECT suggestion_id, hash, login, made_at, expires_at, used_at FROM links"
        " WHERE token_hash = ? AND expires_at > ?",
        token_hash, at);
    if (!r.next())
        throw failure(fail(errc::not_found,
                           "this link is not good, or no longer: ask for a new one, or open the console"));
    return {r.number(0), r.text(1), r.text(2), r.time(3), r.time(4), r.maybe_time(5)};
}

approval_link use_link(database& db, const std::string& token_hash, timestamp at) {
    auto l = find_link(db, token_hash, at);
    if (l.used_at)
        throw failure(fail(errc::conflict, "this link was used already, at " + to_rfc3339(*l.used_at, 0) +
                                               ": it is good once"));
    db.run("UPDATE links SET used_at = ? WHERE token_hash = ?", at, token_hash);
    l.used_at = at;
    return l;
}

void give_back_link(database& db, const std::string& token_hash) {
    db.run("UPDATE links SET used_at = NULL WHERE token_hash = ?", token_hash);
}

}  // namespace kith::sqlite
