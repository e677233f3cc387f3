// Opt-outs: noted once, in force until the contact asks otherwise.
#include "daemon/store/sqlite/opt_outs.hpp"

#include "daemon/store/sqlite/brakes.hpp"
#include "daemon/store/sqlite/customers.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/relations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace kith::sqlite {

namespace json = boost::json;

namespace {

constexpr std::string_view columns_by_id =
    "SELECT o.id, o.contact, o.account, c.identity, c.handle, c.display_name, c.bot, o.how, o.message_id,"
    " o.language, o.asked_at, o.noted_at, o.noted_by, o.reason, o.lifted_at, o.lifted_by, o.lift_reason"
    " FROM opt_outs o JOIN contacts c ON c.id = o.contact WHERE o.id = ?";

std::string hash_of(database& db, std::int64_t contact) {
    auto r = db.query("SELECT account, identity FROM contacts WHERE id = ?", contact);
    if (!r.next()) return {};
    return hash_of(db, r.text(0), r.text(1));
}

std::string words_for(std::string_view how, const std::string& by) {
    if (how == "block") return "the contact blocked us";
    if (how == "report") return "the contact reported us to the platform";
    if (how == "person") return "the contact asked us to stop, as " + by + " noted";
    return "the contact asked us to stop";
}

/// What waits for its turn is not looked at any more; each says why.
void leave_unjudged(database& db, std::int64_t contact, const std::string& why, const asked& how,
                    timestamp at) {
    std::vector<std::pair<std::int64_t, std::string>> waiting;
    {
        auto r =
            db.query("SELECT id, revision FROM messages WHERE contact = ? AND due_at IS NOT NULL", contact);
        while (r.next()) waiting.emplace_back(r.number(0), r.text(1));
    }
    for (const auto& [id, revision] : waiting) {
        const std::string words =
            id == how.message_id && !how.words.empty() ? why + ": '" + how.words + "'" : why;
        const json::object trace{
            {"at", to_rfc3339(at)},     {"revision", revision},           {"playbooks", ""},
            {"matches", json::array{}}, {"left_out", json::array{words}}, {"denied", json::array{}}};
        db.run("INSERT INTO traces (message_id, revision, at, trace) VALUES (?, ?, ?, ?)", id, revision, at,
               json::serialize(trace));
        note(db, at, "kith", "no suggestion", id, 0, why);
    }
    db.run("UPDATE messages SET due_at = NULL WHERE contact = ?", contact);
}

/// Is one of this kind in force?
bool is_noted(database& db, std::int64_t contact, std::string_view how) {
    auto r = db.query(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM opt_outs WHERE contact = ?2 AND lifted_at IS NULL AND how = ?1)"
        " OR EXISTS (SELECT 1 FROM opt_outs WHERE identity_hash = ?3 AND lifted_at IS NULL AND how = ?1)",
        how, contact, hash_of(db, contact));
    return r.next();
}

/// The number of the newest that is in force for this identity; 0: none.
std::int64_t newest_in_force(database& db, std::int64_t identity) {
    std::int64_t by_contact = 0;
    {
        auto r = db.query("SELECT MAX(id) FROM opt_outs WHERE contact = ? AND lifted_at IS NULL", identity);
        if (r.next()) by_contact = r.number(0);
    }
    // Two questions and not one: an OR between the two columns would read the whole table.
    auto r = db.query("SELECT MAX(id) FROM opt_outs WHERE identity_hash = ? AND lifted_at IS NULL",
                      hash_of(db, identity));
    r.next();
    return std::max(by_contact, r.number(0));
}

/// Those in force for a contact that were asked for by then.
std::int64_t lift_all(database& db, std::int64_t contact, timestamp asked_by, const std::string& by,
                      const std::string& reason, timestamp at) {
    // Who says that we may write again has taken a block back, whatever the platform told us of it.
    db.run("UPDATE contacts SET blocked_at = NULL WHERE id = ?", contact);
    return db.run(
               "UPDATE opt_outs SET lifted_at = ?, lifted_by = ?, lift_reason = ? WHERE lifted_at IS NULL"
               " AND asked_at <= ? AND contact = ?",
               at, by, reason, asked_by, contact) +
           db.run(
               "UPDATE opt_outs SET lifted_at = ?, lifted_by = ?, lift_reason = ? WHERE lifted_at IS NULL"
               " AND asked_at <= ? AND identity_hash = ?",
               at, by, reason, asked_by, hash_of(db, contact));
}

}  // namespace

std::vector<std::int64_t> identities_of(database& db, std::int64_t identity) {
    std::vector<std::int64_t> out;
    auto r =
        db.query("SELECT id FROM contacts WHERE COALESCE(person, id) = ?", contact_of_identity(db, identity));
    while (r.next()) out.push_back(r.number(0));
    return out;
}

bool opted_out(database& db, std::int64_t contact) {
    return !why_opted_out(db, contact).empty();
}

