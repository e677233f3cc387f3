// What can be said of departments from what is on record. Which playbooks matched a message stands in its
// traces.
#include "daemon/model/json.hpp"
#include "daemon/store/sqlite/departments.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

std::map<std::string, department_counts> department_counts_of(database& db,
                                                              const std::vector<std::string>& accounts) {
    const auto visible = names_as_json(accounts);
    std::map<std::string, department_counts> out;
    {
        auto r = db.query(
            // Messages are numbered as they come.
            "SELECT d.department, d.n, m.received_at FROM"
            " (SELECT department, COUNT(DISTINCT message_id) AS n, MIN(message_id) AS first FROM suggestions"
            "  WHERE state = 'open' AND (?1 = '[]' OR account IN (SELECT value FROM json_each(?1)))"
            "  GROUP BY department) d JOIN messages m ON m.id = d.first",
            visible);
        while (r.next()) {
            auto& c = out[r.text(0)];
            c.open = r.number(1);
            c.oldest_open = r.maybe_time(2);
        }
    }
    auto r = db.query(
        "SELECT department, SUM(answered_at IS NULL), COUNT(answered_at),"
        " MIN(CASE WHEN answered_at IS NULL THEN asked_at END) FROM questions WHERE ?1 = '[]' OR"
        " (SELECT account FROM messages m WHERE m.id = message_id) IN (SELECT value FROM json_each(?1))"
        " GROUP BY department",
        visible);
    while (r.next()) {
        auto& c = out[r.text(0)];
        c.waiting = r.number(1);
        c.answered = r.number(2);
        c.oldest_question = r.maybe_time(3);
    }
    return out;
}

department_period period(database& db, const std::string& department, timestamp from, timestamp until) {
    department_period out;
    {
        auto r = db.query(
            "SELECT COUNT(DISTINCT CASE WHEN created_at >= ?2 AND created_at < ?3 THEN message_id END),"
            " SUM(state = 'delivered' AND updated_at >= ?2 AND updated_at < ?3),"
            " SUM(state = 'rejected' AND updated_at >= ?2 AND updated_at < ?3)"
            " FROM suggestions WHERE department = ?1 AND updated_at >= ?2",
            department, from, until);
        r.next();
        out.suggested = r.number(0);
        out.delivered = r.number(1);
        out.rejected = r.number(2);
    }
    auto r = db.query(
        "SELECT SUM(asked_at >= ?2 AND asked_at < ?3), SUM(answered_at >= ?2 AND answered_at < ?3)"
        " FROM questions WHERE department = ?1",
        department, from, until);
    r.next();
    out.asked = r.number(0);
    out.answered = r.number(1);
    return out;
}

std::vector<unanswered_message> unanswered(database& db, timestamp since, timestamp until, std::size_t most) {
    // A reply to something newer by the same contact in the same thread answers what stands before it; what
    // was told beneath it for another reason does not.
    auto r = db.query(
        "SELECT m.id, m.account, m.received_at,"
        " (SELECT json_extract(e.value, '$.playbook') FROM traces t, json_each(t.trace, '$.matches') e"
        "  WHERE t.message_id = m.id AND t.revision = m.revision AND json_extract(e.value, '$.matched')"
        "  ORDER BY t.id DESC, e.key LIMIT 1),"
        " (SELECT s.department FROM suggestions s WHERE s.message_id = m.id AND s.purpose = 'answer'"
        "  ORDER BY s.id DESC LIMIT 1),"
        " COALESCE((SELECT s.state FROM suggestions s WHERE s.message_id = m.id AND s.purpose = 'answer'"
        "  ORDER BY s.decided_at IS NULL, s.rank, s.id DESC LIMIT 1), 'no suggestion')"
        " FROM messages m JOIN contacts c ON c.id = m.contact"
        " WHERE m.addressed = 1 AND m.due_at IS NULL AND m.deleted_at IS NULL"
        " AND m.received_at >= ? AND m.received_at <= ? AND c.bot = 0 AND c.blocked_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM opt_outs o WHERE o.contact = c.id AND o.lifted_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM suggestions s WHERE s.message_id = m.id AND s.purpose = 'answer'"
        "  AND s.state IN ('open', 'approved', 'sending', 'delivered', 'unsure'))"
        " AND NOT EXISTS (SELECT 1 FROM messages n JOIN suggestions s ON s.message_id = n.id"
        "  WHERE n.account = m.account AND n.thread_id = m.thread_id AND n.contact = m.contact"
        "  AND n.id > m.id AND s.state = 'delivered' AND s.purpose = 'answer')"
        " ORDER BY m.received_at, m.id LIMIT ?",
        since, until, static_cast<std::int64_t>(most));
    std::vector<unanswered_message> out;
    while (r.next()) out.push_back({r.number(0), r.text(1), r.time(2), r.text(3), r.text(4), r.text(5)});
    return out;
}

namespace {

std::vector<later_message> later_than(database& db, const posted_reply& p, std::chrono::seconds within) {
    auto r = db.query(
        "SELECT m.id, m.received_at, m.thread_id = o.thread_id AS here,"
        " EXISTS (SELECT 1 FROM traces t, json_each(t.trace, '$.matches') e WHERE t.message_id = m.id"
        "  AND json_extract(e.value, '$.playbook') = ?2 AND json_extract(e.value, '$.matched')),"
        " CASE WHEN m.thread_id = o.thread_id THEN m.text ELSE '' END"
        " FROM messages o JOIN messages m ON m.contact = o.contact AND m.id <> o.id"
        " WHERE o.id = ?1 AND m.received_at > ?3 AND (m.received_at <= ?4 OR m.thread_id = o.thread_id)"
        " ORDER BY m.received_at, m.id LIMIT 200",
        p.message_id, p.playbook, p.posted_at, p.posted_at + within);
    std::vector<later_message> out;
    while (r.next()) out.push_back({r.number(0), r.time(1), r.flag(2), r.flag(3), r.text(4)});
    return out;
}

}  // namespace

std::vector<posted_reply> posted(database& db, timestamp since, timestamp until, std::chrono::seconds within,
                                 std::size_t most) {
    std::vector<posted_reply> out;
    {
        auto r = db.query(
            "SELECT id, message_id, department, playbook, cites, COALESCE(receipt_at, updated_at), account"
            " FROM suggestions WHERE state = 'delivered' AND updated_at >= ? AND updated_at < ?"
            " ORDER BY updated_at DESC, id DESC LIMIT ?",
            since, until, static_cast<std::int64_t>(most));
        while (r.next()) {
            posted_reply p;
            p.suggestion_id = r.number(0);
            p.message_id = r.number(1);
            p.department = r.text(2);
            p.playbook = r.text(3);
            p.cites = texts_from_json(r.text(4));
            p.posted_at = r.time(5);
            p.account = r.text(6);
            out.push_back(std::move(p));
        }
    }
    for (auto& p : out) p.later = later_than(db, p, within);
    return out;
}

}  // namespace kith::sqlite
