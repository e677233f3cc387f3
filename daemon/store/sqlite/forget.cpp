// Forgetting: no word of or about the contact stays. What others' rows and the record refer to gets a name
// that says nothing, so that references hold.
#include "daemon/model/json.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/departments.hpp"
#include "daemon/store/sqlite/idempotency.hpp"
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/relations.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kith::sqlite {

namespace {

constexpr std::chrono::hours scrub_at_most_each{24};
/// After one that failed. It copies the whole file, and nothing else is written meanwhile.
constexpr std::chrono::hours scrub_again_after{1};

std::string setting(database& db, std::string_view name) {
    auto r = db.query("SELECT value FROM settings WHERE name = ?", name);
    return r.next() ? r.text(0) : std::string();
}

void set(database& db, std::string_view name, const std::string& value) {
    db.run("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
           name, value);
}

struct identity_row {
    std::int64_t id;
    std::string account, identity, handle, name;
    std::optional<timestamp> blocked_at;
};

struct message_row {
    std::int64_t id;
    std::string native_id, new_id;
};

std::vector<identity_row> known_identities_of(database& db, std::int64_t number) {
    std::vector<identity_row> out;
    auto r = db.query(
        "SELECT id, account, identity, handle, display_name, blocked_at FROM contacts WHERE COALESCE(person, "
        "id)"
        " = ? AND forgotten_at IS NULL",
        number);
    while (r.next())
        out.push_back({r.number(0), r.text(1), r.text(2), r.text(3), r.text(4), r.maybe_time(5)});
    return out;
}

/// A name for what was forgotten, that nobody can turn back.
std::string no_name() {
    return "forgotten-" + random_base32(20);
}

std::vector<message_row> messages_of(database& db, std::int64_t identity) {
    std::vector<message_row> out;
    auto r = db.query("SELECT id, native_id FROM messages WHERE contact = ?", identity);
    while (r.next()) out.push_back({r.number(0), r.text(1), no_name()});
    return out;
}

/// Long enough to be no word by chance: a DID.
bool is_unmistakable(const std::string& identity) {
    return identity.size() >= 12;
}

/// Also what goes to others in their threads: its bytes may hold their address, and are still needed.
void must_be_at_rest(database& db, const identity_row& who) {
    auto r = db.query(
        "SELECT d.suggestion_id, d.state FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.account = ?2 AND d.state IN ('sending', 'unsure') AND (m.contact = ?1"
        " OR (?4 AND instr(d.prepared, CAST(?3 AS BLOB)))"
        " OR EXISTS (SELECT 1 FROM messages me WHERE me.account = m.account AND me.thread_id = m.thread_id"
        " AND me.contact = ?1 AND instr(d.prepared, CAST(me.native_id AS BLOB)))) LIMIT 1",
        who.id, who.account, who.identity, is_unmistakable(who.identity));
    if (!r.next()) return;
    const auto id = std::to_string(r.number(0));
    throw failure(fail(errc::conflict,
                       r.text(1) == "sending"
                           ? "a reply to this contact, or in a thread of theirs, is being sent (suggestion " +
                                 id + "): try again once it is done"
                           : "nobody knows whether suggestion " + id +
                                 " was posted: settle it first (kith queue posted or not-posted)"));
}

/// What beside another's message, in the same thread, names an address of theirs: why a suggestion came back,
/// and the bytes of what was posted. A detail of the record is bound by its hash: it is erased whole.
void forget_beside(database& db, const std::string& account, const std::string& thread,
                   const message_row& m) {
    db.run(
        "UPDATE suggestions SET changed = replace(changed, ?3, ?4), reason = replace(reason, ?3, ?4)"
        " WHERE (instr(changed, ?3) OR instr(reason, ?3)) AND message_id IN"
        " (SELECT id FROM messages WHERE account = ?1 AND thread_id = ?2)",
        account, thread, m.native_id, m.new_id);
    // What has failed for certain and is still to be sent is prepared anew.
    db.run(
        "UPDATE deliveries SET prepared = x'', attempts = CASE WHEN state = 'approved' THEN 0 ELSE attempts "
        "END"
        " WHERE instr(prepared, CAST(?3 AS BLOB)) AND message_id IN"
        " (SELECT id FROM messages WHERE account = ?1 AND thread_id = ?2)",
        account, thread, m.native_id);
    db.run(
        "UPDATE deliveries SET last_error = replace(last_error, ?3, ?4) WHERE instr(last_error, ?3) AND "
        "message_id IN"
        " (SELECT id FROM messages WHERE account = ?1 AND thread_id = ?2)",
        account, thread, m.native_id, m.new_id);
    db.run(
        "DELETE FROM record_details WHERE instr(detail, ?3) AND number IN (SELECT r.number FROM messages m"
        " JOIN record r ON r.message_id = m.id WHERE m.account = ?1 AND m.thread_id = ?2)",
        account, thread, m.native_id);
}

/// The addresses that the platform gave to a message, wherever others' rows have them.
void rename(database& db, const std::string& account, const message_row& m) {
    const auto thread = read_message(db, m.id).what.thread_id;  // which the message before may have renamed
    forget_beside(db, account, thread, m);
    db.run("UPDATE messages SET parent_id = ?3 WHERE account = ?1 AND parent_id = ?2", account, m.native_id,
           m.new_id);
    db.run(
        "UPDATE suggestions SET thread_tail = ?3 WHERE account = ?1 AND thread_tail = ?2 AND message_id IN"
        " (SELECT id FROM messages WHERE account = ?1 AND thread_id = ?4)",
        account, m.native_id, m.new_id, thread);
    db.run(
        "UPDATE deliveries SET thread_tail = ?3 WHERE account = ?1 AND thread_tail = ?2 AND message_id IN"
        " (SELECT id FROM messages WHERE account = ?1 AND thread_id = ?4)",
        account, m.native_id, m.new_id, thread);
    db.run("UPDATE messages SET extra = replace(extra, ?2, ?3) WHERE account = ?1 AND thread_id = ?4",
           account, m.native_id, m.new_id, thread);
    db.run("UPDATE messages SET thread_id = ?3 WHERE account = ?1 AND thread_id = ?2", account, m.native_id,
           m.new_id);
}

void forget_message(database& db, const identity_row& who, const message_row& m, timestamp at) {
    remove_copies(db, who.account, m.id);
    rename(db, who.account, m);
    db.run("INSERT OR IGNORE INTO forgotten (hash, at) VALUES (?, ?)", hash_of(db, who.account, m.native_id),
           at);
    db.run(
        "UPDATE messages SET native_id = ?2, revision = '', text = '', language = '', url = '', extra = '',"
        " parent_id = '', due_at = NULL, deleted_at = COALESCE(deleted_at, ?3) WHERE id = ?1",
        m.id, m.new_id, at);
    db.run("UPDATE traces SET revision = '' WHERE message_id = ?", m.id);
    db.run("UPDATE revisions SET revision = hex(randomblob(8)) WHERE message_id = ?", m.id);
    db.run(
        "UPDATE suggestions SET text = '', target = ?2, target_revision = '', thread_tail = '', matched = "
        "'[]',"
        " thread = '[]', changed = '[]', reason = '', receipt_url = '',"
        " verdict = json_object('decision', json_extract(verdict, '$.decision'), 'reasons', json('[]'))"
        " WHERE message_id = ?1",
        m.id, m.new_id);
    db.run(
        "UPDATE deliveries SET text = '', target = ?2, target_revision = '', thread_tail = '', prepared = "
        "x'',"
        " last_error = '' WHERE message_id = ?1",
        m.id, m.new_id);
    erase_canaries(db, m.id);
    forget_questions(db, m.id);
    erase_record_details(db, m.id);
}

/// What they wrote in the threads beside the suggestions for others, also what was never stored as a message.
void forget_lines(database& db, const identity_row& who) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    {
        auto r = db.query("SELECT id, thread FROM suggestions WHERE account = ? AND instr(thread, ?)",
                          who.account, who.handle);
        while (r.next()) found.emplace_back(r.number(0), r.text(1));
    }
    for (const auto& [id, thread] : found) {
        auto lines = thread_from_json(thread);
        std::erase_if(lines, [&](const thread_line& l) { return !l.ours && l.handle == who.handle; });
        db.run("UPDATE suggestions SET thread = ? WHERE id = ?", boost::json::serialize(to_json(lines)), id);
    }
}

/// Such an identity also stands in others' references to messages that we never kept.
void forget_references(database& db, const identity_row& who, const std::string& new_id) {
    db.run(
        "UPDATE messages SET parent_id = replace(parent_id, ?2, ?3), thread_id = replace(thread_id, ?2, "
        "?3),"
        " extra = replace(extra, ?2, ?3) WHERE account = ?1 AND (instr(parent_id, ?2) OR "
        "instr(thread_id, ?2)"
        " OR instr(extra, ?2))",
        who.account, who.identity, new_id);
    db.run(
        "UPDATE suggestions SET changed = replace(changed, ?2, ?3), reason = replace(reason, ?2, ?3),"
        " thread_tail = replace(thread_tail, ?2, ?3) WHERE account = ?1"
        " AND (instr(changed, ?2) OR instr(reason, ?2) OR instr(thread_tail, ?2))",
        who.account, who.identity, new_id);
    db.run(
        "UPDATE deliveries SET last_error = replace(last_error, ?2, ?3), thread_tail = replace(thread_tail, "
        "?2, ?3)"
        " WHERE account = ?1 AND (instr(last_error, ?2) OR instr(thread_tail, ?2))",
        who.account, who.identity, new_id);
    db.run(
        "UPDATE deliveries SET prepared = x'', attempts = CASE WHEN state = 'approved' THEN 0 ELSE attempts "
        "END"
        " WHERE account = ?1 AND instr(prepared, CAST(?2 AS BLOB))",
        who.account, who.identity);
    db.run("DELETE FROM record_details WHERE instr(detail, ?)", who.identity);
}

void forget_mentions(database& db, const identity_row& who, const std::string& new_id) {
    if (is_unmistakable(who.identity)) forget_references(db, who, new_id);
    if (who.handle.empty()) return;
    forget_lines(db, who);
    if (who.handle.size() < 3) return;
    // As long as it was: what was matched in the message is still where it was.
    const auto name = "@" + who.handle, masked = "@" + std::string(who.handle.size(), 'x');
    db.run("UPDATE messages SET text = replace(text, ?2, ?3) WHERE account = ?1 AND instr(text, ?2)",
           who.account, name, masked);
    db.run(
        "UPDATE traces SET trace = replace(trace, ?2, ?3) WHERE instr(trace, ?2) AND message_id IN (SELECT "
        "id FROM"
        " messages WHERE account = ?1)",
        who.account, name, masked);
}

void forget_relations(database& db, std::int64_t number, const identity_row& who, timestamp at) {
    std::vector<std::string> addresses;
    {
        auto r =
            db.query("SELECT native_id FROM contact_events WHERE contact = ? AND native_id <> ''", who.id);
        while (r.next()) addresses.push_back(r.text(0));
    }
    for (const auto& a : addresses)
        db.run("INSERT OR IGNORE INTO forgotten (hash, at) VALUES (?, ?)", hash_of(db, who.account, a), at);
    db.run("DELETE FROM contact_decisions WHERE identity = ?1 OR contact = ?1 OR contact = ?2", who.id,
           number);
    // The numbers up to here stay read: a new event gets a higher one.
    db.run("DELETE FROM stage_evidence WHERE contact = ?", who.id);
    db.run("DELETE FROM contact_events WHERE contact = ?", who.id);
    db.run("DELETE FROM stage_moves WHERE contact = ?", number);
    db.run("DELETE FROM stages WHERE contact = ?", number);
}

void forget_identity(database& db, const identity_row& who, timestamp at, forgotten_contact& out) {
    const auto messages = messages_of(db, who.id);
    forget_customer(db, who.id, at, out.changes);
    for (const auto& m : messages) forget_message(db, who, m, at);
    out.messages += static_cast<std::int64_t>(messages.size());
    const auto new_id = no_name();
    forget_mentions(db, who, new_id);
    forget_relations(db, out.number, who, at);
    db.run("DELETE FROM journal WHERE account = ? AND topic = ?", who.account, who.identity);
    db.run("UPDATE opt_outs SET reason = '', lift_reason = '' WHERE contact = ?", who.id);
    db.run(
        "INSERT INTO forgotten (hash, blocked_at, at) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO UPDATE SET"
        " blocked_at = COALESCE(blocked_at, ?2)",
        hash_of(db, who.account, who.identity), who.blocked_at, at);
    db.run(
        "UPDATE contacts SET identity = ?2, handle = '', display_name = '', zone = '', forgotten_at = ?3 "
        "WHERE id"
        " = ?1",
        who.id, new_id, at);
    ++out.identities;
}

std::int64_t suggestions_for(database& db, std::int64_t identity) {
    auto r = db.query(
        "SELECT COUNT(*) FROM suggestions s JOIN messages m ON m.id = s.message_id WHERE m.contact = ?",
        identity);
    r.next();
    return r.number(0);
}

}  // namespace

