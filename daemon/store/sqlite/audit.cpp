#include "daemon/store/sqlite/audit.hpp"

#include "daemon/store/sqlite/tables.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace kith::sqlite {

namespace {

/// The next number and the newest hash. The number comes from the sequence and not from the newest row: where
/// rows were cut off, a hole tells.
void continue_chain(database& db, audit::entry& e) {
    auto r = db.query(
        "SELECT seq, (SELECT hash FROM record ORDER BY number DESC LIMIT 1) FROM sqlite_sequence"
        " WHERE name = 'record'");
    const bool begun = r.next();
    e.number = begun ? r.number(0) + 1 : 1;
    if (begun) e.previous = r.text(1);
    if (e.previous.empty()) e.previous = audit::beginning;
}

audit::entry read_entry(const rows& r, bool with_details) {
    audit::entry e{r.number(0), r.time(1), r.text(2), r.text(3), r.number(4),
                   r.number(5), r.text(6), r.text(7), r.text(8)};
    if (const auto salt = r.text(9); with_details && !salt.empty())
        e.detail = audit::erasable{salt, r.text(10)};
    return e;
}

/// The statement whose index finds the fewest: each begins with another condition, which stands among all of
/// them again. Kept for the length of the process: statements are kept under their text's address.
std::string_view sql_of(const audit_filter& f) {
    static constexpr std::array<std::string_view, 5> leads = {
        "suggestion_id = ?1 AND suggestion_id <> 0", "message_id = ?2", "actor = ?3 AND actor <> 'kith'",
        "act = ?4", "at >= ?5"};
    static const auto texts = [] {
        std::array<std::string, leads.size() * 2> out;
        for (std::size_t i = 0; i < out.size(); ++i) {
            const bool newest = i % 2 == 1;
            const std::string order = newest ? " DESC" : "", beyond = newest ? "<" : ">";
            auto& sql = out.at(i);
            sql =
                "SELECT r.number, at, actor, act, message_id, suggestion_id, commitment, previous, hash,"
                " salt, detail FROM record r LEFT JOIN record_details d ON d.number = r.number WHERE ";
            sql.append(leads.at(i / 2)).append(" AND at >= ?5 AND at < ?6 AND (at, r.number) ");
            sql.append(beyond).append(" (?7, ?8) AND (?1 = 0 OR suggestion_id = ?1)");
            sql.append(" AND (?2 = 0 OR message_id = ?2) AND (?3 = '' OR actor = ?3)");
            sql.append(" AND (?4 = '' OR act = ?4) ORDER BY at").append(order);
            sql.append(", r.number").append(order).append(" LIMIT ?9");
        }
        return out;
    }();
    const std::size_t lead = f.suggestion_id != 0                    ? 0
                             : f.message_id != 0                     ? 1
                             : !f.actor.empty() && f.actor != "kith" ? 2
                             : !f.act.empty()                        ? 3
                                                                     : 4;
    return texts.at(lead * 2 + (f.newest_first ? 1 : 0));
}

}  // namespace

void note(database& db, timestamp at, const std::string& actor, const std::string& act,
          std::int64_t message_id, std::int64_t suggestion_id, const std::string& detail) {
    audit::entry e;
    continue_chain(db, e);
    e.at = at;
    e.actor = actor;
    e.act = act;
    e.message_id = message_id;
    e.suggestion_id = suggestion_id;
    if (!detail.empty()) {
        e.detail = audit::erasable{audit::random_salt(), detail};
        e.commitment = audit::commit_to(*e.detail);
    }
    db.run(
        "INSERT INTO record (number, at, actor, act, message_id, suggestion_id, commitment, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        e.number, at, actor, act, message_id, suggestion_id, e.commitment, e.previous, audit::hash_of(e));
    if (e.detail)
        db.run("INSERT INTO record_details (number, salt, detail) VALUES (?, ?, ?)", e.number, e.detail->salt,
               detail);
}

void erase_record_details(database& db, std::int64_t message_id) {
    db.run("DELETE FROM record_details WHERE number IN (SELECT number FROM record WHERE message_id = ?)",
           message_id);
}

std::vector<audit::entry> record_entries(database& db, std::int64_t after, std::size_t most,
                                         bool with_details) {
    std::vector<audit::entry> out;
    auto r = db.query(
        "SELECT r.number, at, actor, act, message_id, suggestion_id, commitment, previous, hash, salt, detail"
        " FROM record r LEFT JOIN record_details d ON d.number = r.number WHERE r.number > ?"
        " ORDER BY r.number LIMIT ?",
        after, static_cast<std::int64_t>(most));
    while (r.next()) out.push_back(read_entry(r, with_details));
    return out;
}

std::vector<audit::entry> find_entries(database& db, const audit_filter& f) {
    // Where the part before ended bounds the times too, so that an index leads there.
    auto from = f.from, until = f.until;
    if (f.after != 0 && f.newest_first) until = std::min(until, f.after_at + std::chrono::microseconds{1});
    if (f.after != 0 && !f.newest_first) from = std::max(from, f.after_at);
    const auto unbounded = f.newest_first ? std::numeric_limits<std::int64_t>::max() : std::int64_t{-1};
    const auto after_at = f.after != 0 ? to_micros(f.after_at) : unbounded;
    std::vector<audit::entry> out;
    auto r = db.query(sql_of(f), f.suggestion_id, f.message_id, f.actor, f.act, from, until, after_at,
                      f.after, static_cast<std::int64_t>(f.most));
    while (r.next()) out.push_back(read_entry(r, f.with_details));
    return out;
}

audit::head record_head(database& db) {
    auto r = db.query("SELECT number, hash, at FROM record ORDER BY number DESC LIMIT 1");
    if (!r.next()) return {};
    return {r.number(0), r.text(1), r.time(2)};
}

void note_shown(database& db, std::int64_t suggestion_id, std::int64_t version, const std::string& by,
                timestamp at) {
    const auto s = read_suggestion(db, suggestion_id);
    if (db.run("INSERT INTO shown (suggestion_id, version, person, at) VALUES (?, ?, ?, ?)"
               " ON CONFLICT DO NOTHING",
               suggestion_id, version, by, at) == 0)
        return;
    note(db, at, by, "shown", s.message_id, suggestion_id,
         "version " + std::to_string(version) + (version == s.version ? ", hash " + s.hash : ""));
}

void link_old_record(database& db) {
    {
        auto r = db.query("SELECT 1 FROM sqlite_master WHERE name = 'record_unlinked'");
        if (!r.next()) return;
    }
    db.script("BEGIN IMMEDIATE");
    if (record_head(db).number > 0)
        throw failure(
            fail(errc::invalid,
                 "the database holds a table record_unlinked beside the audit chain: somebody put it"
                 " there by hand; restore kith.db from a backup, or drop the table"));
    std::vector<record_line> old;
    {
        auto r = db.query(
            "SELECT number, at, actor, act, message_id, suggestion_id, detail FROM record_unlinked"
            " ORDER BY number");
        while (r.next())
            old.push_back(
                {r.number(0), r.time(1), r.text(2), r.text(3), r.number(4), r.number(5), r.text(6)});
    }
    for (const auto& l : old) note(db, l.at, l.actor, l.act, l.message_id, l.suggestion_id, l.detail);
    db.script("DROP TABLE record_unlinked; COMMIT");
}

}  // namespace kith::sqlite