std::string why_opted_out(database& db, std::int64_t contact) {
    const auto identities = identities_of(db, contact);
    for (const auto identity : identities) {
        const auto id = newest_in_force(db, identity);
        if (id == 0) continue;
        auto r = db.query("SELECT how, noted_by FROM opt_outs WHERE id = ?", id);
        r.next();
        return words_for(r.text(0), r.text(1));
    }
    for (const auto identity : identities) {
        auto r = db.query("SELECT 1 FROM contacts WHERE id = ? AND blocked_at IS NOT NULL", identity);
        if (r.next()) return words_for("block", "");
    }
    return {};
}

void opt_out_contact(database& db, std::int64_t contact, const asked& how, timestamp at, changes& out) {
    const std::string why = words_for(how.how, how.by);
    const bool again = how.message_id == 0 && is_noted(db, contact, how.how);
    if (!again) {
        const bool was_out = opted_out(db, contact);
        db.run(
            "INSERT INTO opt_outs (contact, account, identity_hash, how, message_id, language, asked_at,"
            " noted_at, noted_by, reason) SELECT id, account, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM contacts"
            " WHERE id = ?1",
            contact, hash_of(db, contact), how.how, how.message_id, how.language, how.at, at, how.by,
            how.reason);
        note(db, at, how.by, "opted out", how.message_id, 0,
             "opt-out " + std::to_string(db.last_id()) + ", " + std::string(how.how));
        if (!was_out) mark_answerable(db, contact, "opt-out", at);  // one who is gone cannot be driven away
    }
    for (const auto identity : identities_of(db, contact)) {
        leave_unjudged(db, identity, why, how, at);
        withdraw_for_contact(db, identity, why, at, out);
        end_consent_of(db, identity, why, at, out);
    }
}

void keep_opted_out(database& db, std::int64_t contact, timestamp at) {
    const auto identities = identities_of(db, contact);
    std::int64_t newest = 0;
    for (const auto identity : identities) newest = std::max(newest, newest_in_force(db, identity));
    if (newest == 0 && !opted_out(db, contact)) return;
    for (const auto identity : identities) {
        const auto hash = hash_of(db, identity);
        // The blocks of old were noted without one.
        db.run("UPDATE opt_outs SET identity_hash = ? WHERE contact = ? AND lifted_at IS NULL", hash,
               identity);
        auto known = [&] {
            auto r = db.query("SELECT 1 FROM opt_outs WHERE identity_hash = ? AND lifted_at IS NULL", hash);
            return r.next();
        };
        if (!known())
            db.run(
                "INSERT INTO opt_outs (contact, account, identity_hash, how, asked_at, noted_at, noted_by)"
                " SELECT c.id, c.account, ?1, COALESCE(o.how, 'block'), COALESCE(o.asked_at, ?2), ?2,"
                " COALESCE(o.noted_by, 'kith') FROM contacts c LEFT JOIN opt_outs o ON o.id = ?4 WHERE c.id "
                "= ?3",
                hash, at, identity, newest);
    }
}

void opt_in_contact(database& db, std::int64_t contact, std::int64_t message_id, timestamp asked_at,
                    timestamp at) {
    if (!opted_out(db, contact)) return;
    std::int64_t lifted = 0;
    for (const auto identity : identities_of(db, contact))
        lifted += lift_all(db, identity, asked_at, "contact", "", at);
    note(db, at, "kith", "opted in", message_id, 0, std::to_string(lifted) + " lifted by the contact");
}

/// Those of one contact: few, each found by an index. What still holds although they were forgotten in
/// between is told by its hash.
std::vector<opt_out> opt_outs_of(database& db, const opt_out_filter& f) {
    using enum opt_out_filter::state;
    std::set<std::int64_t, std::greater<>> ids;
    for (const auto identity : identities_of(db, f.contact)) {
        auto by_row = db.query("SELECT id FROM opt_outs WHERE contact = ?", identity);
        while (by_row.next()) ids.insert(by_row.number(0));
        auto by_hash = db.query("SELECT id FROM opt_outs WHERE identity_hash = ? AND lifted_at IS NULL",
                                hash_of(db, identity));
        while (by_hash.next()) ids.insert(by_hash.number(0));
    }
    const auto may_be_seen = [&](const std::string& account) {
        return f.accounts.empty() ||
               std::find(f.accounts.begin(), f.accounts.end(), account) != f.accounts.end();
    };
    std::vector<opt_out> out;
    for (const auto id : ids) {
        if (out.size() == f.most) break;
        if (f.before != 0 && id >= f.before) continue;
        auto o = read_opt_out(db, id);
        const bool wanted = f.which == all || (f.which == lifted) == o.lifted_at.has_value();
        if (wanted && (f.account.empty() || o.account == f.account) && may_be_seen(o.account))
            out.push_back(std::move(o));
    }
    return out;
}