std::string hash_of(database& db, const std::string& account, const std::string& id) {
    auto key = setting(db, "forget.key");
    if (key.empty()) {
        key = random_base32(52);
        set(db, "forget.key", key);
    }
    return sha256_hex(key + "\n" + account + "\n" + id);
}

bool is_forgotten(database& db, const std::string& account, const std::string& id,
                  std::optional<timestamp>* blocked_at) {
    {
        auto r = db.query("SELECT 1 FROM forgotten LIMIT 1");
        if (!r.next()) return false;
    }
    const auto hash = hash_of(db, account, id);
    auto r = db.query("SELECT blocked_at FROM forgotten WHERE hash = ?", hash);
    if (!r.next()) return false;
    if (blocked_at) *blocked_at = r.maybe_time(0);
    return true;
}

void remove_copies(database& db, const std::string& account, std::int64_t message_id) {
    // Emptied and not deleted: their numbers are never given twice.
    db.run("UPDATE traces SET trace = '{}', again_with = '' WHERE message_id = ?", message_id);
    const auto native_id = read_message(db, message_id).what.native_id;
    struct beside {
        std::int64_t id;
        std::string thread;
    };
    std::vector<beside> found;
    {
        auto r = db.query(
            "SELECT s.id, s.thread FROM messages me JOIN messages m ON m.account = me.account AND "
            "m.thread_id ="
            " me.thread_id JOIN suggestions s ON s.message_id = m.id WHERE me.id = ? AND me.account = ?",
            message_id, account);
        while (r.next()) found.push_back({r.number(0), r.text(1)});
    }
    for (const auto& f : found) {
        auto lines = thread_from_json(f.thread);
        if (std::erase_if(lines, [&](const thread_line& l) { return l.native_id == native_id; }) == 0)
            continue;
        db.run("UPDATE suggestions SET thread = ? WHERE id = ?", boost::json::serialize(to_json(lines)),
               f.id);
    }
}

