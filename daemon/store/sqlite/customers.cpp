// Who is a customer, by which consent, and what they bought.
#include "daemon/store/sqlite/customers.hpp"

#include "daemon/store/sqlite/queue_items.hpp"

namespace kith::sqlite {

namespace {

/// Whom an entry means.
struct meant {
    std::int64_t contact = 0;  ///< 0: nobody yet
    entry_complaint wrong;     ///< if there is nobody, and cannot be
};

meant by_handle(database& db, const customer_entry& e) {
    meant out;
    auto r = db.query("SELECT id FROM contacts WHERE account = ? AND handle = ? COLLATE NOCASE LIMIT 2",
                      e.account, e.handle);
    if (!r.next()) {
        out.wrong = {0, "handle", "nobody called '" + e.handle + "' has written to " + e.account,
                     "give their identity instead"};
        return out;
    }
    const auto found = r.number(0);
    if (r.next()) {
        out.wrong = {0, "handle", "several contacts of " + e.account + " are called '" + e.handle + "'",
                     "give the identity of the one"};
        return out;
    }
    out.contact = found;
    return out;
}

meant by_message(database& db, const customer_entry& e) {
    meant out;
    auto r = db.query("SELECT contact FROM messages WHERE id = ? AND deleted_at IS NULL", e.message);
    if (r.next())
        out.contact = r.number(0);
    else
        out.wrong = {0, "message", "there is no message " + std::to_string(e.message),
                     "give the number of the message in which they say that they are a customer"};
    return out;
}

meant find_meant(database& db, const customer_entry& e) {
    if (e.message != 0) return by_message(db, e);
    if (e.identity.empty()) return by_handle(db, e);
    meant out;
    auto r = db.query("SELECT id FROM contacts WHERE account = ? AND identity = ?", e.account, e.identity);
    if (r.next()) out.contact = r.number(0);
    return out;
}

/// Somebody who has not written yet: known from now on, by what the import says.
std::int64_t new_contact(database& db, const customer_entry& e, timestamp at) {
    db.run(
        "INSERT INTO contacts (account, identity, handle, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?4, "
        "?4)",
        e.account, e.identity, e.handle, at);
    return db.last_id();
}

struct on_record {
    std::int64_t id = 0;
    timestamp consent_at{};
    std::optional<timestamp> ended_at;
};

std::optional<on_record> record_of(database& db, std::int64_t contact) {
    auto r = db.query("SELECT id, consent_at, ended_at FROM customers WHERE contact = ?", contact);
    if (!r.next()) return std::nullopt;
    return on_record{r.number(0), r.time(1), r.maybe_time(2)};
}

rows& bind_message(rows& r, std::int64_t message) {
    return message == 0 ? r.null() : r.bind(message);
}

void write_consent(database& db, const customer_entry& e, std::int64_t contact, const std::string& by,
                   timestamp at) {
    auto r = db.query(
        "INSERT INTO customers (contact, consent_how, consent_at, added_at, added_by, zone, consent_message)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (contact) DO UPDATE SET consent_how = ?2,"
        " consent_at = ?3, zone = CASE WHEN ?6 = '' THEN zone ELSE ?6 END, consent_message = ?7,"
        " ended_at = NULL, ended_why = ''",
        contact, e.consent.how, e.consent.at, at, by, e.zone);
    bind_message(r, e.message);
    r.next();
}

void write_purchase(database& db, std::int64_t customer, const customer_entry& e) {
    if (e.product.empty()) return;
    db.run("INSERT OR IGNORE INTO purchases (customer, product, bought_at) VALUES (?, ?, ?)", customer,
           e.product, e.bought_at.value_or(e.consent.at));
}

void import_one(database& db, const customer_entry& e, std::int64_t contact, const std::string& by,
                timestamp at, imported& out) {
    const auto before = record_of(db, contact);
    // Stop means stop: only a consent that was given after the end begins anew.
    if (before && before->ended_at && e.consent.at <= *before->ended_at) {
        ++out.left_alone;
        return;
    }
    const bool fresh = !before || before->ended_at;
    const bool newer = fresh || e.consent.at > before->consent_at;
    if (newer) write_consent(db, e, contact, by, at);
    const auto id = record_of(db, contact).value().id;
    if (!newer && !e.zone.empty()) db.run("UPDATE customers SET zone = ? WHERE id = ?", e.zone, id);
    write_purchase(db, id, e);
    ++(fresh ? out.added : out.updated);
    if (newer)
        note(db, at, by, fresh ? "customer added" : "consent renewed", e.message, 0,
             "customer " + std::to_string(id) + ", consent of " + to_rfc3339(e.consent.at, 0));
}

customer read_customer(const rows& r) {
    customer c;
    c.id = r.number(0);
    c.contact = r.number(1);
    c.account = r.text(2);
    c.identity = r.text(3);
    c.handle = r.text(4);
    c.consent = {r.text(5), r.time(6)};
    if (const auto m = r.number(7)) c.consent_message = m;
    c.zone = r.text(8);
    c.added_by = r.text(9);
    c.added_at = r.time(10);
    return c;
}

void read_purchases(database& db, customer& c) {
    auto r = db.query(
        "SELECT product, bought_at FROM purchases WHERE customer = ? ORDER BY bought_at, product", c.id);
    while (r.next()) c.purchases.push_back({r.text(0), r.time(1)});
}

/// What was proposed because of the consent, and can still be stopped.
void withdraw_occasions(database& db, std::int64_t contact, const std::string& why, timestamp at,
                        changes& out) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    {
        auto r = db.query(
            "SELECT s.id, s.message_id FROM messages m JOIN suggestions s ON s.message_id = m.id"
            " WHERE m.contact = ? AND s.purpose = 'occasion' AND s.state IN ('open', 'approved')",
            contact);
        while (r.next()) found.emplace_back(r.number(0), r.number(1));
    }
    for (const auto& [id, message_id] : found) {
        db.run(
            "UPDATE deliveries SET state = 'canceled', last_error = ? WHERE suggestion_id = ? AND state = "
            "'approved'",
            why, id);
        out.push_back(move_to(db, id, suggestion_state::withdrawn, at, why));
        note(db, at, "kith", "withdrawn", message_id, id, "the customer's consent ended");
    }
}

void end(database& db, std::int64_t id, std::int64_t contact, const std::string& why, const std::string& by,
         timestamp at, changes& out) {
    db.run("DELETE FROM purchases WHERE customer = ?", id);
    db.run(
        "UPDATE customers SET ended_at = ?, ended_why = ?, consent_how = 'withdrawn', zone = '',"
        " consent_message = NULL WHERE id = ?",
        at, why, id);
    note(db, at, by, "consent ended", 0, 0, "customer " + std::to_string(id));
    withdraw_occasions(db, contact, "the customer's consent ended: " + why, at, out);
}

}  // namespace

