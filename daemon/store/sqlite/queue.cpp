// What people decide.
#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/stats.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/serialize.hpp>

namespace kith::sqlite {

namespace {

suggestion waiting(database& db, std::int64_t id, suggestion_state wanted) {
    auto s = read_suggestion(db, id);
    // Nobody has seen it: a canary stands in its place.
    if (shown_as(db, id) != id)
        throw failure(fail(errc::not_found, "there is no suggestion " + std::to_string(id)));
    if (s.state == wanted) return s;
    std::string why = "is " + std::string(to_string(s.state));
    if (!s.decided_by.empty()) why += " (by " + s.decided_by + ")";
    if (!s.reason.empty()) why += ": " + s.reason;
    conflict(s.id, why);
}

void must_be_version(const suggestion& s, std::int64_t version) {
    if (s.version != version) conflict(s.id, "changed meanwhile: look at it again");
}

/// A decision on one reply is a decision on its message: the other replies to it are no longer asked about.
void withdraw_others(database& db, const suggestion& s, const std::string& what, timestamp at, changes& out) {
    const auto why = "suggestion " + std::to_string(s.id) + " for the same message was " + what;
    for (const auto& other : suggestions_of(db, s.message_id)) {
        if (other.id == s.id || other.state != suggestion_state::open || other.purpose != s.purpose) continue;
        out.push_back(move_to(db, other.id, suggestion_state::withdrawn, at, why));
        note(db, at, "kith", "withdrawn", s.message_id, other.id, why);
    }
}

void decided(database& db, std::int64_t id, const std::string& by, timestamp at) {
    db.run("UPDATE suggestions SET decided_by = ?, decided_at = ? WHERE id = ?", by, at, id);
}

}  // namespace

std::vector<suggestion> suggestions(database& db, const suggestion_filter& f) {
    std::vector<std::int64_t> ids;
    const auto want = [&](suggestion_state s) {
        return std::find(f.states.begin(), f.states.end(), s) != f.states.end() ? to_string(s)
                                                                                : std::string_view{};
    };
    using enum suggestion_state;
    {
        // Written out, so that it stays one kept statement: an unwanted state is the empty text.
        auto r = db.query(
            "SELECT id FROM suggestions s WHERE state IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) AND (?9 = 0 OR id "
            "< ?9) AND id > ?14"
            " AND (?10 = 0 OR NOT EXISTS (SELECT 1 FROM suggestions b WHERE b.message_id = s.message_id AND"
            " b.purpose = s.purpose AND b.state = s.state AND (b.rank, b.id) < (s.rank, s.id))) AND (?13 = "
            "'' OR "
            "department = ?13) ORDER BY CASE WHEN ?12 THEN id ELSE "
            "-id END LIMIT ?11",
            want(open), want(approved), want(sending), want(delivered), want(refused), want(rejected),
            want(withdrawn), want(unsure), f.before, f.best_only, static_cast<std::int64_t>(f.most),
            f.oldest_first, f.department, f.after);
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<suggestion> out;
    for (const auto id : ids) out.push_back(read_suggestion(db, id));
    return out;
}

suggestion edit(database& db, std::int64_t id, std::int64_t version, const std::string& text,
                const verdict& v, const std::string& by, timestamp at) {
    auto s = waiting(db, id, suggestion_state::open);
    must_be_version(s, version);
    keep_draft(db, id, s.basis.text);
    s.basis.text = text;
    s.basis.verdict = v.digest();
    db.run(
        "UPDATE suggestions SET text = ?, verdict = ?, hash = ?, expires_at = ?, version = version + 1,"
        " updated_at = ? WHERE id = ?",
        text, boost::json::serialize(to_json(v)), s.basis.hash(), v.until, at, id);
    drop_first_approval(db, id);
    note(db, at, by, "edited", s.message_id, id,
         "text " + sha256_hex(text) + ", hash " + s.basis.hash() + ", verdict " + s.basis.verdict);
    return read_suggestion(db, id);
}

changes approve(database& db, std::int64_t id, const std::string& hash, const std::string& by, timestamp at,
                std::chrono::milliseconds undo) {
    const auto s = waiting(db, id, suggestion_state::open);
    if (s.hash != hash) conflict(s.id, "changed since it was shown: look at it again");
    if (s.verdict.decision == decision::deny) conflict(s.id, "is denied by the policies: " + s.basis.verdict);
    {
        auto r = db.query(
            "SELECT s.id, s.decided_by FROM deliveries d JOIN suggestions s ON s.id = d.suggestion_id"
            " WHERE d.message_id = ? AND d.purpose = ?"
            " AND d.state IN ('approved', 'sending', 'delivered', 'unsure')",
            s.message_id, to_string(s.purpose));
        if (r.next())
            conflict(s.id, "comes too late: suggestion " + r.text(0) +
                               " for the same message was approved by " + r.text(1));
    }
    std::string who = by;
    if (s.verdict.decision == decision::second) {
        if (s.first_approval_by.empty()) {
            keep_first_approval(db, s, by, at);
            return {{id, suggestion_state::open}};
        }
        if (same_person(s.first_approval_by, by))
            throw failure(fail(errc::refused, "suggestion " + std::to_string(id) + " needs two people, and " +
                                                  by + " has approved it already: somebody else must agree"));
        who = s.first_approval_by + " and " + by;
        drop_first_approval(db, id);
    }
    const auto& b = s.basis;
    db.run(
        "INSERT INTO deliveries (suggestion_id, message_id, account, state, key, hash, text, target,"
        " target_revision, thread_tail, verdict, playbook, playbook_revision, reply, approved_by, "
        "approved_at, due_at, purpose)"
        " VALUES (?, ?, ?, 'approved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?15, ?17, ?16)",
        id, s.message_id, b.account, random_base32(26), hash, b.text, b.target, b.target_revision,
        b.thread_tail, b.verdict, b.playbook, b.playbook_revision, b.reply, who, at, to_string(s.purpose),
        at + undo);
    measure_edit(db, id, b.text);
    decided(db, id, who, at);
    note(db, at, by, "approved", s.message_id, id, "hash " + hash + (who == by ? "" : ", the second of two"));
    mark_playbook(db, b.playbook, "approved", at);
    changes out{move_to(db, id, suggestion_state::approved, at)};
    withdraw_others(db, s, "approved by " + who, at, out);
    return out;
}

changes reject(database& db, std::int64_t id, std::int64_t version, const std::string& reason,
               const std::string& by, timestamp at) {
    const auto s = waiting(db, id, suggestion_state::open);
    must_be_version(s, version);
    decided(db, id, by, at);
    note(db, at, by, "rejected", s.message_id, id, reason);
    mark_playbook(db, s.basis.playbook, "rejected", at);
    changes out{move_to(db, id, suggestion_state::rejected, at, reason)};
    withdraw_others(db, s, "rejected by " + by + ": " + reason, at, out);
    return out;
}

changes settle(database& db, std::int64_t id, std::int64_t version, bool posted, const std::string& by,
               timestamp at) {
    const auto s = waiting(db, id, suggestion_state::unsure);
    must_be_version(s, version);
    db.run("UPDATE deliveries SET state = ? WHERE suggestion_id = ? AND state = 'unsure'",
           posted ? "delivered" : "refused", id);
    if (posted) mark_playbook(db, s.basis.playbook, "delivered", at);
    note(db, at, by, posted ? "settled: posted" : "settled: not posted", s.message_id, id, "");
    return {move_to(db, id, posted ? suggestion_state::delivered : suggestion_state::refused, at,
                    by + (posted ? " found it posted" : " found that it was not posted"))};
}

queue_counts counts(database& db) {
    queue_counts out;
    auto r = db.query(
        "SELECT state, COUNT(*) FROM suggestions WHERE state IN ('open', 'approved', 'sending', 'unsure')"
        " GROUP BY state");
    while (r.next()) {
        const auto state = r.text(0);
        auto& n = state == "open"       ? out.open
                  : state == "approved" ? out.approved
                  : state == "sending"  ? out.sending
                                        : out.unsure;
        n = r.number(1);
    }
    return out;
}

}  // namespace kith::sqlite
