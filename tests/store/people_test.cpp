// Users, sessions and tokens, as the store keeps them.
#include "daemon/store/sqlite/people.hpp"

#include "daemon/store/sqlite/audit.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace kith::sqlite {
namespace {

using namespace std::chrono_literals;

class people_table : public ::testing::Test {
 protected:
    people_table() { migrate(db); }
    user add(const std::string& login, role r = role::viewer) {
        user u;
        u.login = login;
        u.name = login;
        u.role = r;
        return add_user(db, u, "root", at);
    }
    user change(const user& u, const user_change& c) {
        return change_user(db, u.id, u.version, c, "root", at);
    }
    user_session begin(const user& u, second_factor second = second_factor::done, std::int64_t instead = 0) {
        user_session s;
        s.user = u.id;
        s.hash = "hash " + std::to_string(++made_);
        s.second = second;
        s.began = s.used = at;
        return begin_session(db, s, instead);
    }
    std::vector<std::string> acts() {
        std::vector<std::string> out;
        for (const auto& e : record_entries(db, 0, 100, true))
            out.push_back(e.actor + " " + e.act + " " + e.detail.value().detail);
        return out;
    }
    template <class F>
    std::string said(F f) {
        try {
            f();
        } catch (const failure& e) {
            return e.what();
        }
        return "";
    }
    database db{":memory:"};
    timestamp at = *from_rfc3339("2026-11-23T12:00:00Z");
    int made_ = 0;
};

TEST_F(people_table, a_login_is_there_once_whatever_its_case) {
    const auto ann = add("Ann", role::admin);
    EXPECT_EQ(ann.login, "Ann");
    EXPECT_EQ(ann.version, 1);
    EXPECT_EQ(said([&] { add("aNN"); }), "there is a user 'aNN' already");
    EXPECT_EQ(users(db).size(), 1U);
    EXPECT_EQ(acts(), std::vector<std::string>{"root user-added Ann: admin"});
}

TEST_F(people_table, a_change_keeps_what_it_does_not_name_and_needs_the_version_that_was_seen) {
    add("root-admin", role::admin);
    const auto ann = add("ann");
    user_change c;
    c.departments = {"support", "a\"b"};
    c.role = role::approver;
    const auto changed = change(ann, c);
    EXPECT_EQ(changed.name, "ann");
    EXPECT_EQ(changed.departments, (std::vector<std::string>{"support", "a\"b"}));
    EXPECT_EQ(changed.role, role::approver);
    EXPECT_EQ(changed.version, 2);
    EXPECT_NE(said([&] { change(ann, c); }).find("you saw version 1, and it is version 2"),
              std::string::npos);
    user_change looks;
    looks.theme = "dark";
    change(changed, looks);
    EXPECT_EQ(acts().back(), "root user-changed ann: approver, departments [\"support\",\"a\\\"b\"]")
        << "how it looks is nobody's business";
}

TEST_F(people_table, the_last_admin_stays_one) {
    const auto ann = add("ann", role::admin), bob = add("bob", role::admin);
    user_change off, lower;
    off.disabled = true;
    lower.role = role::lead;
    change(bob, off);
    EXPECT_NE(said([&] { change(ann, off); }).find("last admin"), std::string::npos);
    EXPECT_NE(said([&] { change(ann, lower); }).find("last admin"), std::string::npos);
}

TEST_F(people_table, while_there_is_no_admin_others_can_still_be_changed) {
    user_change c;
    c.role = role::lead;
    EXPECT_EQ(change(add("ann"), c).role, role::lead);
}

TEST_F(people_table, an_invitation_is_good_once_until_its_time_and_takes_everything_away) {
    const auto ann = add("ann");
    set_password(db, ann.id, "", "argon", 0, at);
    set_second_factor(db, ann.id, "sealed", 5, {"r1", "r2"}, 0, at);
    begin(ann);
    user_token t;
    t.user = ann.id;
    t.hash = "t";
    add_token(db, t, "ann", at);
    const auto invited_ann = invite(db, ann.id, "link", at + 1h, "root", at);
    EXPECT_EQ(invited_ann.password + invited_ann.totp, "");
    EXPECT_EQ(invited_ann.recovery_codes, 0);
    EXPECT_TRUE(sessions(db).empty());
    EXPECT_TRUE(tokens(db).empty());
    EXPECT_NE(said([&] { invited(db, "other", at); }), "");
    EXPECT_NE(said([&] { invited(db, "link", at + 1h); }), "");
    EXPECT_EQ(invited(db, "link", at + 1h - 1us), ann.id);
    begin(ann);  // of somebody who was on the way in when the invitation was made
    t.hash = "t2";
    add_token(db, t, "ann", at);
    const auto in = accept_invitation(db, "link", "Ann", "argon2", at);
    EXPECT_TRUE(sessions(db).empty());
    EXPECT_TRUE(tokens(db).empty());
    EXPECT_EQ(in.name, "Ann");
    EXPECT_EQ(in.password, "argon2");
    EXPECT_NE(said([&] { accept_invitation(db, "link", "", "x", at); }), "");
}

TEST_F(people_table, a_newer_invitation_voids_the_older_and_none_is_for_who_is_disabled) {
    add("root-admin", role::admin);
    const auto ann = add("ann");
    invite(db, ann.id, "first", at + 1h, "root", at);
    const auto again = invite(db, ann.id, "second", at + 1h, "root", at);
    EXPECT_NE(said([&] { invited(db, "first", at); }), "");
    EXPECT_EQ(invited(db, "second", at), ann.id);
    user_change off;
    off.disabled = true;
    change(again, off);
    EXPECT_NE(said([&] { invited(db, "second", at); }), "");
}

TEST_F(people_table, a_code_and_a_recovery_code_are_taken_once) {
    const auto ann = add("ann"), bob = add("bob");
    set_second_factor(db, ann.id, "sealed", 10, {"r1", "r2"}, 0, at);
    EXPECT_NE(said([&] { take_step(db, ann.id, 10); }), "");
    EXPECT_EQ(take_step(db, ann.id, 11).totp_step, 11);
    EXPECT_NE(said([&] { take_step(db, ann.id, 11); }), "");
    EXPECT_NE(said([&] { take_recovery_code(db, bob.id, "r1", at); }), "");
    EXPECT_EQ(take_recovery_code(db, ann.id, "r1", at).recovery_codes, 1);
    EXPECT_NE(said([&] { take_recovery_code(db, ann.id, "r1", at); }), "");
    user_token t;
    t.user = ann.id;
    t.hash = "t";
    add_token(db, t, "ann", at);
    set_second_factor(db, ann.id, "sealed", 12, {"r3"}, 0, at);
    EXPECT_TRUE(tokens(db).empty()) << "what a thief may have made";
    EXPECT_NE(said([&] { take_recovery_code(db, ann.id, "r2", at); }), "") << "those of before are void";
}

TEST_F(people_table, sessions_end_by_themselves_with_a_password_and_with_who_is_disabled) {
    add("root-admin", role::admin);
    const auto ann = add("ann"), bob = add("bob");
    const auto first = begin(ann), half = begin(ann, second_factor::needed);
    begin(bob);
    const auto whole = begin(ann, second_factor::done, half.id);
    EXPECT_EQ(sessions(db).size(), 3U) << "each step is in the place of the one before";
    EXPECT_NE(said([&] { begin(ann, second_factor::done, half.id); }), "") << "nor of one that has ended";
    EXPECT_EQ(sessions(db).size(), 3U);
    EXPECT_NE(said([&] { set_password(db, ann.id, "another", "argon", whole.id, at); }), "")
        << "it was changed since the old one was looked at";
    EXPECT_EQ(sessions(db).size(), 3U);
    set_password(db, ann.id, "", "argon", whole.id, at);
    ASSERT_EQ(sessions(db).size(), 2U);
    EXPECT_EQ(sessions(db)[1].id, whole.id);
    EXPECT_EQ(sessions(db)[1].second, second_factor::done);
    user_change off;
    off.disabled = true;
    change(users(db)[0], off);
    EXPECT_EQ(sessions(db).size(), 1U);
    note_used(db, {{sessions(db)[0].id, at + 1h}}, {});
    forget_sessions(db, at, at + 1h);
    EXPECT_EQ(sessions(db).size(), 1U);
    forget_sessions(db, at, at + 1h + 1us);
    EXPECT_TRUE(sessions(db).empty());
    EXPECT_EQ(first.user, ann.id);
}

TEST_F(people_table, tokens_keep_their_scopes_and_when_they_were_used) {
    user_token t;
    t.user = add("ann").id;
    t.name = "nightly";
    t.hash = "h";
    t.scopes = {"read", "queue"};
    t.expires_at = at + 24h;
    const auto made = add_token(db, t, "ann", at);
    note_used(db, {}, {{made.id, at + 1h}});
    ASSERT_EQ(tokens(db).size(), 1U);
    EXPECT_EQ(tokens(db)[0].scopes, t.scopes);
    EXPECT_EQ(tokens(db)[0].used_at, at + 1h);
    EXPECT_EQ(tokens(db)[0].expires_at, at + 24h);
    remove_token(db, made.id, "ann", at);
    EXPECT_NE(said([&] { remove_token(db, made.id, "ann", at); }), "");
}

TEST(people_migration, the_one_operator_of_before_keeps_the_password_and_is_an_admin) {
    database old(":memory:");
    std::ifstream in(std::string(KITH_SOURCE_DIR) + "/tests/store/frozen/0001.sql");
    old.script({std::istreambuf_iterator<char>(in), {}});
    old.run("INSERT OR REPLACE INTO settings (name, value) VALUES ('console.password', '$argon2id$x')");
    migrate(old);
    const auto all = users(old);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].login, "operator");
    EXPECT_EQ(all[0].role, role::admin);
    EXPECT_EQ(all[0].password, "$argon2id$x");
    EXPECT_EQ(all[0].totp, "") << "and sets up a second factor at the next sign-in";
    auto left = old.query("SELECT 1 FROM settings WHERE name = 'console.password'");
    EXPECT_FALSE(left.next());
}

