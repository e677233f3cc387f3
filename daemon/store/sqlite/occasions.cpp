// What may be told to customers: from their past with us to suggestions in the queue.
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/relations.hpp"

namespace kith::sqlite {

namespace {

/// What somebody asked longer ago is not what they still wait for.
constexpr std::chrono::hours oldest_question{24 * 180};
/// A denied occasion is looked at again after this, or as soon as they write.
constexpr std::chrono::hours judged_anew{1};
/// Of one customer: enough to find what is still open between us.
constexpr int most_messages = 20;

bool has_an_answer(database& db, std::int64_t message_id) {
    auto r = db.query(
        "SELECT 1 FROM suggestions WHERE message_id = ? AND purpose = 'answer'"
        " AND state IN ('open', 'approved', 'sending', 'delivered', 'unsure')",
        message_id);
    return r.next();
}

/// Another occasion is told, or was told, beneath this message.
bool carries_an_occasion(database& db, std::int64_t message_id) {
    auto r = db.query(
        "SELECT 1 FROM suggestions WHERE message_id = ? AND purpose = 'occasion'"
        " AND state IN ('open', 'approved', 'sending', 'delivered', 'unsure')",
        message_id);
    return r.next();
}

bool was_told(database& db, std::int64_t contact, const std::string& key) {
    auto r = db.query(
        "SELECT 1 FROM occasions o JOIN contacts c ON c.id = o.contact WHERE COALESCE(c.person, c.id) = ?"
        " AND o.key = ? AND o.state = 'proposed'",
        contact_of_identity(db, contact), key);
    return r.next();
}

std::int64_t told_since(database& db, std::int64_t contact, timestamp since) {
    auto r = db.query(
        "SELECT COUNT(*) FROM occasions o JOIN contacts c ON c.id = o.contact WHERE COALESCE(c.person, c.id) "
        "= ?"
        " AND o.state = 'proposed' AND o.at > ?",
        contact_of_identity(db, contact), since);
    r.next();
    return r.number(0);
}

bool stands_as_judged(database& db, const proposed_occasion& o) {
    auto r = db.query(
        "SELECT 1 FROM messages WHERE id = ? AND contact = ? AND revision = ?"
        " AND deleted_at IS NULL",
        o.message_id, o.contact, o.revision);
    return r.next();
}

void keep(database& db, const proposed_occasion& o, std::string_view state, timestamp at) {
    db.run(
        "INSERT INTO occasions (contact, key, playbook, event, state, why, at, message_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (contact, key) DO UPDATE SET state = ?5, why = "
        "?6, at = ?7, message_id = ?8",
        o.contact, o.key, o.playbook, o.event, state, o.why, at, o.message_id);
}

void read_messages(database& db, customer_history& h, timestamp at) {
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            "SELECT id FROM messages WHERE contact = ? AND addressed = 1 AND deleted_at IS NULL"
            " AND received_at >= ? ORDER BY received_at DESC, id DESC LIMIT ?",
            h.customer.contact, at - oldest_question, most_messages);
        while (r.next()) ids.push_back(r.number(0));
    }
    for (const auto id : ids) h.messages.push_back({read_message(db, id), has_an_answer(db, id)});
}

/// What was told; and what was denied beneath their newest message so short a time ago that another look
/// would only cost the platform a request.
void read_told(database& db, customer_history& h, timestamp at) {
    const auto newest = h.messages.empty() ? 0 : h.messages.front().message.id;
    auto r =
        db.query("SELECT key, at, state, message_id FROM occasions WHERE contact = ?", h.customer.contact);
    while (r.next()) {
        const bool denied = r.text(2) == "denied";
        if (!denied) h.proposed.push_back(r.time(1));
        if (!denied || (r.number(3) == newest && at - r.time(1) < judged_anew)) h.told.insert(r.text(0));
    }
}

}  // namespace

fix note_fix(database& db, fix f, timestamp at) {
    f.at = at;
    auto r = db.query("INSERT INTO fixes (playbook, note, at, by, message_id) VALUES (?, ?, ?, ?, ?)",
                      f.playbook, f.note, at, f.by);
    if (f.message_id == 0)
        r.null();
    else
        r.bind(f.message_id);
    r.next();
    f.id = db.last_id();
    note(db, at, f.by, "fixed", f.message_id, 0,
         "fix " + std::to_string(f.id) + (f.playbook.empty() ? "" : " of what " + f.playbook + " heard"));
    return f;
}

