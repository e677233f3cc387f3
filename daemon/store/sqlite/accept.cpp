// What platforms report: messages and their edits, deletions, blocks, gaps.
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/relations.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <set>

namespace kith::sqlite {

namespace {

std::int64_t new_contact(database& db, const std::string& account, const identity& who, timestamp at) {
    // Somebody who was forgotten starts afresh; but whom we must not write to, we still must not.
    std::optional<timestamp> blocked_at;
    is_forgotten(db, account, who.id, &blocked_at);
    auto r = db.query(
        "INSERT INTO contacts (account, identity, handle, display_name, bot, first_seen_at, last_seen_at, "
        "blocked_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) RETURNING id",
        account, who.id, who.handle, who.display_name, who.bot, at, blocked_at);
    r.next();
    return r.number(0);
}

std::int64_t contact_of(database& db, const std::string& account, const identity& who, timestamp at) {
    {
        auto r = db.query(
            "UPDATE contacts SET handle = CASE WHEN ?3 = '' THEN handle ELSE ?3 END,"
            " display_name = CASE WHEN ?4 = '' THEN display_name ELSE ?4 END, bot = MAX(bot, ?5), "
            "last_seen_at "
            "= ?6 WHERE account = ?1 AND identity = ?2 RETURNING id",
            account, who.id, who.handle, who.display_name, who.bot, at);
        if (r.next()) {
            const auto id = r.number(0);
            while (r.next()) {
            }  // the statement is done only when it has been read to its end
            return id;
        }
    }
    return new_contact(db, account, who, at);
}

/// Somebody answers what another contact wrote and we have kept.
bool answers_another(database& db, const std::string& account, const message& m) {
    if (m.parent_id.empty()) return false;
    auto r = db.query(
        "SELECT 1 FROM messages q JOIN contacts c ON c.id = q.contact WHERE q.account = ? AND q.native_id = ?"
        " AND q.deleted_at IS NULL AND c.identity <> ?",
        account, m.parent_id, m.author.id);
    return r.next();
}

/// What can still be stopped: open, or approved and not begun.
void withdraw_all(database& db, std::string_view which, std::int64_t id, const std::string& why, timestamp at,
                  changes& out) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    {
        auto r = db.query(which, id);
        while (r.next()) found.emplace_back(r.number(0), r.number(1));
    }
    for (const auto& [suggestion_id, message_id] : found) {
        db.run(
            "UPDATE deliveries SET state = 'canceled', last_error = ? WHERE suggestion_id = ? AND state = "
            "'approved'",
            why, suggestion_id);
        out.push_back(move_to(db, suggestion_id, suggestion_state::withdrawn, at, why));
        note(db, at, "kith", "withdrawn", message_id, suggestion_id, why);
    }
}

constexpr std::string_view of_message =
    "SELECT id, message_id FROM suggestions WHERE message_id = ? AND state IN ('open', 'approved')";
constexpr std::string_view of_contact =
    "SELECT s.id, s.message_id FROM messages m JOIN suggestions s ON s.message_id = m.id"
    " WHERE m.contact = ? AND s.state IN ('open', 'approved')";

void insert(database& db, const std::string& account, const message& m, timestamp at) {
    const auto contact = contact_of(db, account, m.author, at);
    db.run(
        "INSERT INTO messages (account, native_id, revision, thread_id, parent_id, contact, addressed, text,"
        " language, url, extra, written_at, received_at, due_at, way, automated, community)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, ?13, ?14, ?15, ?16)",
        account, m.native_id, m.revision, m.thread_id, m.parent_id, contact, m.addressed, m.text, m.language,
        m.url, m.extra, m.written_at, at, to_string(m.way), m.automated, m.community);
    const auto id = db.last_id();
    db.run("INSERT INTO revisions (message_id, revision, seen_at) VALUES (?, ?, ?)", id, m.revision, at);
    note(db, at, "kith", "received", id, 0, "revision " + m.revision + ", text " + sha256_hex(m.text));
}

void edited(database& db, const std::string& account, std::int64_t id, const message& m, timestamp at,
            changes& out) {
    contact_of(db, account, m.author, at);
    db.run(
        "UPDATE messages SET revision = ?, addressed = ?, text = ?, language = ?, extra = ?, due_at = ?,"
        " way = ?, automated = ?, community = ?, deleted_at = NULL WHERE id = ?",
        m.revision, m.addressed, m.text, m.language, m.extra, at, to_string(m.way), m.automated, m.community,
        id);
    db.run("INSERT INTO revisions (message_id, revision, seen_at) VALUES (?, ?, ?)", id, m.revision, at);
    note(db, at, "kith", "edited by its author", id, 0,
         "revision " + m.revision + ", text " + sha256_hex(m.text));
    withdraw_all(db, of_message, id, "the message was edited by its author", at, out);
}

struct to_table {
    database& db;
    const std::string& account;
    timestamp at;
    accepted& out;
    std::set<std::string>& fresh;  ///< native ids of what this batch brought

