// What the playbooks made of a message.
#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kith::sqlite {

namespace {

std::string as_text(const boost::json::value& v) {
    return boost::json::serialize(v);
}

std::int64_t insert(database& db, const suggestion& s, std::int64_t message_id, timestamp at) {
    const auto& b = s.basis;
    db.run(
        "INSERT INTO suggestions (message_id, rank, state, hash, text, account, target, target_revision,"
        " thread_tail, playbook, playbook_revision, reply, platform, department, playbook_title, kind, "
        "language,"
        " cites, matched, verdict, thread, changed, created_at, updated_at, purpose, expires_at)"
        " VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?21, ?21, ?22, "
        "?23)",
        message_id, s.rank, b.hash(), b.text, b.account, b.target, b.target_revision, b.thread_tail,
        b.playbook, b.playbook_revision, b.reply, s.platform, s.department, s.playbook_title, s.kind,
        s.language, as_text(to_json(s.cites)), as_text(to_json(s.matched)), as_text(to_json(s.verdict)),
        as_text(to_json(s.thread)), at, to_string(s.purpose), s.expires_at);
    return db.last_id();
}

/// One message has one answer: more suggestions for it could never be sent.
bool is_answered(database& db, std::int64_t message_id) {
    auto r = db.query(
        "SELECT 1 FROM deliveries WHERE message_id = ? AND purpose = 'answer'"
        " AND state IN ('approved', 'sending', 'delivered', 'unsure')",
        message_id);
    return r.next();
}

/// Whatever stopped a playbook, it suggests nothing new until a person resumes it.
bool is_paused(database& db, const std::string& playbook) {
    auto r = db.query("SELECT 1 FROM brakes WHERE scope = 'playbook ' || ?", playbook);
    return r.next();
}

/// Why nothing may be suggested to its author, or empty.
std::string stop_word_of(database& db, std::int64_t message_id) {
    std::int64_t contact = 0;
    {
        auto r = db.query("SELECT contact FROM messages WHERE id = ?", message_id);
        if (r.next()) contact = r.number(0);
    }
    return why_opted_out(db, contact);
}

/// For the figures: what nobody was shown.
void keep_denials(database& db, const judged_message& j, timestamp at) {
    db.run(
        "INSERT OR REPLACE INTO denials (message_id, playbook, account, department, at)"
        " SELECT m.id, json_extract(e.value, '$.playbook'), m.account,"
        " COALESCE(json_extract(e.value, '$.department'), ''), ?3"
        " FROM messages m, json_each(?2, '$.denied') e WHERE m.id = ?1",
        j.message_id, j.trace, at);
}

}  // namespace

