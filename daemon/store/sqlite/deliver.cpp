// The outbox. Every step names the states that it may start from, so that a late writer changes nothing.
#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/standing.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/serialize.hpp>

namespace kith::sqlite {

namespace {

struct on_its_way {
    std::int64_t suggestion_id = 0;
    std::int64_t message_id = 0;
    std::string state;
    std::string prepared_id;
};

on_its_way find(database& db, std::int64_t id) {
    auto r =
        db.query("SELECT suggestion_id, message_id, state, prepared_id FROM deliveries WHERE id = ?", id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no delivery " + std::to_string(id)));
    return {r.number(0), r.number(1), r.text(2), r.text(3)};
}

on_its_way must_be(database& db, std::int64_t id, std::string_view a, std::string_view b) {
    auto d = find(db, id);
    if (d.state != a && d.state != b)
        throw failure(fail(errc::conflict, "delivery " + std::to_string(id) + " is " + d.state));
    return d;
}

/// What we know ourselves of the message: the platform's own answers may lag behind its events.
void must_still_stand(database& db, std::int64_t id) {
    std::int64_t contact = 0;
    bool occasion = false;
    {
        auto r = db.query(
            "SELECT NOT EXISTS (SELECT 1 FROM revisions r WHERE r.message_id = m.id AND r.seen_at > "
            "d.approved_at),"
            " m.deleted_at IS NULL, m.contact, d.purpose = 'occasion' FROM deliveries d"
            " JOIN messages m ON m.id = d.message_id WHERE d.id = ?",
            id);
        r.next();
        if (!r.flag(0) || !r.flag(1))
            throw failure(fail(errc::conflict, "the message was edited or deleted"));
        contact = r.number(2);
        occasion = r.flag(3);
    }
    if (const auto why = why_opted_out(db, contact); !why.empty()) throw failure(fail(errc::refused, why));
    if (occasion && !has_consent(db, contact))
        throw failure(fail(errc::conflict, "the customer's consent is no longer on record"));
}

/// Why nothing more may go to the author of the message, or empty.
std::string stop_word_of(database& db, const on_its_way& d) {
    std::int64_t contact = 0;
    {
        auto r = db.query("SELECT contact FROM messages WHERE id = ?", d.message_id);
        if (r.next()) contact = r.number(0);
    }
    return why_opted_out(db, contact);
}

/// The suggestion and its delivery come to their end without a reply.
changes end_unsent(database& db, std::int64_t id, const on_its_way& d, const std::string& why, timestamp at) {
    db.run("UPDATE deliveries SET state = 'canceled', last_error = ? WHERE id = ?", why, id);
    note(db, at, "kith", "withdrawn", d.message_id, d.suggestion_id, why);
    return {move_to(db, d.suggestion_id, suggestion_state::withdrawn, at, why)};
}

/// A brake that was put on before this transaction began holds for it.
void must_not_be_stopped(database& db, std::int64_t id) {
    std::string account, playbook;
    {
        auto r = db.query("SELECT account, playbook FROM deliveries WHERE id = ?", id);
        r.next();
        account = r.text(0);
        playbook = r.text(1);
    }
    const auto why = why_stopped(db, account, playbook);
    if (!why.empty()) throw failure(fail(errc::conflict, "sending is stopped: " + why));
}

/// Another account may have taken the room since this reply was judged.
void must_have_room(database& db, const on_its_way& d, const std::vector<room>& under, timestamp at) {
    for (const auto& r : under)
        if (const auto n = counted(db, d.message_id, d.suggestion_id, r.of, at); n >= r.at_most)
            throw failure(fail(errc::conflict, "meanwhile other replies took all that a cap allows (" +
                                                   std::to_string(r.at_most) + "): it is judged again"));
}

delivery read_delivery(database& db, std::int64_t id) {
    delivery d;
    std::int64_t message_id = 0;
    {
        auto r = db.query(
            "SELECT id, suggestion_id, message_id, account, state, key, hash, text, target,"
            " target_revision, thread_tail, verdict, playbook, playbook_revision, reply, approved_by,"
            " approved_at, prepared, prepared_id, attempts, attempted_at, last_error"
            " FROM deliveries WHERE id = ?",
            id);
        r.next();
        d.id = r.number(0);
        d.suggestion_id = r.number(1);
        message_id = r.number(2);
        d.approved.account = r.text(3);
        d.attempt_open = r.text(4) == "sending";
        d.key.value = r.text(5);
        d.hash = r.text(6);
        d.approved.text = r.text(7);
        d.approved.target = r.text(8);
        d.approved.target_revision = r.text(9);
        d.approved.thread_tail = r.text(10);
        d.approved.verdict = r.text(11);
        d.approved.playbook = r.text(12);
        d.approved.playbook_revision = r.text(13);
        d.approved.reply = r.text(14);
        d.approved_by = r.text(15);
        d.approved_at = r.time(16);
        d.prepared = {r.text(17), r.text(18)};
        d.attempts = static_cast<int>(r.number(19));
        d.attempted_at = r.maybe_time(20);
        d.last_error = r.text(21);
    }
    d.message = read_message(db, message_id);
    return d;
}

}  // namespace

std::vector<delivery> due_deliveries(database& db, const std::string& account, timestamp at,
                                     std::size_t most) {
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            // What is stopped waits in its place; what may have been posted is looked up all the same.
            "SELECT id FROM deliveries WHERE account = ? AND state IN ('approved', 'sending')"
            " AND due_at <= ? AND (state = 'sending' OR NOT EXISTS (SELECT 1 FROM brakes WHERE scope IN"
            " ('all', 'account ' || account, 'playbook ' || playbook))) ORDER BY due_at, id LIMIT ?",
            account, at, static_cast<std::int64_t>(most));
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<delivery> out;
    for (const auto id : ids) out.push_back(read_delivery(db, id));
    return out;
}

changes give_back(database& db, std::int64_t id, const approval_basis& now, const verdict& v,
                  const std::vector<thread_line>& thread, const std::vector<std::string>& changed,
                  timestamp at) {
    const auto d = must_be(db, id, "approved", "sending");
    // Nobody is asked anew about somebody who wants to be left alone.
    if (const auto stop = stop_word_of(db, d); !stop.empty()) return end_unsent(db, id, d, stop, at);
    db.run("UPDATE deliveries SET state = 'canceled', last_error = 'given back' WHERE id = ?", id);
    db.run(
        "UPDATE suggestions SET text = ?, target_revision = ?, thread_tail = ?, playbook_revision = ?, "
        "verdict = ?,"
        " hash = ?, thread = ?, changed = ?, expires_at = ?, decided_by = '', decided_at = NULL WHERE id = ?",
        now.text, now.target_revision, now.thread_tail, now.playbook_revision,
        boost::json::serialize(to_json(v)), now.hash(), boost::json::serialize(to_json(thread)),
        boost::json::serialize(to_json(changed)), v.until, d.suggestion_id);
    std::string why;
    for (const auto& c : changed) why += (why.empty() ? "" : "; ") + c;
    note(db, at, "kith", "given back", d.message_id, d.suggestion_id, why);
    return {move_to(db, d.suggestion_id, suggestion_state::open, at)};
}

changes withdraw(database& db, std::int64_t id, const std::string& why, timestamp at) {
    const auto d = must_be(db, id, "approved", "sending");
    return end_unsent(db, id, d, why, at);
}

changes begin_attempt(database& db, std::int64_t id, const prepared_reply& prepared, timestamp at,
                      const std::vector<room>& under) {
    const auto d = must_be(db, id, "approved", "sending");
    must_still_stand(db, id);
    must_not_be_stopped(db, id);
    must_have_room(db, d, under, at);
    db.run(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, attempted_at = ?,"
        " prepared = CASE WHEN attempts = 0 THEN ? ELSE prepared END,"
        " prepared_id = CASE WHEN attempts = 0 THEN ? ELSE prepared_id END WHERE id = ?",
        at, prepared.bytes, prepared.native_id, id);
    note(db, at, "kith", "attempted", d.message_id, d.suggestion_id,
         "bytes " + sha256_hex(prepared.bytes) +
             (prepared.native_id.empty() ? "" : ", address " + prepared.native_id));
    return {move_to(db, d.suggestion_id, suggestion_state::sending, at)};
}

changes end_attempt(database& db, std::int64_t id, const outcome& o, timestamp at) {
    using kind = outcome::kind;
    // Deleted on the platform while we asked: accept() has recorded it as delivered.
    const auto d = must_be(db, id, "sending", "approved");
    const auto close = [&](std::string_view state) {
        db.run("UPDATE deliveries SET state = ?, last_error = ? WHERE id = ?", state, o.why, id);
    };
    switch (o.is) {
        case kind::delivered: {
            const auto& r = o.receipt.value();
            close("delivered");
            db.run("UPDATE suggestions SET receipt_id = ?, receipt_url = ?, receipt_at = ? WHERE id = ?",
                   r.native_id, r.url, r.at, d.suggestion_id);
            note(db, at, "kith", "delivered", d.message_id, d.suggestion_id, r.native_id);
            mark_playbook_of(db, d.suggestion_id, "delivered", at);
            return {move_to(db, d.suggestion_id, suggestion_state::delivered, at)};
        }
        case kind::refused:
            close("refused");
            note(db, at, "kith", "refused", d.message_id, d.suggestion_id, o.why);
            return {move_to(db, d.suggestion_id, suggestion_state::refused, at, o.why)};
        case kind::unsure:
            close("unsure");
            note(db, at, "kith", "unsure", d.message_id, d.suggestion_id, o.why);
            return {move_to(db, d.suggestion_id, suggestion_state::unsure, at, o.why)};
        case kind::retry:
            break;
    }
    // Asked to stop while the attempt was under way: it failed for certain, and is not followed by another.
    if (const auto stop = stop_word_of(db, d); !o.may_have_been_posted && !stop.empty())
        return end_unsent(db, id, d, stop, at);
    // An unknown outcome settles from its end, not from its beginning.
    db.run(
        "UPDATE deliveries SET state = ?, due_at = ?, last_error = ?,"
        " attempted_at = CASE WHEN ? THEN ? ELSE attempted_at END WHERE id = ?",
        o.may_have_been_posted ? "sending" : "approved", o.again_at, o.why, o.may_have_been_posted, at, id);
    note(db, at, "kith", o.may_have_been_posted ? "outcome unknown" : "failed", d.message_id, d.suggestion_id,
         o.why);
    return {move_to(db, d.suggestion_id,
                    o.may_have_been_posted ? suggestion_state::sending : suggestion_state::approved, at)};
}

void postpone(database& db, std::int64_t id, timestamp until, const std::string& why) {
    db.run(
        "UPDATE deliveries SET due_at = ?, last_error = ? WHERE id = ? AND state IN ('approved', 'sending')",
        until, why, id);
}

}  // namespace kith::sqlite
