#include "daemon/store/sqlite/people.hpp"

#include "daemon/store/sqlite/tables.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kith::sqlite {

namespace json = boost::json;

namespace {

constexpr std::string_view all_users =
    "SELECT id, login, name, email, role, departments, accounts, language, theme, mail_about, disabled,"
    " version, created_at, signed_in_at, password, totp, totp_step,"
    " (SELECT COUNT(*) FROM recovery_codes WHERE user = users.id), issuer, subject, linked_at"
    " FROM users LEFT JOIN provider_links ON provider_links.user = id ORDER BY login";
constexpr std::string_view one_user =
    "SELECT id, login, name, email, role, departments, accounts, language, theme, mail_about, disabled,"
    " version, created_at, signed_in_at, password, totp, totp_step,"
    " (SELECT COUNT(*) FROM recovery_codes WHERE user = users.id), issuer, subject, linked_at"
    " FROM users LEFT JOIN provider_links ON provider_links.user = id WHERE id = ?";

user read_user(const rows& r) {
    user u;
    u.id = r.number(0);
    u.login = r.text(1);
    u.name = r.text(2);
    u.email = r.text(3);
    u.role = role_from(r.text(4)).value_or(role::viewer);
    u.departments = list_of(r.text(5));
    u.accounts = list_of(r.text(6));
    u.language = r.text(7);
    u.theme = r.text(8);
    u.mail_about = list_of(r.text(9));
    u.disabled = r.flag(10);
    u.version = r.number(11);
    u.created_at = r.time(12);
    u.signed_in_at = r.maybe_time(13);
    u.password = r.text(14);
    u.totp = r.text(15);
    u.totp_step = r.number(16);
    u.recovery_codes = r.number(17);
    u.linked_at = r.maybe_time(20);
    if (u.linked_at) {
        u.issuer = r.text(18);
        u.subject = r.text(19);
    }
    return u;
}

user find_user(database& db, std::int64_t id) {
    auto r = db.query(one_user, id);
    if (!r.next()) throw failure(fail(errc::not_found, "there is no user " + std::to_string(id)));
    return read_user(r);
}

void end_sessions(database& db, std::int64_t id, std::int64_t keep = 0) {
    db.run("DELETE FROM sessions WHERE user = ? AND id <> ?", id, keep);
}

/// All that acts for the user but the session `keep`: who has one of them and should not loses it.
void end_all(database& db, std::int64_t id, std::int64_t keep) {
    end_sessions(db, id, keep);
    db.run("DELETE FROM tokens WHERE user = ?", id);
    db.run("DELETE FROM links WHERE login = (SELECT login FROM users WHERE id = ?)", id);
}

/// Who could not be let in again by anybody else: the house must never be locked out of itself.
void keep_an_admin(database& db, std::int64_t besides) {
    auto r = db.query("SELECT 1 FROM users WHERE role = 'admin' AND disabled = 0 AND id <> ?", besides);
    if (!r.next())
        throw failure(fail(errc::conflict, "this is the last admin: make somebody else admin first"));
}

/// What became of whom, for the record: never a name or an address.
std::string in_words(const user& u) {
    std::string out = u.login + ": " + std::string(to_string(u.role));
    if (!u.departments.empty()) out += ", departments " + list_text(u.departments);
    if (!u.accounts.empty()) out += ", accounts " + list_text(u.accounts);
    if (u.disabled) out += ", disabled";
    return out;
}

}  // namespace

std::string list_text(const std::vector<std::string>& all) {
    return json::serialize(json::array(all.begin(), all.end()));
}

std::vector<std::string> list_of(const std::string& text) {
    std::vector<std::string> out;
    const auto list = json::parse(text);
    for (const auto& one : list.as_array()) out.emplace_back(one.as_string());
    return out;
}

std::vector<user> users(database& db) {
    std::vector<user> out;
    auto r = db.query(all_users);
    while (r.next()) out.push_back(read_user(r));
    return out;
}

user add_user(database& db, const user& u, const std::string& by, timestamp at) {
    if (db.run("INSERT INTO users (login, name, email, role, departments, accounts, created_at, password)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
               u.login, u.name, u.email, to_string(u.role), list_text(u.departments), list_text(u.accounts),
               at, u.password) == 0)
        throw failure(fail(errc::conflict, "there is a user '" + u.login + "' already"));
    auto made = find_user(db, db.last_id());
    note(db, at, by, "user-added", 0, 0, in_words(made));
    return made;
}

user change_user(database& db, std::int64_t id, std::int64_t version, const user_change& c,
                 const std::string& by, timestamp at) {
    auto u = find_user(db, id);
    if (u.version != version)
        throw failure(fail(errc::conflict, u.login + " changed meanwhile: you saw version " +
                                               std::to_string(version) + ", and it is version " +
                                               std::to_string(u.version) + " now; look at it again"));
    const auto before = in_words(u);
    const bool was_admin = u.role == role::admin && !u.disabled;
    const auto take = [](auto& into, const auto& from) {
        if (from) into = *from;
    };
    take(u.name, c.name);
    take(u.email, c.email);
    take(u.role, c.role);
    take(u.departments, c.departments);
    take(u.accounts, c.accounts);
    take(u.language, c.language);
    take(u.theme, c.theme);
    take(u.mail_about, c.mail_about);
    take(u.disabled, c.disabled);
    if (was_admin && (u.role != role::admin || u.disabled)) keep_an_admin(db, id);
    db.run(
        "UPDATE users SET name = ?, email = ?, role = ?, departments = ?, accounts = ?, language = ?,"
        " theme = ?, mail_about = ?, disabled = ?, version = version + 1 WHERE id = ?",
        u.name, u.email, to_string(u.role), list_text(u.departments), list_text(u.accounts), u.language,
        u.theme, list_text(u.mail_about), u.disabled, id);
    if (u.disabled) {
        end_sessions(db, id);
        db.run("DELETE FROM provider_links WHERE user = ?", id);
    }
    if (in_words(u) != before) note(db, at, by, "user-changed", 0, 0, in_words(u));
    return find_user(db, id);
}