    void operator()(const message_seen& e) const {
        std::int64_t id = 0;
        {
            auto r = db.query("SELECT id FROM messages WHERE account = ? AND native_id = ?", account,
                              e.what.native_id);
            if (r.next()) id = r.number(0);
        }
        if (id == 0 && e.only_if_known && !(e.or_if_answer && answers_another(db, account, e.what))) return;
        if (id == 0 && is_forgotten(db, account, e.what.native_id)) {
            ++out.known;  // the platform repeats what was said before its author was forgotten
            return;
        }
        if (id == 0) {
            insert(db, account, e.what, at);
            ++out.fresh;
            fresh.insert(e.what.native_id);
            return;
        }
        bool known = false;
        {
            auto r = db.query("SELECT 1 FROM revisions WHERE message_id = ? AND revision = ?", id,
                              e.what.revision);
            known = r.next();
        }
        if (known) {
            ++out.known;
            return;
        }
        edited(db, account, id, e.what, at, out.changes);
        ++out.fresh;
        fresh.insert(e.what.native_id);
    }

    void operator()(const message_deleted& e) const {
        std::int64_t id = 0;
        {
            auto r =
                db.query("SELECT id FROM messages WHERE account = ? AND native_id = ? AND deleted_at IS NULL",
                         account, e.native_id);
            if (r.next()) id = r.number(0);
        }
        if (id != 0) {
            // What its author took back, we do not keep.
            db.run("UPDATE messages SET deleted_at = ?, due_at = NULL, text = '' WHERE id = ?", at, id);
            db.run("UPDATE suggestions SET thread = '[]', matched = '[]' WHERE message_id = ?", id);
            remove_copies(db, account, id);
            note(db, at, "kith", "deleted by its author", id, 0, "");
            withdraw_all(db, of_message, id, "the message was deleted by its author", at, out.changes);
            return;
        }
        own_reply_deleted(e.native_id);
    }

    /// A reply of ours is gone from the platform: so it was posted, and must not be posted again.
    void own_reply_deleted(const std::string& native_id) const {
        std::int64_t delivery_id = 0, suggestion_id = 0, message_id = 0;
        {
            auto r = db.query(
                "SELECT id, suggestion_id, message_id FROM deliveries WHERE prepared_id = ?"
                // For each deletion that a firehose tells of: only the index of these addresses will do.
                " AND prepared_id <> '' AND +account = ? AND state IN ('sending', 'unsure')",
                native_id, account);
            if (!r.next()) return;
            delivery_id = r.number(0);
            suggestion_id = r.number(1);
            message_id = r.number(2);
        }
        db.run("UPDATE deliveries SET state = 'delivered' WHERE id = ?", delivery_id);
        db.run("UPDATE suggestions SET receipt_id = ?, receipt_at = ? WHERE id = ?", native_id, at,
               suggestion_id);
        out.changes.push_back(move_to(db, suggestion_id, suggestion_state::delivered, at,
                                      "it was posted, and deleted on the platform since"));
        note(db, at, "kith", "delivered", message_id, suggestion_id,
             native_id + ", deleted on the platform since");
        mark_playbook_of(db, suggestion_id, "delivered", at);
    }

    void operator()(const contact_blocked& e) const {
        identity who;
        who.id = e.identity_id;
        const auto contact = contact_of(db, account, who, at);
        auto blocked = [&] {
            auto r = db.query("SELECT 1 FROM contacts WHERE id = ? AND blocked_at IS NOT NULL", contact);
            return r.next();
        };
        if (!blocked())
            note(db, at, "kith", "blocked by a contact", 0, 0, "contact " + std::to_string(contact));
        // Before the block is set: what stood before it decides whether a reply of ours drove them away.
        opt_out_contact(db, contact, {"block", at}, at, out.changes);
        db.run("UPDATE contacts SET blocked_at = ? WHERE id = ? AND blocked_at IS NULL", at, contact);
    }

    void operator()(const contact_reported& e) const {
        identity who;
        who.id = e.identity_id;
        opt_out_contact(db, contact_of(db, account, who, at), {"report", at}, at, out.changes);
    }

    void operator()(const contact_opted_out& e) const {
        const auto m = heard_in(e.native_id);
        if (m.id == 0) return;
        opt_out_contact(db, m.contact, {"words", m.asked_at, m.id, e.words, e.language}, at, out.changes);
    }

    void operator()(const contact_opted_in& e) const {
        const auto m = heard_in(e.native_id);
        if (m.id != 0) opt_in_contact(db, m.contact, m.id, m.asked_at, at);
    }

