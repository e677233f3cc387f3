// Contacts as people see them: their identities, where they stand, and why.
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/relations.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace kith::sqlite {

namespace {

/// Throws `not_found` where there is no such contact, or none any more.
std::int64_t must_be_known(database& db, std::int64_t identity) {
    auto r =
        db.query("SELECT COALESCE(person, id) FROM contacts WHERE id = ? AND forgotten_at IS NULL", identity);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no contact " + std::to_string(identity)));
    return r.number(0);
}

std::set<std::string> accounts_of(database& db, std::int64_t contact) {
    std::set<std::string> out;
    auto r = db.query("SELECT account FROM contacts WHERE COALESCE(person, id) = ?", contact);
    while (r.next()) out.insert(r.text(0));
    return out;
}

void restate_all(database& db, std::int64_t contact, const std::set<std::string>& accounts,
                 const stage_rules& rules, timestamp at) {
    for (const auto& a : accounts) restate(db, contact, a, rules, at);
}

std::vector<shown_evidence> evidence_of(database& db, std::int64_t contact) {
    std::vector<shown_evidence> out;
    auto r = db.query(
        "SELECT e.id, e.signal, e.at, e.message_id, COALESCE(m.native_id, v.native_id, ''), COALESCE(m.url, "
        "''),"
        " COALESCE(v.about, ''), e.account FROM stage_evidence e JOIN contacts c ON c.id = e.contact"
        " LEFT JOIN messages m ON m.id = e.message_id LEFT JOIN contact_events v ON v.id = e.event_id"
        " WHERE COALESCE(c.person, c.id) = ? ORDER BY e.at, e.id",
        contact);
    while (r.next())
        if (const auto s = signal_from(r.text(1)))
            out.push_back(
                {r.number(0), r.text(7), *s, r.time(2), r.number(3), r.text(4), r.text(5), r.text(6)});
    return out;
}

std::vector<std::int64_t> ids_from(const std::string& text) {
    std::vector<std::int64_t> out;
    const auto parsed = boost::json::parse(text);
    for (const auto& v : parsed.as_array()) out.push_back(v.to_number<std::int64_t>());
    return out;
}

std::vector<shown_move> moves_of(database& db, std::int64_t contact, const std::vector<shown_evidence>& all) {
    std::vector<shown_move> out;
    auto r = db.query(
        "SELECT account, at, from_stage, to_stage, why, evidence FROM stage_moves WHERE contact = ? ORDER BY"
        " account, id",
        contact);
    while (r.next()) {
        shown_move m;
        m.account = r.text(0);
        m.move = {r.time(1), stage_from(r.text(2)), stage_from(r.text(3)), r.text(4), ids_from(r.text(5))};
        for (const auto id : m.move.evidence)
            for (const auto& e : all)
                if (e.id == id) m.because.push_back(e);
        out.push_back(std::move(m));
    }
    return out;
}

void decided(database& db, std::int64_t identity, std::int64_t contact, std::string_view act,
             const std::string& reason, const std::string& by, timestamp at) {
    db.run("INSERT INTO contact_decisions (identity, contact, act, reason, by, at) VALUES (?, ?, ?, ?, ?, ?)",
           identity, contact, act, reason, by, at);
}

}  // namespace

known_contact read_contact(database& db, std::int64_t number) {
    known_contact out;
    out.number = must_be_known(db, number);
    {
        auto r = db.query(
            "SELECT id, account, identity, handle, display_name, bot, blocked_at IS NOT NULL, first_seen_at,"
            " last_seen_at, (SELECT COUNT(*) FROM messages m WHERE m.contact = c.id) FROM contacts c"
            " WHERE COALESCE(person, id) = ? ORDER BY id",
            out.number);
        while (r.next())
            out.identities.push_back({r.number(0),
                                      r.text(1),
                                      {r.text(2), r.text(3), r.text(4), r.flag(5)},
                                      r.flag(6),
                                      r.time(7),
                                      r.time(8),
                                      r.number(9)});
    }
    {
        auto r =
            db.query("SELECT account, stage, since, lost_at FROM stages WHERE contact = ? ORDER BY account",
                     out.number);
        while (r.next()) out.stages.push_back({r.text(0), stage_from(r.text(1)), r.time(2), r.maybe_time(3)});
    }
    {
        auto r = db.query(
            "SELECT d.identity, d.contact, d.act, d.reason, d.by, d.at FROM contact_decisions d JOIN "
            "contacts c ON"
            " c.id = d.identity WHERE COALESCE(c.person, c.id) = ? ORDER BY d.id",
            out.number);
        while (r.next())
            out.decisions.push_back({r.number(0), r.number(1), r.text(2), r.text(3), r.text(4), r.time(5)});
    }
    out.zone = zone_of(db, out.number);
    return out;
}

std::vector<known_contact> contacts(database& db, const contact_filter& f) {
    std::vector<std::int64_t> numbers;
    {
        auto r = db.query(
            "SELECT COALESCE(person, id) AS number FROM contacts c WHERE forgotten_at IS NULL"
            " AND (?1 = 0 OR COALESCE(person, id) < ?1) AND (?2 = '' OR account = ?2)"
            " AND (?3 = '' OR EXISTS (SELECT 1 FROM stages s WHERE s.contact = COALESCE(c.person, c.id) AND "
            "s.stage"
            " = ?3 AND (?2 = '' OR s.account = ?2)"
            " AND (?5 = '[]' OR s.account IN (SELECT value FROM json_each(?5)))))"
            " AND (?5 = '[]' OR account IN (SELECT value FROM json_each(?5)))"
            " GROUP BY number ORDER BY number DESC LIMIT ?4",
            f.before, f.account, f.at ? to_string(*f.at) : std::string_view(),
            static_cast<std::int64_t>(f.most), names_as_json(f.accounts));
        while (r.next()) numbers.push_back(r.number(0));
    }
    std::vector<known_contact> out;
    for (const auto n : numbers) out.push_back(read_contact(db, n));
    return out;
}

std::int64_t contact_number(database& db, const std::string& name, const std::vector<std::string>& accounts) {
    const auto visible = names_as_json(accounts);
    std::int64_t number = 0;
    const char* end = name.data() + name.size();
    const auto [at, ec] = std::from_chars(name.data(), end, number);
    if (ec == std::errc{} && at == end) {
        auto r = db.query(
            "SELECT COALESCE(person, id) FROM contacts c WHERE id = ?1 AND forgotten_at IS NULL AND (?2 = "
            "'[]'"
            " OR EXISTS (SELECT 1 FROM contacts o WHERE COALESCE(o.person, o.id) = COALESCE(c.person, c.id)"
            " AND o.account IN (SELECT value FROM json_each(?2))))",
            number, visible);
        if (r.next()) return r.number(0);
    }
    const auto bare = name.starts_with('@') ? name.substr(1) : name;
    std::vector<std::int64_t> found;
    {
        auto r = db.query(
            "SELECT DISTINCT COALESCE(person, id) FROM contacts WHERE (identity = ?1 OR handle = ?1) AND"
            " forgotten_at IS NULL AND ?1 <> '' AND (?2 = '[]' OR account IN (SELECT value FROM "
            "json_each(?2)))"
            " ORDER BY 1 LIMIT 10",
            bare, visible);
        while (r.next()) found.push_back(r.number(0));
    }
    if (found.empty())
        throw failure(fail(errc::not_found,
                           "there is no contact '" + name + "': give their number, identity or handle"));
    if (found.size() > 1) {
        std::string list;
        for (const auto n : found) list += (list.empty() ? "" : ", ") + std::to_string(n);
        throw failure(fail(errc::conflict,
                           "several contacts are called '" + name + "': give one of the numbers " + list));
    }
    return found[0];
}

shown_path contact_path(database& db, std::int64_t number) {
    shown_path out;
    out.contact = read_contact(db, number);
    out.moves = moves_of(db, out.contact.number, evidence_of(db, out.contact.number));
    return out;
}

contact_export export_contact(database& db, std::int64_t number) {
    contact_export out;
    out.path.contact = read_contact(db, number);
    out.evidence = evidence_of(db, out.path.contact.number);
    out.path.moves = moves_of(db, out.path.contact.number, out.evidence);
    for (const auto& who : out.path.contact.identities) {
        std::vector<std::int64_t> ids;
        {
            auto r = db.query("SELECT id FROM messages WHERE contact = ? ORDER BY id", who.number);
            while (r.next()) ids.push_back(r.number(0));
        }
        for (const auto id : ids) out.messages.push_back(history(db, id));
        auto r = db.query(
            "SELECT number, topic, id, body, at FROM journal WHERE account = ? AND topic = ? ORDER BY number",
            who.account, who.who.id);
        while (r.next())
            out.journal[who.number].push_back({r.number(0), r.text(1), r.text(2), r.text(3), r.time(4)});
    }
    return out;
}

void merge(database& db, std::int64_t into, std::int64_t other, const std::string& reason,
           const std::string& by, const stage_rules& rules, timestamp at) {
    const auto a = must_be_known(db, into), b = must_be_known(db, other);
    if (a == b)
        throw failure(fail(errc::conflict, std::to_string(into) + " and " + std::to_string(other) +
                                               " are one contact already (" + std::to_string(a) + ")"));
    db.run("UPDATE contacts SET person = ?1 WHERE COALESCE(person, id) = ?2", a, b);
    db.run("UPDATE contacts SET zone = (SELECT zone FROM contacts WHERE id = ?2) WHERE id = ?1 AND zone = ''",
           a, b);
    db.run("DELETE FROM stage_moves WHERE contact = ?", b);
    db.run("DELETE FROM stages WHERE contact = ?", b);
    decided(db, b, a, "merged", reason, by, at);
    note(db, at, by, "merged contacts", 0, 0, "contact " + std::to_string(b) + " into " + std::to_string(a));
    restate_all(db, a, accounts_of(db, a), rules, at);
    // Whoever asked one of our accounts to stop has asked all of them. Pages see it when they next look.
    changes ignored;
    if (const auto why = why_opted_out(db, a); !why.empty())
        for (const auto identity : identities_of(db, a)) withdraw_for_contact(db, identity, why, at, ignored);
}

void split(database& db, std::int64_t identity, const std::string& reason, const std::string& by,
           const stage_rules& rules, timestamp at) {
    const auto whole = must_be_known(db, identity);
    std::int64_t rest = 0;  // the number of the contact that stays behind
    {
        auto r = db.query("SELECT MIN(id) FROM contacts WHERE COALESCE(person, id) = ? AND id <> ?", whole,
                          identity);
        r.next();
        rest = r.number(0);
    }
    if (rest == 0)
        throw failure(fail(errc::conflict,
                           "identity " + std::to_string(identity) + " is a contact of its own already"));
    if (whole != identity) rest = whole;
    const auto accounts = accounts_of(db, whole);
    db.run(
        "UPDATE contacts SET person = CASE WHEN id IN (?1, ?2) THEN NULL ELSE ?2 END WHERE COALESCE(person, "
        "id) = ?3",
        identity, rest, whole);
    db.run("DELETE FROM stage_moves WHERE contact = ?", whole);
    db.run("DELETE FROM stages WHERE contact = ?", whole);
    decided(db, identity, rest, "split", reason, by, at);
    note(db, at, by, "split contacts", 0, 0,
         "identity " + std::to_string(identity) + " from contact " + std::to_string(rest));
    restate_all(db, identity, accounts, rules, at);
    restate_all(db, rest, accounts, rules, at);
}

void set_zone(database& db, std::int64_t number, const std::string& zone, const std::string& by,
              timestamp at) {
    const auto contact = must_be_known(db, number);
    db.run("UPDATE contacts SET zone = ? WHERE id = ?", zone, contact);
    note(db, at, by, "set a time zone", 0, 0, "contact " + std::to_string(contact));
}

}  // namespace kith::sqlite
