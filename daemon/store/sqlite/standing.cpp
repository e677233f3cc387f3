// What counts as sent is what may have left the house: posted, under way, or of unknown outcome. A reply that
// is approved and has not begun counts when its own turn comes.
#include "daemon/store/sqlite/standing.hpp"

#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/relations.hpp"
#include "daemon/store/sqlite/tables.hpp"

namespace kith::sqlite {

namespace {

/// Whom and where a message is about.
struct weighed_place {
    std::int64_t contact = 0;  ///< the identity that wrote it
    std::int64_t person = 0;   ///< the contact that it belongs to
    std::string account, thread, community;
};

weighed_place place_of(database& db, std::int64_t message_id) {
    auto r = db.query("SELECT contact, account, thread_id, community FROM messages WHERE id = ?", message_id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no message " + std::to_string(message_id)));
    weighed_place out{r.number(0), 0, r.text(1), r.text(2), r.text(3)};
    out.person = contact_of_identity(db, out.contact);
    return out;
}

struct counter {
    database& db;
    const weighed_place& p;
    std::int64_t except;
    timestamp at;

    tallied read(const tally& t, rows r) const {
        tallied out;
        r.next();
        out.n = r.number(0);
        if (const auto oldest = r.maybe_time(1)) out.frees_at = *oldest + t.within;
        return out;
    }

    tallied one(const tally& t) const {
        const auto since = at - t.within;
        switch (t.per) {
            case tally::of::contact:
                return read(t,
                            db.query("SELECT COUNT(*), MIN(d.attempted_at) FROM messages m"
                                     " JOIN deliveries d ON d.message_id = m.id"
                                     " JOIN suggestions s ON s.id = d.suggestion_id"
                                     " WHERE m.contact IN (SELECT id FROM contacts WHERE COALESCE(person, "
                                     "id) = ?) AND d.state IN ('sending', 'delivered', 'unsure')"
                                     " AND d.attempted_at > ? AND s.id <> ? AND (NOT ? OR s.kind = 'offer')",
                                     p.person, since, except, t.offers_only));
            case tally::of::thread:
                return read(t,
                            db.query("SELECT COUNT(*), MIN(d.attempted_at) FROM messages m"
                                     " JOIN deliveries d ON d.message_id = m.id"
                                     " JOIN suggestions s ON s.id = d.suggestion_id"
                                     " WHERE m.account = ? AND m.thread_id = ?"
                                     " AND d.state IN ('sending', 'delivered', 'unsure')"
                                     " AND d.attempted_at > ? AND s.id <> ? AND (NOT ? OR s.kind = 'offer')",
                                     p.account, p.thread, since, except, t.offers_only));
            case tally::of::account:
                return read(t,
                            db.query("SELECT COUNT(*), MIN(d.attempted_at) FROM deliveries d"
                                     " JOIN suggestions s ON s.id = d.suggestion_id"
                                     " WHERE d.account = ? AND d.state IN ('sending', 'delivered', 'unsure')"
                                     " AND d.attempted_at > ? AND s.id <> ? AND (NOT ? OR s.kind = 'offer')",
                                     p.account, since, except, t.offers_only));
            case tally::of::community:
                if (p.community.empty()) return {};
                return read(t,
                            db.query("SELECT COUNT(*), MIN(d.attempted_at) FROM messages m"
                                     " JOIN deliveries d ON d.message_id = m.id"
                                     " JOIN suggestions s ON s.id = d.suggestion_id"
                                     " WHERE m.account = ? AND m.community = ? AND m.community <> ''"
                                     " AND d.state IN ('sending', 'delivered', 'unsure')"
                                     " AND d.attempted_at > ? AND s.id <> ? AND (NOT ? OR s.kind = 'offer')",
                                     p.account, p.community, since, except, t.offers_only));
            case tally::of::playbook:
                return {};
        }
        return {};
    }

    std::map<std::string, tallied> each_playbook(const tally& t) const {
        std::map<std::string, tallied> out;
        // The +: by the time, which is short, and not through everything that every playbook ever sent.
        auto r = db.query(
            "SELECT d.playbook, COUNT(*), MIN(d.attempted_at) FROM deliveries d"
            " JOIN suggestions s ON s.id = d.suggestion_id"
            " WHERE d.state IN ('sending', 'delivered', 'unsure') AND d.attempted_at > ? AND s.id <> ?"
            " AND (NOT ? OR s.kind = 'offer') GROUP BY +d.playbook",
            at - t.within, except, t.offers_only);
        while (r.next()) {
            tallied& one = out[r.text(0)];
            one.n = r.number(1);
            if (const auto oldest = r.maybe_time(2)) one.frees_at = *oldest + t.within;
        }
        return out;
    }
};

balance read_balance(rows r) {
    balance out;
    r.next();
    out.helpful = r.number(0);
    out.offers = r.number(1);
    return out;
}

/// An offer whose outcome nobody knows counts as made; a helpful reply counts once it is posted. The reply
/// that is being judged weighs nothing yet.
void weigh(database& db, const weighed_place& p, std::int64_t except, standing& into) {
    into.with_contact = read_balance(db.query(
        "SELECT COALESCE(SUM(s.kind <> 'offer' AND d.state = 'delivered'), 0),"
        " COALESCE(SUM(s.kind = 'offer'), 0) FROM messages m JOIN deliveries d ON d.message_id = m.id"
        " JOIN suggestions s ON s.id = d.suggestion_id"
        " WHERE m.contact IN (SELECT id FROM contacts WHERE COALESCE(person, id) = ?) AND d.state IN "
        "('sending', 'delivered', 'unsure') AND s.id <> ?",
        p.person, except));
    into.on_account =
        read_balance(db.query("SELECT COALESCE(SUM(s.kind <> 'offer' AND d.state = 'delivered'), 0),"
                              " COALESCE(SUM(s.kind = 'offer'), 0) FROM deliveries d"
                              " JOIN suggestions s ON s.id = d.suggestion_id"
                              " WHERE d.account = ? AND d.state IN ('sending', 'delivered', 'unsure')"
                              " AND s.id <> ?",
                              p.account, except));
    if (p.community.empty()) return;
    into.in_community = read_balance(db.query(
        "SELECT COALESCE(SUM(s.kind <> 'offer' AND d.state = 'delivered'), 0),"
        " COALESCE(SUM(s.kind = 'offer'), 0) FROM messages m JOIN deliveries d ON d.message_id = m.id"
        " JOIN suggestions s ON s.id = d.suggestion_id"
        " WHERE m.account = ? AND m.community = ? AND m.community <> ''"
        " AND d.state IN ('sending', 'delivered', 'unsure') AND s.id <> ?",
        p.account, p.community, except));
}

}  // namespace

standing standing_of(database& db, std::int64_t message_id, std::int64_t except, const wanted_counts& wanted,
                     timestamp at) {
    const auto p = place_of(db, message_id);
    standing out;
    const counter count{db, p, except, at};
    for (const auto& t : wanted.tallies) {
        const bool by_playbook = t.per == tally::of::playbook;
        out.tallies.push_back(by_playbook ? tallied{} : count.one(t));
        out.by_playbook.push_back(by_playbook ? count.each_playbook(t) : std::map<std::string, tallied>{});
    }
    if (wanted.balances) weigh(db, p, except, out);
    out.stage = stage_of(db, p.contact, p.account);
    out.zone = zone_of(db, p.contact);
    if (out.zone.empty()) out.zone = customer_zone(db, p.contact);
    out.stopped = stopped(db, p.account);
    out.opted_out = opted_out(db, p.contact);
    {
        auto r = db.query(
            "SELECT EXISTS (SELECT 1 FROM messages m JOIN deliveries d ON d.message_id = m.id"
            " WHERE m.contact IN (SELECT id FROM contacts WHERE COALESCE(person, id) = ?4) AND d.state = "
            "'delivered' AND d.suggestion_id <> ?3),"
            // Something told beneath it for another reason is no answer.
            " EXISTS (SELECT 1 FROM deliveries WHERE message_id = ?2 AND suggestion_id <> ?3"
            " AND purpose = 'answer' AND state IN ('sending', 'delivered', 'unsure')),"
            // What they say in public opens no private window, nor the other way round.
            " (SELECT MAX(MIN(written_at, received_at)) FROM messages WHERE contact = ?1 AND addressed = 1"
            " AND (way = 'direct') = (SELECT way = 'direct' FROM messages WHERE id = ?2))",
            p.contact, message_id, except, p.person);
        r.next();
        out.ever_answered = r.flag(0);
        out.answered_this = r.flag(1);
        out.last_from_contact = r.maybe_time(2);
    }
    auto r = db.query(
        "SELECT s.receipt_id, d.prepared_id FROM messages m JOIN deliveries d ON d.message_id = m.id"
        " JOIN suggestions s ON s.id = d.suggestion_id WHERE m.account = ? AND m.thread_id = ?"
        " AND d.state IN ('sending', 'delivered', 'unsure')",
        p.account, p.thread);
    while (r.next())
        for (const int column : {0, 1})
            if (auto id = r.text(column); !id.empty()) out.own_replies.push_back(std::move(id));
    return out;
}

std::int64_t counted(database& db, std::int64_t message_id, std::int64_t suggestion_id, const tally& t,
                     timestamp at) {
    const auto p = place_of(db, message_id);
    const counter count{db, p, suggestion_id, at};
    if (t.per != tally::of::playbook) return count.one(t).n;
    const auto all = count.each_playbook(t);
    const auto found = all.find(read_suggestion(db, suggestion_id).basis.playbook);
    return found == all.end() ? 0 : found->second.n;
}

}  // namespace kith::sqlite
