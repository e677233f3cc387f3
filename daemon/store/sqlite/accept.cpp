// What platforms report: messages and their edits, deletions, blocks, gaps.
#include "daemon/store/sqlite/customers.hpp"

namespace kith::sqlite {

namespace {

std::int64_t contact_of(database& db, const std::string& account, const identity& who, timestamp at) {
    auto r = db.query(
        "INSERT INTO contacts (account, identity, handle, display_name, bot, first_seen_at, last_seen_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (account, identity) DO UPDATE SET"
        " handle = CASE WHEN ?3 = '' THEN handle ELSE ?3 END,"
        " display_name = CASE WHEN ?4 = '' THEN display_name ELSE ?4 END, bot = MAX(bot, ?5), last_seen_at = "
        "?6"
        " RETURNING id",
        account, who.id, who.handle, who.display_name, who.bot, at);
    r.next();
    return r.number(0);
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
        " language, url, extra, written_at, received_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, ?13)",
        account, m.native_id, m.revision, m.thread_id, m.parent_id, contact, m.addressed, m.text, m.language,
        m.url, m.extra, m.written_at, at);
    const auto id = db.last_id();
    db.run("INSERT INTO revisions (message_id, revision, seen_at) VALUES (?, ?, ?)", id, m.revision, at);
    note(db, at, "kith", "received", id, 0, "revision " + m.revision);
}

void edited(database& db, const std::string& account, std::int64_t id, const message& m, timestamp at,
            changes& out) {
    contact_of(db, account, m.author, at);
    db.run(
        "UPDATE messages SET revision = ?, addressed = ?, text = ?, language = ?, extra = ?, due_at = ?,"
        " deleted_at = NULL WHERE id = ?",
        m.revision, m.addressed, m.text, m.language, m.extra, at, id);
    db.run("INSERT INTO revisions (message_id, revision, seen_at) VALUES (?, ?, ?)", id, m.revision, at);
    note(db, at, "kith", "edited by its author", id, 0, "revision " + m.revision);
    withdraw_all(db, of_message, id, "the message was edited by its author", at, out);
}

struct to_table {
    database& db;
    const std::string& account;
    timestamp at;
    accepted& out;

    void operator()(const message_seen& e) const {
        std::int64_t id = 0;
        {
            auto r = db.query("SELECT id FROM messages WHERE account = ? AND native_id = ?", account,
                              e.what.native_id);
            if (r.next()) id = r.number(0);
        }
        if (id == 0 && e.only_if_known) return;
        if (id == 0) {
            insert(db, account, e.what, at);
            ++out.fresh;
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
                " AND prepared_id <> '' AND account = ? AND state IN ('sending', 'unsure')",
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
    }

    void operator()(const contact_blocked& e) const {
        identity who;
        who.id = e.identity_id;
        const auto contact = contact_of(db, account, who, at);
        db.run("UPDATE contacts SET blocked_at = COALESCE(blocked_at, ?) WHERE id = ?", at, contact);
        db.run("UPDATE messages SET due_at = NULL WHERE contact = ?", contact);
        withdraw_all(db, of_contact, contact, "the contact blocked us", at, out.changes);
        end_consent_of(db, contact, "the contact blocked us", at, out.changes);
    }

    void operator()(const gap_noted& e) const {
        db.run("INSERT INTO gaps (account, from_at, to_at, cause, noted_at) VALUES (?, ?, ?, ?, ?)", account,
               e.from, e.to, e.cause, at);
        note(db, at, "kith", "gap", 0, 0,
             account + ": " + to_rfc3339(e.from, 0) + " to " + to_rfc3339(e.to, 0) + ": " + e.cause);
    }
};

}  // namespace

accepted accept(database& db, const std::string& account, const batch& b, timestamp at) {
    accepted out;
    for (const auto& e : b.events) std::visit(to_table{db, account, at, out}, e);
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
        auto r = db.query("SELECT COUNT(*), MAX(received_at) FROM messages WHERE account = ?", account);
        r.next();
        out.messages = r.number(0);
        out.last_message_at = r.maybe_time(1);
    }
    auto r = db.query("SELECT COUNT(*) FROM gaps WHERE account = ?", account);
    r.next();
    out.gaps = r.number(0);
    return out;
}

}  // namespace kith::sqlite
