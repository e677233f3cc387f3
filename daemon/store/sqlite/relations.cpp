// Evidence, and the stages that follow from it.
#include "daemon/store/sqlite/relations.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace kith::sqlite {

namespace {

std::int64_t read_to(database& db, std::string_view what) {
    auto r = db.query("SELECT number FROM relations_read WHERE what = ?", what);
    return r.next() ? r.number(0) : 0;
}

void read_on(database& db, std::string_view what, std::int64_t number) {
    if (number == 0) return;
    db.run(
        "INSERT INTO relations_read (what, number) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET number ="
        " MAX(number, ?2)",
        what, number);
}

/// "A playbook matched": in any judgement of the message.
constexpr std::string_view matched_by_a_playbook =
    "SELECT EXISTS (SELECT 1 FROM traces t, json_each(CASE WHEN json_valid(t.trace) THEN t.trace ELSE '{}' "
    "END,"
    " '$.matches') m WHERE t.message_id = ? AND json_extract(m.value, '$.matched'))";

signal_context context_of(database& db, const stored_message& m, std::int64_t identity) {
    signal_context out;
    {
        auto r = db.query(matched_by_a_playbook, m.id);
        r.next();
        out.matched = r.flag(0);
    }
    {
        auto r = db.query(
            "SELECT EXISTS (SELECT 1 FROM suggestions WHERE receipt_id = ?1 AND receipt_id <> '' AND account "
            "= ?2),"
            " EXISTS (SELECT 1 FROM suggestions s JOIN messages o ON o.id = s.message_id WHERE o.contact = ?3"
            " AND o.thread_id = ?4 AND s.state = 'delivered' AND s.updated_at <= ?5),"
            " EXISTS (SELECT 1 FROM suggestions s JOIN messages o ON o.id = s.message_id WHERE o.contact = ?3"
            " AND s.state = 'delivered' AND s.updated_at <= ?5)",
            m.what.parent_id, m.account, identity, m.what.thread_id, m.received_at);
        r.next();
        out.answers_us = r.flag(0) || (r.flag(1) && m.what.addressed);
        out.was_helped = r.flag(2);
    }
    {
        auto r = db.query(
            "SELECT MAX(received_at), MAX(CASE WHEN thread_id <> ?3 THEN received_at END) FROM messages"
            " WHERE contact = ?1 AND id < ?2 AND addressed",
            identity, m.id, m.what.thread_id);
        r.next();
        out.last_before = r.maybe_time(0);
        out.last_elsewhere = r.maybe_time(1);
    }
    {
        auto r = db.query("SELECT 1 FROM messages WHERE contact = ? AND id < ? AND thread_id = ?", identity,
                          m.id, m.what.thread_id);
        out.first_in_thread = !r.next();
    }
    std::int64_t question = 0;
    if (!m.what.parent_id.empty()) {
        auto r = db.query(
            "SELECT q.id FROM messages q JOIN contacts c ON c.id = q.contact WHERE q.account = ? AND"
            " q.native_id = ? AND COALESCE(c.person, c.id) <> ?",
            m.account, m.what.parent_id, contact_of_identity(db, identity));
        if (r.next()) question = r.number(0);
    }
    if (question != 0) {
        auto r = db.query(matched_by_a_playbook, question);
        r.next();
        out.answers_question = r.flag(0);
    }
    return out;
}

std::vector<relation_news> unread_judgements(database& db, std::size_t most) {
    struct found {
        std::int64_t trace, message, identity;
        bool bot;
    };
    std::vector<found> list;
    {
        auto r = db.query(
            "SELECT t.id, m.id, m.contact, c.bot FROM traces t JOIN messages m ON m.id = t.message_id JOIN"
            " contacts c ON c.id = m.contact WHERE t.id > ? ORDER BY t.id LIMIT ?",
            read_to(db, "traces"), static_cast<std::int64_t>(most));
        while (r.next()) list.push_back({r.number(0), r.number(1), r.number(2), r.flag(3)});
    }
    std::vector<relation_news> out;
    for (const auto& f : list) {
        relation_news n;
        n.trace = f.trace;
        n.identity = f.identity;
        n.bot = f.bot;
        n.message = read_message(db, f.message);
        n.account = n.message.account;
        n.at = n.message.received_at;
        n.about = context_of(db, n.message, f.identity);
        out.push_back(std::move(n));
    }
    return out;
}

void unread_events(database& db, std::size_t most, std::vector<relation_news>& into) {
    auto r = db.query(
        "SELECT e.id, e.contact, e.account, e.kind, e.at, c.bot FROM contact_events e JOIN contacts c"
        " ON c.id = e.contact WHERE e.id > ? ORDER BY e.id LIMIT ?",
        read_to(db, "events"), static_cast<std::int64_t>(most));
    while (r.next()) {
        relation_news n;
        n.event = r.number(0);
        n.identity = r.number(1);
        n.account = r.text(2);
        n.signal = signal_from(r.text(3));
        n.at = r.time(4);
        n.bot = r.flag(5);
        into.push_back(std::move(n));
    }
}

/// Time goes forward in a contact's evidence: what comes late is filed at the end, so that no stage that was
/// had is undone by it.
void keep(database& db, const learned& l, contact_signal s) {
    db.run(
        "INSERT OR IGNORE INTO stage_evidence (contact, account, signal, message_id, event_id, at) VALUES"
        " (?1, ?2, ?3, ?4, ?5, MAX(?6, (SELECT COALESCE(MAX(e.at), 0) FROM stage_evidence e WHERE e.contact "
        "IN"
        " (SELECT id FROM contacts WHERE COALESCE(person, id) = ?7) AND e.account = ?2)))",
        l.identity, l.account, to_string(s), l.message_id, l.event, l.at,
        contact_of_identity(db, l.identity));
}

bool is_gone(database& db, std::int64_t identity) {
    auto r = db.query("SELECT forgotten_at IS NOT NULL FROM contacts WHERE id = ?", identity);
    return !r.next() || r.flag(0);
}

std::vector<stage_evidence> evidence_of(database& db, std::int64_t contact, const std::string& account) {
    std::vector<stage_evidence> out;
    auto r = db.query(
        "SELECT e.id, e.signal, e.at FROM stage_evidence e JOIN contacts c ON c.id = e.contact"
        " WHERE COALESCE(c.person, c.id) = ? AND e.account = ? ORDER BY e.at, e.id",
        contact, account);
    while (r.next())
        if (const auto s = signal_from(r.text(1))) out.push_back({r.number(0), *s, r.time(2)});
    return out;
}

std::string text_of(const std::optional<stage>& s) {
    return s ? std::string(to_string(*s)) : std::string();
}

std::string ids_of(const std::vector<std::int64_t>& ids) {
    return boost::json::serialize(boost::json::array(ids.begin(), ids.end()));
}

struct stored_move {
    std::int64_t id;
    timestamp at;
    std::string from, to, why, evidence;
};

bool same(const stored_move& a, const stage_move& b) {
    return a.at == b.at && a.from == text_of(b.from) && a.to == text_of(b.to) && a.why == b.why &&
           a.evidence == ids_of(b.evidence);
}

std::int64_t message_of(database& db, const stage_move& m) {
    if (m.evidence.empty()) return 0;
    auto r = db.query("SELECT message_id FROM stage_evidence WHERE id = ?", m.evidence.back());
    return r.next() ? r.number(0) : 0;
}

void keep(database& db, std::int64_t contact, const std::string& account, const stage_move& m, timestamp at) {
    db.run(
        "INSERT INTO stage_moves (contact, account, at, from_stage, to_stage, why, evidence) VALUES (?, ?, ?,"
        " ?, ?, ?, ?)",
        contact, account, m.at, text_of(m.from), text_of(m.to), m.why, ids_of(m.evidence));
    const auto to = m.to ? text_of(m.to) : std::string("none");
    note(db, at, "kith", "stage", message_of(db, m), 0,
         "contact " + std::to_string(contact) + " on " + account + ": " + to + ", by " + m.why +
             (m.evidence.empty() ? "" : ", evidence " + ids_of(m.evidence)));
}

}  // namespace