    void operator()(const contact_complained& e) const {
        const auto m = heard_in(e.native_id);
        db.run("UPDATE messages SET complaint = 1 WHERE id = ?", m.id);
        auto r = db.query(
            "SELECT 1 FROM messages me JOIN messages m ON m.account = me.account AND m.thread_id = "
            "me.thread_id"
            " AND m.contact = me.contact AND m.id <> me.id JOIN deliveries d ON d.message_id = m.id"
            " AND d.state = 'delivered' WHERE me.id = ?",
            m.id);
        const bool after_us = r.next();
        if (after_us) mark_answerable(db, m.contact, "complaint", at);
    }

    struct wish_message {
        std::int64_t id = 0, contact = 0;
        timestamp asked_at{};
    };
    /// The message in which a contact said what they wish. None if the platform only repeats it: what was
    /// said then may have been taken back since.
    wish_message heard_in(const std::string& native_id) const {
        if (!fresh.contains(native_id)) return {};
        auto r = db.query("SELECT id, contact, written_at FROM messages WHERE account = ? AND native_id = ?",
                          account, native_id);
        if (!r.next()) return {};
        return {r.number(0), r.number(1), std::min(r.time(2), at)};
    }

    void operator()(const contact_followed& e) const {
        const auto contact = contact_of(db, account, e.who, at);
        auto follows = [&] {
            auto r = db.query(
                "SELECT kind = 'followed' FROM contact_events WHERE contact = ? AND kind IN ('followed',"
                " 'unfollowed') ORDER BY id DESC LIMIT 1",
                contact);
            return r.next() && r.flag(0);
        };
        if (!follows()) keep_event(contact, contact_signal::followed, e.native_id, "");
    }

    void operator()(const contact_unfollowed& e) const {
        std::int64_t contact = 0;
        {
            auto r = db.query("SELECT id FROM contacts WHERE account = ? AND identity = ?", account,
                              e.identity_id);
            if (!r.next()) return;
            contact = r.number(0);
        }
        keep_event(contact, contact_signal::unfollowed, "", "");
    }

    void operator()(const contact_reacted& e) const {
        const auto contact = contact_of(db, account, e.who, at);
        const auto kind = e.good ? contact_signal::reacted_well : contact_signal::reacted_badly;
        auto known = [&] {
            auto r = db.query("SELECT 1 FROM contact_events WHERE contact = ? AND kind = ? AND about = ?",
                              contact, to_string(kind), e.to);
            return r.next();
        };
        if (!known()) keep_event(contact, kind, e.native_id, e.to);
    }

    void keep_event(std::int64_t contact, contact_signal kind, const std::string& native_id,
                    const std::string& about) const {
        db.run(
            "INSERT INTO contact_events (account, contact, kind, native_id, about, at) VALUES (?, ?, ?, ?, "
            "?, "
            "?)",
            account, contact, to_string(kind), native_id, about, at);
    }

    void operator()(const gap_noted& e) const {
        db.run("INSERT INTO gaps (account, from_at, to_at, cause, noted_at) VALUES (?, ?, ?, ?, ?)", account,
               e.from, e.to, e.cause, at);
        note(db, at, "kith", "gap", 0, 0,
             account + ": " + to_rfc3339(e.from, 0) + " to " + to_rfc3339(e.to, 0) + ": " + e.cause);
    }
};

}  // namespace

void withdraw_for_contact(database& db, std::int64_t identity, const std::string& why, timestamp at,
                          changes& out) {
    withdraw_all(db, of_contact, identity, why, at, out);
}

accepted accept(database& db, const std::string& account, const batch& b, timestamp at) {
    accepted out;
    std::set<std::string> fresh;
    for (const auto& e : b.events) std::visit(to_table{db, account, at, out, fresh}, e);
    if (!b.next.empty())
        db.run(
            "INSERT INTO accounts (account, cursor, moved_at) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (account) DO UPDATE SET cursor = ?2, moved_at = ?3",
            account, b.next, at);
    return out;
}

account_memory remembered(database& db, const std::string& account) {
    account_memory out;
    {
        auto r = db.query("SELECT cursor FROM accounts WHERE account = ?", account);
        if (r.next()) out.cursor = r.text(0);
    }
    {
        auto r = db.query("SELECT COUNT(*) FROM messages WHERE account = ?", account);
        r.next();
        out.messages = r.number(0);
    }
    {
        // By itself: so the index gives its last entry at once.
        auto r = db.query("SELECT MAX(received_at) FROM messages WHERE account = ?", account);
        r.next();
        out.last_message_at = r.maybe_time(0);
    }
    auto r = db.query("SELECT COUNT(*) FROM gaps WHERE account = ?", account);
    r.next();
    out.gaps = r.number(0);
    return out;
}

}  // namespace kith::sqlite