user invite(database& db, std::int64_t id, const std::string& hash, timestamp until, const std::string& by,
            timestamp at) {
    const auto u = find_user(db, id);
    end_all(db, id, 0);
    db.run("DELETE FROM recovery_codes WHERE user = ?", id);
    db.run("DELETE FROM provider_links WHERE user = ?", id);
    db.run("UPDATE users SET password = '', totp = '', version = version + 1 WHERE id = ?", id);
    db.run(
        "INSERT INTO invitations (user, hash, until) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (user) DO UPDATE SET hash = ?2, until = ?3",
        id, hash, until);
    note(db, at, by, "user-invited", 0, 0, u.login);
    return find_user(db, id);
}

std::int64_t invited(database& db, const std::string& hash, timestamp at) {
    auto r = db.query(
        "SELECT user FROM invitations JOIN users ON users.id = user WHERE hash = ? AND until > ?"
        " AND disabled = 0",
        hash, at);
    if (!r.next())
        throw failure(fail(errc::not_found,
                           "this link is used up, too old or replaced by a newer one: ask for another"));
    return r.number(0);
}

user accept_invitation(database& db, const std::string& hash, const std::string& name,
                       const std::string& password, timestamp at) {
    const auto id = invited(db, hash, at);
    db.run("DELETE FROM invitations WHERE user = ?", id);
    end_all(db, id, 0);
    db.run(
        "UPDATE users SET password = ?1, name = CASE WHEN ?2 = '' THEN name ELSE ?2 END,"
        " version = version + 1 WHERE id = ?3",
        password, name, id);
    auto u = find_user(db, id);
    note(db, at, u.login, "user-set-up", 0, 0, u.login);
    return u;
}

user set_password(database& db, std::int64_t id, const std::string& old, const std::string& password,
                  std::int64_t keep, timestamp at) {
    if (db.run("UPDATE users SET password = ?, version = version + 1 WHERE id = ? AND password = ?", password,
               id, old) == 0)
        throw failure(fail(errc::refused, "your password was changed meanwhile: sign in again"));
    end_all(db, id, keep);
    auto u = find_user(db, id);
    note(db, at, u.login, "password-changed", 0, 0, u.login);
    return u;
}

user set_second_factor(database& db, std::int64_t id, const std::string& sealed, std::int64_t step,
                       const std::vector<std::string>& recovery_hashes, std::int64_t keep, timestamp at) {
    db.run("UPDATE users SET totp = ?, totp_step = ?, version = version + 1 WHERE id = ?", sealed, step, id);
    db.run("DELETE FROM recovery_codes WHERE user = ?", id);
    for (const auto& hash : recovery_hashes)
        db.run("INSERT INTO recovery_codes (user, hash) VALUES (?, ?)", id, hash);
    end_all(db, id, keep);
    auto u = find_user(db, id);
    note(db, at, u.login, "second-factor-set", 0, 0, u.login);
    return u;
}

user take_step(database& db, std::int64_t id, std::int64_t step) {
    if (db.run("UPDATE users SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1", step, id) == 0)
        throw failure(fail(errc::refused, "this code was used before: wait for the next"));
    return find_user(db, id);
}

user take_recovery_code(database& db, std::int64_t id, const std::string& hash, timestamp at) {
    if (db.run("DELETE FROM recovery_codes WHERE user = ? AND hash = ?", id, hash) == 0)
        throw failure(fail(errc::refused, "this is none of your recovery codes, or it was used before"));
    auto u = find_user(db, id);
    note(db, at, u.login, "recovery-code-used", 0, 0,
         u.login + ": " + std::to_string(u.recovery_codes) + " left");
    return u;
}

user link(database& db, std::int64_t id, std::int64_t session, const std::string& issuer,
          const std::string& subject, const std::string& by, timestamp at) {
    const auto u = find_user(db, id);
    if (!db.query("SELECT 1 FROM sessions WHERE id = ? AND user = ? AND second = 'done'", session, id).next())
        throw failure(fail(errc::refused, "the session that wanted the link has ended"));
    if (u.linked_at) throw failure(fail(errc::conflict, u.login + " is linked already: unlink that first"));
    if (db.run("INSERT INTO provider_links (user, issuer, subject, linked_at) VALUES (?, ?, ?, ?)"
               " ON CONFLICT DO NOTHING",
               id, issuer, subject, at) == 0)
        throw failure(fail(errc::conflict, "this account of the provider is linked to somebody else"));
    db.run("UPDATE users SET version = version + 1 WHERE id = ?", id);
    note(db, at, by, "provider-linked", 0, 0, u.login + ": " + issuer);
    return find_user(db, id);
}

user unlink(database& db, std::int64_t id, std::int64_t keep, const std::string& by, timestamp at) {
    const auto u = find_user(db, id);
    if (db.run("DELETE FROM provider_links WHERE user = ?", id) == 0)
        throw failure(fail(errc::conflict, u.login + " is not linked"));
    db.run("UPDATE users SET version = version + 1 WHERE id = ?", id);
    end_sessions(db, id, keep);
    note(db, at, by, "provider-unlinked", 0, 0, u.login + ": " + u.issuer);
    return find_user(db, id);
}

}  // namespace kith::sqlite