std::int64_t contact_of_identity(database& db, std::int64_t identity) {
    auto r = db.query("SELECT COALESCE(person, id) FROM contacts WHERE id = ?", identity);
    return r.next() ? r.number(0) : 0;
}

std::optional<stage> stage_of(database& db, std::int64_t identity, const std::string& account) {
    auto r = db.query("SELECT stage FROM stages WHERE contact = ? AND account = ?",
                      contact_of_identity(db, identity), account);
    return r.next() ? stage_from(r.text(0)) : std::nullopt;
}

std::string zone_of(database& db, std::int64_t identity) {
    auto r = db.query("SELECT zone FROM contacts WHERE id = ?", contact_of_identity(db, identity));
    return r.next() ? r.text(0) : std::string();
}

std::vector<relation_news> unread(database& db, std::size_t most) {
    auto out = unread_judgements(db, most);
    unread_events(db, most, out);
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return out;
}

void restate(database& db, std::int64_t contact, const std::string& account, const stage_rules& rules,
             timestamp at) {
    const auto all = evidence_of(db, contact, account);
    // A clock that was set back does not undo what was heard before.
    const auto path = walk(all, rules, all.empty() ? at : std::max(at, all.back().at));
    std::vector<stored_move> before;
    {
        auto r = db.query(
            "SELECT id, at, from_stage, to_stage, why, evidence FROM stage_moves WHERE contact = ? AND "
            "account "
            "= ?"
            " ORDER BY id",
            contact, account);
        while (r.next())
            before.push_back({r.number(0), r.time(1), r.text(2), r.text(3), r.text(4), r.text(5)});
    }
    std::size_t kept = 0;
    while (kept < before.size() && kept < path.moves.size() && same(before[kept], path.moves[kept])) ++kept;
    for (std::size_t i = kept; i < before.size(); ++i)
        db.run("DELETE FROM stage_moves WHERE id = ?", before[i].id);
    for (std::size_t i = kept; i < path.moves.size(); ++i) keep(db, contact, account, path.moves[i], at);
    if (all.empty()) {
        db.run("DELETE FROM stages WHERE contact = ? AND account = ?", contact, account);
        return;
    }
    const auto since = path.moves.empty() ? at : path.moves.back().at;
    db.run(
        "INSERT INTO stages (contact, account, stage, since, lost_at) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (contact, account) DO UPDATE SET stage = ?3, since = ?4, lost_at = ?5",
        contact, account, text_of(path.now), since, path.until);
}