std::vector<fix> fixes(database& db) {
    std::vector<fix> out;
    auto r = db.query(
        "SELECT f.id, f.playbook, f.message_id, COALESCE(m.account, ''), f.note, f.at, f.by FROM fixes f"
        " LEFT JOIN messages m ON m.id = f.message_id ORDER BY f.id");
    while (r.next())
        out.push_back({r.number(0), r.text(1), r.number(2), r.text(3), r.text(4), r.time(5), r.text(6)});
    return out;
}

std::map<std::string, timestamp> answers_seen(database& db, const std::vector<std::string>& all,
                                              timestamp at) {
    bool first = false;
    {
        auto r = db.query("SELECT 1 FROM answer_revisions LIMIT 1");
        first = !r.next();
    }
    std::map<std::string, timestamp> out;
    for (const auto& one : all) {
        const auto split = one.find('@');
        const auto id = one.substr(0, split);
        const auto revision = split == std::string::npos ? std::string{} : one.substr(split + 1);
        db.run("INSERT OR IGNORE INTO answer_revisions (answer, revision, seen_at) VALUES (?, ?, ?)", id,
               revision, first ? timestamp{} : at);
        auto r =
            db.query("SELECT seen_at FROM answer_revisions WHERE answer = ? AND revision = ?", id, revision);
        r.next();
        out.emplace(one, r.time(0));
    }
    return out;
}

std::vector<customer_history> histories(database& db, std::int64_t after, std::size_t most, timestamp at) {
    std::vector<customer_history> out;
    for (auto& c : list_customers(db, after, most, {})) {
        customer_history h;
        h.customer = std::move(c);
        read_messages(db, h, at);
        read_told(db, h, at);
        out.push_back(std::move(h));
    }
    return out;
}

changes propose(database& db, const proposed_occasion& o, const occasion_limits& l, timestamp at) {
    // Judged a moment ago; what stands in the database now is what counts.
    if (!has_consent(db, o.contact) || was_told(db, o.contact, o.key) || !stands_as_judged(db, o)) return {};
    if (o.suggestions.empty()) {
        keep(db, o, "denied", at);
        return {};
    }
    if (told_since(db, o.contact, at - l.within) >= l.at_most || carries_an_occasion(db, o.message_id))
        return {};
    // A stopped playbook proposes nothing; it does once somebody has resumed it.
    if (!why_stopped(db, o.suggestions.front().basis.account, o.playbook).empty()) return {};
    keep(db, o, "proposed", at);
    db.run("INSERT INTO traces (message_id, revision, at, trace) VALUES (?, ?, ?, ?)", o.message_id,
           o.revision, at, o.trace);
    changes out;
    for (const auto& s : o.suggestions) out.push_back(insert_suggestion(db, s, o.message_id, at));
    return out;
}

std::vector<told_occasion> occasions_of(database& db, std::int64_t customer_id) {
    std::vector<told_occasion> out;
    auto r = db.query(
        "SELECT o.key, o.event, o.playbook, o.state, o.why, o.at, o.message_id FROM occasions o"
        " JOIN customers u ON u.contact = o.contact WHERE u.id = ? ORDER BY o.at, o.id",
        customer_id);
    while (r.next())
        out.push_back({r.text(0), r.text(1), r.text(2), r.text(3), r.text(4), r.time(5), r.number(6)});
    return out;
}

occasion_counts count_occasions(database& db, const std::vector<std::string>& accounts) {
    const auto visible = names_as_json(accounts);
    occasion_counts out;
    {
        auto r = db.query(
            "SELECT COUNT(*) FROM customers u WHERE ended_at IS NULL AND (?1 = '[]' OR (SELECT account FROM"
            " contacts c WHERE c.id = u.contact) IN (SELECT value FROM json_each(?1)))",
            visible);
        r.next();
        out.customers = r.number(0);
    }
    {
        auto r = db.query(
            "SELECT COUNT(*) FROM occasions o WHERE state = 'denied' AND (?1 = '[]' OR (SELECT account FROM"
            " contacts c WHERE c.id = o.contact) IN (SELECT value FROM json_each(?1)))",
            visible);
        r.next();
        out.denied = r.number(0);
    }
    auto r = db.query(
        "SELECT state, COUNT(*) FROM suggestions WHERE purpose = 'occasion' AND (?1 = '[]' OR account IN"
        " (SELECT value FROM json_each(?1))) GROUP BY state",
        visible);
    while (r.next()) {
        const auto state = r.text(0);
        if (state == "open") out.open += r.number(1);
        if (state == "approved" || state == "sending" || state == "unsure") out.approved += r.number(1);
        if (state == "delivered") out.delivered += r.number(1);
        if (state == "rejected") out.rejected += r.number(1);
    }
    return out;
}

}  // namespace kith::sqlite