TEST_F(people_table, a_provider_speaks_for_one_user_until_it_does_not) {
    add("root-admin", role::admin);
    const auto ann = add("ann"), bob = add("bob");
    const auto kept = begin(ann), bobs = begin(bob), half = begin(ann, second_factor::needed);
    for (const auto& not_theirs : {bobs.id, half.id, std::int64_t{999}})
        EXPECT_EQ(said([&] { link(db, ann.id, not_theirs, "https://sso.example", "7", "ann", at); }),
                  "the session that wanted the link has ended");
    const auto linked = link(db, ann.id, kept.id, "https://sso.example", "7", "ann", at);
    EXPECT_EQ(linked.issuer, "https://sso.example");
    EXPECT_EQ(linked.subject, "7");
    EXPECT_EQ(linked.linked_at, at);
    EXPECT_EQ(linked.version, 2);
    EXPECT_EQ(said([&] { link(db, ann.id, kept.id, "https://sso.example", "8", "ann", at); }),
              "ann is linked already: unlink that first");
    EXPECT_EQ(said([&] { link(db, bob.id, bobs.id, "https://sso.example", "7", "bob", at); }),
              "this account of the provider is linked to somebody else");
    EXPECT_EQ(link(db, bob.id, bobs.id, "https://other.example", "7", "bob", at).subject, "7")
        << "who is another";
    const auto unlinked = unlink(db, ann.id, kept.id, "root", at);
    EXPECT_FALSE(unlinked.linked_at);
    EXPECT_EQ(unlinked.issuer, "");
    ASSERT_EQ(sessions(db).size(), 2U);
    EXPECT_EQ(sessions(db)[0].id, kept.id);
    EXPECT_EQ(sessions(db)[1].id, bobs.id);
    EXPECT_EQ(said([&] { unlink(db, ann.id, 0, "root", at); }), "ann is not linked");
    const auto all = acts();
    EXPECT_NE(std::find(all.begin(), all.end(), "ann provider-linked ann: https://sso.example"), all.end());
    EXPECT_NE(std::find(all.begin(), all.end(), "root provider-unlinked ann: https://sso.example"),
              all.end());
}

TEST_F(people_table, a_reset_and_disabling_end_the_link_to_a_provider) {
    add("root-admin", role::admin);
    const auto ann = add("ann");
    link(db, ann.id, begin(ann).id, "https://sso.example", "7", "ann", at);
    EXPECT_FALSE(invite(db, ann.id, "hash", at + 1h, "root", at).linked_at);
    const auto again = link(db, ann.id, begin(ann).id, "https://sso.example", "7", "ann", at);
    user_change off;
    off.disabled = true;
    EXPECT_FALSE(change(again, off).linked_at);
}

TEST_F(people_table, a_session_says_when_its_second_factor_was_shown) {
    const auto ann = add("ann");
    user_session s;
    s.user = ann.id;
    s.hash = "h";
    s.proved = at;
    s.began = s.used = at;
    begin_session(db, s, 0);
    begin(ann);
    ASSERT_EQ(sessions(db).size(), 2U);
    EXPECT_EQ(sessions(db)[0].proved, at);
    EXPECT_EQ(sessions(db)[1].proved, timestamp{});
}

}  // namespace
}  // namespace kith::sqlite