void learn(database& db, const std::vector<learned>& what, const stage_rules& rules, timestamp at) {
    std::set<std::pair<std::int64_t, std::string>> touched;
    for (const auto& l : what) {
        // Forgotten between the look and now: nothing of it is kept.
        const bool keeps = !l.signals.empty() && !is_gone(db, l.identity);
        if (keeps)
            for (const auto s : l.signals) keep(db, l, s);
        if (keeps) touched.emplace(contact_of_identity(db, l.identity), l.account);
        read_on(db, "traces", l.trace);
        read_on(db, "events", l.event);
    }
    for (const auto& [contact, account] : touched) restate(db, contact, account, rules, at);
}

std::int64_t decay(database& db, const stage_rules& rules, std::size_t most, timestamp at) {
    std::vector<std::pair<std::int64_t, std::string>> due;
    {
        auto r = db.query("SELECT contact, account FROM stages WHERE lost_at <= ? ORDER BY lost_at LIMIT ?",
                          at, static_cast<std::int64_t>(most));
        while (r.next()) due.emplace_back(r.number(0), r.text(1));
    }
    for (const auto& [contact, account] : due) restate(db, contact, account, rules, at);
    return static_cast<std::int64_t>(due.size());
}

void rules_are(database& db, const std::string& revision) {
    {
        auto r = db.query("SELECT 1 FROM settings WHERE name = 'relations.rules' AND value = ?", revision);
        if (r.next()) return;
    }
    db.run(
        "INSERT INTO settings (name, value) VALUES ('relations.rules', ?1) ON CONFLICT (name) DO UPDATE SET"
        " value = ?1",
        revision);
    db.run("UPDATE stages SET lost_at = 0");
}

void stop_following(database& db, const std::string& account, timestamp at) {
    const auto gone = db.run("DELETE FROM stage_evidence WHERE account = ?", account) +
                      db.run("DELETE FROM contact_events WHERE account = ?", account);
    db.run("DELETE FROM stage_moves WHERE account = ?", account);
    db.run("DELETE FROM stages WHERE account = ?", account);
    if (gone > 0)
        note(db, at, "kith", "stopped following", 0, 0, account + ": its platform's rules forbid profiling");
}

}  // namespace kith::sqlite