std::vector<stored_message> unjudged(database& db, const std::string& account, timestamp at,
                                     std::size_t most) {
    std::vector<std::int64_t> ids;
    {
        auto r =
            db.query("SELECT id FROM messages WHERE account = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?",
                     account, at, static_cast<std::int64_t>(most));
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<stored_message> out;
    for (const auto id : ids) out.push_back(read_message(db, id));
    return out;
}

void put_off(database& db, std::int64_t message_id, timestamp at) {
    db.run("UPDATE messages SET due_at = ? WHERE id = ? AND due_at IS NOT NULL", at, message_id);
}

change insert_suggestion(database& db, const suggestion& s, std::int64_t message_id, timestamp at) {
    const auto id = insert(db, s, message_id, at);
    note(db, at, "kith", "suggested", message_id, id,
         s.basis.playbook + "@" + s.basis.playbook_revision + "/" + s.basis.reply + ", verdict " +
             s.basis.verdict + ", text " + sha256_hex(s.basis.text));
    return {id, suggestion_state::open};
}

changes judge(database& db, const judged_message& j, timestamp at) {
    // Edited or deleted since: the newer revision is waiting for its own turn.
    if (db.run("UPDATE messages SET due_at = NULL WHERE id = ? AND revision = ? AND due_at IS NOT NULL",
               j.message_id, j.revision) == 0)
        return {};
    db.run("INSERT INTO traces (message_id, revision, at, trace, again_with) VALUES (?, ?, ?, ?, ?)",
           j.message_id, j.revision, at, j.trace, j.again_with);
    const auto trace_id = db.last_id();
    keep_denials(db, j, at);
    changes out;
    if (is_answered(db, j.message_id)) {
        note(db, at, "kith", "no suggestion", j.message_id, 0,
             "a reply to it is approved, under way or posted");
        return out;
    }
    const auto trace = ", trace " + sha256_hex(j.trace);
    if (const auto why = stop_word_of(db, j.message_id); !why.empty()) {
        note(db, at, "kith", "no suggestion", j.message_id, 0, why);
        return out;
    }
    for (const auto& s : j.suggestions) {
        if (is_paused(db, s.basis.playbook)) {
            note(db, at, "kith", "no suggestion", j.message_id, 0,
                 "playbook " + s.basis.playbook + " is paused" + trace);
            db.run("UPDATE traces SET again_with = 'resumed' WHERE id = ? AND again_with = ''", trace_id);
            continue;
        }
        // It was drafted from the best one, whatever stands first now. Numbered before the others, as that
        // is.
        const bool has_canary = j.canary && &s == &j.suggestions.front();
        const auto canary = has_canary ? reserve_canary(db) : 0;
        out.push_back(insert_suggestion(db, s, j.message_id, at));
        if (!has_canary) continue;
        place_canary(db, canary, out.back().suggestion_id, *j.canary, at);
        out.back().suggestion_id = canary;
    }
    if (j.suggestions.empty())
        note(db, at, "kith", "no suggestion", j.message_id, 0, "revision " + j.revision + trace);
    return out;
}

changes judge_again(database& db, const std::string& account, const std::string& mended, timestamp at) {
    changes out;
    std::vector<std::int64_t> due;
    struct stuck_one {
        std::int64_t id = 0, message_id = 0;
        bool answers = false, again = false;
    };
    std::vector<stuck_one> stuck;
    {  // Approved, and given back with a denial since.
        auto r = db.query(
            // The list of states is there for the index of what waits.
            // A person's no to one reply, or that they saw to it elsewhere, is a no to answering at all.
            "SELECT s.id, s.message_id, s.purpose = 'answer', NOT EXISTS (SELECT 1 FROM suggestions o WHERE "
            "o.message_id = s.message_id"
            " AND o.purpose = 'answer' AND (o.state = 'rejected'"
            " OR (o.state = 'withdrawn' AND o.reason LIKE 'handled elsewhere, says %'))) FROM suggestions s "
            "WHERE s.state = 'open'"
            " AND s.state IN ('open', 'approved', 'sending', 'unsure') AND +s.account = ?"
            " AND json_extract(s.verdict, '$.again_with') = ?",
            account, mended);
        while (r.next()) stuck.push_back({r.number(0), r.number(1), r.flag(2), r.flag(3)});
    }
    const std::string why = "its message is judged again",
                      over = "its message was rejected or handled before";
    for (const auto& [id, message_id, answers, again] : stuck) {
        const auto& told = !answers || again ? why : over;
        out.push_back(move_to(db, id, suggestion_state::withdrawn, at, told));
        note(db, at, "kith", "withdrawn", message_id, id, told);
        if (!answers)  // no answer to its message: the occasion itself comes up anew
            db.run(
                "UPDATE occasions SET state = 'denied', why = ? WHERE message_id = ? AND state = 'proposed'",
                why, message_id);
        else if (again && db.run("UPDATE messages SET due_at = ? WHERE id = ? AND deleted_at IS NULL", at,
                                 message_id) > 0)
            due.push_back(message_id);
    }
    {
        auto r = db.query(
            "UPDATE messages SET due_at = ? WHERE +account = ? AND deleted_at IS NULL AND due_at IS NULL"
            " AND id IN (SELECT message_id FROM traces WHERE again_with = ? AND again_with <> '')"
            " AND NOT EXISTS (SELECT 1 FROM suggestions s WHERE s.message_id = messages.id"
            " AND s.purpose = 'answer' AND s.state IN ('open', 'rejected')) RETURNING id",
            at, account, mended);
        while (r.next()) due.push_back(r.number(0));
    }
    // The others still wait for it: what is open for them now may be withdrawn yet.
    for (const auto id : due)
        db.run("UPDATE traces SET again_with = '' WHERE message_id = ? AND again_with = ?", id, mended);
    return out;
}

changes rejudge(database& db, std::int64_t id, std::int64_t version, const verdict& v, timestamp at) {
    auto s = read_suggestion(db, id);
    if (s.state != suggestion_state::open || s.version != version) return {};
    s.basis.verdict = v.digest();
    db.run(
        "UPDATE suggestions SET verdict = ?, hash = ?, expires_at = ?, version = version + 1, updated_at = ?"
        " WHERE id = ?",
        as_text(to_json(v)), s.basis.hash(), v.until, at, id);
    drop_first_approval(db, id);
    note(db, at, "kith", "judged again", s.message_id, id, "verdict " + s.basis.verdict);
    return {{shown_as(db, id), suggestion_state::open}};
}

std::vector<suggestion> open_beside(database& db, std::int64_t message_id) {
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            "SELECT s.id FROM messages me JOIN messages m ON m.account = me.account AND m.thread_id = "
            "me.thread_id"
            " AND m.id < me.id JOIN suggestions s ON s.message_id = m.id WHERE me.id = ? AND s.state = 'open'"
            " ORDER BY s.id DESC LIMIT 10",
            message_id);
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<suggestion> out;
    for (const auto id : ids) out.push_back(read_suggestion(db, id));
    return out;
}

changes rebind(database& db, std::int64_t id, const std::string& thread_tail,
               const std::vector<thread_line>& thread, std::optional<timestamp> until, timestamp at) {
    auto s = read_suggestion(db, id);
    if (s.state != suggestion_state::open || s.basis.thread_tail == thread_tail) return {};
    s.basis.thread_tail = thread_tail;
    const std::string why = "the thread went on after this was suggested";
    if (std::find(s.changed.begin(), s.changed.end(), why) == s.changed.end()) s.changed.push_back(why);
    db.run(
        "UPDATE suggestions SET thread_tail = ?, hash = ?, thread = ?, changed = ?, expires_at = ?,"
        " version = version + 1, updated_at = ? WHERE id = ?",
        thread_tail, s.basis.hash(), as_text(to_json(thread)), as_text(to_json(s.changed)), until, at, id);
    drop_first_approval(db, id);
    note(db, at, "kith", "rebound", s.message_id, id, "hash " + s.basis.hash());
    return {{shown_as(db, id), suggestion_state::open}};
}

}  // namespace kith::sqlite