forgotten_contact forget(database& db, std::int64_t number, const std::string& by, timestamp at) {
    const auto all = known_identities_of(db, number);
    if (all.empty()) throw failure(fail(errc::not_found, "there is no contact " + std::to_string(number)));
    forgotten_contact out;
    out.number = number;
    for (const auto& who : all) must_be_at_rest(db, who);
    for (const auto& who : all) {
        withdraw_for_contact(db, who.id, "the contact was forgotten", at, out.changes);
        out.suggestions += suggestions_for(db, who.id);
    }
    keep_opted_out(db, all.front().id, at);
    for (const auto& who : all) forget_identity(db, who, at, out);
    forget_kept_answers(db);
    note(db, at, by, "forgot", 0, 0,
         "contact " + std::to_string(number) + ": " + std::to_string(out.identities) + " identities, " +
             std::to_string(out.messages) + " messages, " + std::to_string(out.suggestions) + " suggestions");
    set(db, "scrub.due", std::to_string(to_micros(at)));
    db.after_commit("PRAGMA wal_checkpoint(TRUNCATE)");
    return out;
}

bool scrub(database& db, timestamp at) {
    if (setting(db, "scrub.due").empty()) return false;
    const auto lately = [&](std::string_view name, std::chrono::hours within) {
        const auto last = setting(db, name);
        if (last.empty()) return false;
        const auto then = from_micros(std::stoll(last));
        return at >= then && at - then < within;
    };
    if (lately("scrub.done", scrub_at_most_each) || lately("scrub.tried", scrub_again_after)) return false;
    set(db, "scrub.tried", std::to_string(to_micros(at)));
    // In this order: if there is no room for it, or kithd is killed in the middle, it is still due.
    db.after_commit("VACUUM");
    db.after_commit(
        "INSERT OR REPLACE INTO settings (name, value) VALUES ('scrub.due', ''), ('scrub.done', '" +
        std::to_string(to_micros(at)) + "')");
    db.after_commit("PRAGMA wal_checkpoint(TRUNCATE)");
    return true;
}

}  // namespace kith::sqlite