imported import_customers(database& db, const std::vector<customer_entry>& entries, const std::string& by,
                          timestamp at) {
    imported out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto whom = find_meant(db, entries[i]);
        if (whom.wrong.what.empty()) continue;
        whom.wrong.entry = i;
        out.complaints.push_back(std::move(whom.wrong));
    }
    if (!out.complaints.empty()) return out;
    for (const auto& e : entries) {  // looked up anew: an entry before may have made the contact
        const auto whom = find_meant(db, e);
        import_one(db, e, whom.contact != 0 ? whom.contact : new_contact(db, e, at), by, at, out);
    }
    return out;
}

constexpr std::string_view customer_rows =
    "SELECT u.id, u.contact, c.account, c.identity, c.handle, u.consent_how, u.consent_at, u.consent_message,"
    " u.zone, u.added_by, u.added_at FROM customers u JOIN contacts c ON c.id = u.contact"
    " WHERE u.ended_at IS NULL AND u.id >= ?1 AND u.id <= ?2"
    " AND (?4 = '[]' OR c.account IN (SELECT value FROM json_each(?4))) ORDER BY u.id LIMIT ?3";

std::vector<customer> list_customers(database& db, std::int64_t after, std::size_t most,
                                     const std::vector<std::string>& accounts) {
    std::vector<customer> out;
    {
        auto r = db.query(customer_rows, after + 1, std::numeric_limits<std::int64_t>::max(),
                          static_cast<std::int64_t>(most), names_as_json(accounts));
        while (r.next()) out.push_back(read_customer(r));
    }
    for (auto& c : out) read_purchases(db, c);
    return out;
}

customer read_customer(database& db, std::int64_t id) {
    std::optional<customer> found;
    {
        auto r = db.query(customer_rows, id, id, 1, "[]");
        if (r.next()) found = read_customer(r);
    }
    if (!found)
        throw failure(
            fail(errc::not_found, "there is no customer " + std::to_string(id) + " with a consent"));
    read_purchases(db, *found);
    return *found;
}

changes end_consent(database& db, std::int64_t id, const std::string& why, const std::string& by,
                    timestamp at) {
    const auto c = read_customer(db, id);
    changes out;
    end(db, id, c.contact, why, by, at, out);
    return out;
}

void end_consent_of(database& db, std::int64_t contact, const std::string& why, timestamp at, changes& out) {
    const auto before = record_of(db, contact);
    if (before && !before->ended_at) end(db, before->id, contact, why, "kith", at, out);
}

void forget_customer(database& db, std::int64_t contact, timestamp at, changes& out) {
    end_consent_of(db, contact, "the contact is forgotten", at, out);
    db.run("UPDATE customers SET ended_why = '', added_by = '' WHERE contact = ?", contact);
    db.run("UPDATE occasions SET key = 'forgotten ' || id, why = '' WHERE contact = ?", contact);
    db.run("UPDATE fixes SET note = '' WHERE message_id IN (SELECT id FROM messages WHERE contact = ?)",
           contact);
}

std::string customer_zone(database& db, std::int64_t contact) {
    auto r = db.query("SELECT zone FROM customers WHERE contact = ? AND ended_at IS NULL", contact);
    return r.next() ? r.text(0) : std::string{};
}

bool is_customer(database& db, std::int64_t contact) {
    auto r = db.query(
        "SELECT 1 FROM contacts c JOIN customers u ON u.contact = c.id WHERE COALESCE(c.person, c.id) = ?"
        " AND u.ended_at IS NULL",
        contact);
    return r.next();
}

bool has_consent(database& db, std::int64_t contact) {
    const auto record = record_of(db, contact);
    return record && !record->ended_at;
}

}  // namespace kith::sqlite