std::vector<opt_out> list_opt_outs(database& db, const opt_out_filter& f) {
    using enum opt_out_filter::state;
    if (f.contact != 0) return opt_outs_of(db, f);
    std::vector<std::int64_t> ids;
    {
        auto r = db.query(
            "SELECT id FROM opt_outs WHERE (?1 OR lifted_at IS NULL) AND (?2 OR lifted_at IS NOT NULL)"
            " AND (?3 = '' OR account = ?3) AND (?4 = 0 OR id < ?4)"
            " AND (?6 = '[]' OR account IN (SELECT value FROM json_each(?6))) ORDER BY id DESC LIMIT ?5",
            f.which != in_force, f.which != lifted, f.account, f.before, static_cast<std::int64_t>(f.most),
            names_as_json(f.accounts));
        while (r.next()) ids.push_back(r.number(0));
    }
    std::vector<opt_out> out;
    for (const auto id : ids) out.push_back(read_opt_out(db, id));
    return out;
}

opt_out_done add_opt_out(database& db, const std::string& account, const std::string& contact,
                         const std::string& reason, const std::string& by, timestamp at) {
    const std::string name = contact.starts_with('@') ? contact.substr(1) : contact;
    std::vector<std::int64_t> found;
    {
        auto r = db.query(
            "SELECT id FROM contacts WHERE account = ?1 AND (identity IN (?2, ?3) OR handle IN (?2, ?3))",
            account, contact, name);
        while (r.next()) found.push_back(r.number(0));
    }
    if (found.empty())
        throw failure(fail(errc::not_found, "nobody called '" + contact + "' has written to " + account +
                                                ": give their id on the platform, or their handle"));
    if (found.size() > 1)
        throw failure(fail(errc::conflict, std::to_string(found.size()) + " contacts of " + account +
                                               " are called '" + contact +
                                               "': give their id on the platform"));
    if (const auto why = why_opted_out(db, found[0]); !why.empty())
        throw failure(fail(errc::conflict, "it is noted already: " + why));
    opt_out_done done;
    asked how{"person", at};
    how.by = by;
    how.reason = reason;
    opt_out_contact(db, found[0], how, at, done.changes);
    opt_out_filter newest;
    newest.most = 1;
    done.what = list_opt_outs(db, newest).at(0);
    return done;
}

opt_out lift_opt_out(database& db, std::int64_t id, const std::string& reason, const std::string& by,
                     timestamp at) {
    const auto o = read_opt_out(db, id);
    if (o.lifted_at)
        throw failure(fail(errc::conflict, "opt-out " + std::to_string(id) + " was lifted by " + o.lifted_by +
                                               " at " + to_rfc3339(*o.lifted_at, 0)));
    db.run("UPDATE opt_outs SET lifted_at = ?, lifted_by = ?, lift_reason = ? WHERE id = ?", at, by, reason,
           id);
    lift_all(db, o.contact, at, by, reason, at);
    note(db, at, by, "opted in", o.message_id, 0, "opt-out " + std::to_string(id));
    return read_opt_out(db, id);
}

opt_out read_opt_out(database& db, std::int64_t id) {
    auto r = db.query(columns_by_id, id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no opt-out " + std::to_string(id)));
    opt_out o;
    o.id = r.number(0);
    o.contact = r.number(1);
    o.account = r.text(2);
    o.who = {r.text(3), r.text(4), r.text(5), r.flag(6)};
    o.how = r.text(7);
    o.message_id = r.number(8);
    o.language = r.text(9);
    o.asked_at = r.time(10);
    o.noted_at = r.time(11);
    o.noted_by = r.text(12);
    o.reason = r.text(13);
    o.lifted_at = r.maybe_time(14);
    o.lifted_by = r.text(15);
    o.lift_reason = r.text(16);
    return o;
}

awaitable<result<opt_out>> sqlite_opt_out_store::find(std::int64_t id) {
    return worker_.call<opt_out>([id](database& db) { return read_opt_out(db, id); });
}

awaitable<result<std::vector<opt_out>>> sqlite_opt_out_store::list(opt_out_filter f) {
    return worker_.call<std::vector<opt_out>>(
        [f = std::move(f)](database& db) { return list_opt_outs(db, f); });
}

awaitable<result<opt_out_done>> sqlite_opt_out_store::add(std::string account, std::string contact,
                                                          std::string reason, std::string by) {
    return worker_.call<opt_out_done>(
        [account = std::move(account), contact = std::move(contact), reason = std::move(reason),
         by = std::move(by)](database& db) { return add_opt_out(db, account, contact, reason, by, now()); });
}

awaitable<result<opt_out>> sqlite_opt_out_store::lift(std::int64_t id, std::string reason, std::string by) {
    return worker_.call<opt_out>([id, reason = std::move(reason), by = std::move(by)](database& db) {
        return lift_opt_out(db, id, reason, by, now());
    });
}

}  // namespace kith::sqlite
