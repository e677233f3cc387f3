#include "daemon/store/sqlite/opt_outs.hpp"

#include "daemon/model/sha256.hpp"
#include "daemon/store/sqlite/relations.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace kith::sqlite {
namespace {

using namespace std::chrono_literals;
using test::sample_message;

const timestamp noon = from_rfc3339("2026-11-23T12:00:00Z").value();

class opt_outs : public ::testing::Test {
 protected:
    void SetUp() override { migrate(db_); }

    /// As ingest gives it: the message, and what was heard in it.
    changes hear(std::vector<event> events, timestamp at = noon) {
        batch b;
        b.events = std::move(events);
        return accept(db_, "acc", b, at).changes;
    }
    changes say(const std::string& id, const std::string& author = "ann", timestamp at = noon) {
        return hear({message_seen{written(id, author, at)}}, at);
    }
    changes stop(const std::string& id, const std::string& author = "ann", timestamp at = noon) {
        return hear({message_seen{written(id, author, at)}, contact_opted_out{author, id, "stop", "en"}}, at);
    }
    changes go_on(const std::string& id, const std::string& author = "ann", timestamp at = noon) {
        return hear({message_seen{written(id, author, at)}, contact_opted_in{author, id}}, at);
    }
    static message written(const std::string& id, const std::string& author, timestamp at) {
        auto m = sample_message(id, "text of " + id, author);
        m.written_at = at;
        return m;
    }
    std::int64_t number(const std::string& id) { return message_number(db_, id); }
    std::int64_t suggest(const std::string& id) {
        const auto m = read_message(db_, number(id));
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        j.suggestions = {test::sample_suggestion(m)};
        const auto made = judge(db_, j, noon);
        return made.empty() ? 0 : made[0].suggestion_id;
    }
    suggestion_state state(std::int64_t id) { return read_suggestion(db_, id).state; }
    std::int64_t approved(std::int64_t id) {
        approve(db_, id, read_suggestion(db_, id).hash, "person", noon);
        return due_deliveries(db_, "acc", noon, 10).back().id;
    }
    std::int64_t contact(const std::string& author) {
        auto r = db_.query("SELECT id FROM contacts WHERE identity = ? ORDER BY id DESC", author);
        r.next();
        return r.number(0);
    }
    bool out(const std::string& author = "ann") { return opted_out(db_, contact(author)); }
    std::vector<opt_out> all() {
        opt_out_filter f;
        f.which = opt_out_filter::state::all;
        return list_opt_outs(db_, f);
    }
    errc refusal(std::int64_t delivery) {
        try {
            begin_attempt(db_, delivery, prepared_reply{}, noon);
        } catch (const failure& f) {
            return f.why().kind;
        }
        ADD_FAILURE() << "this should have been refused";
        return errc::transient;
    }

    database db_{":memory:"};
};

TEST_F(opt_outs, withdraw_what_is_open_and_approved_for_the_contact_and_nothing_else) {
    say("m1");
    say("m2");
    say("m3", "bob");
    const auto open = suggest("m1"), sure = suggest("m2"), other = suggest("m3");
    const auto delivery = approved(sure);
    EXPECT_EQ(stop("m4").size(), 2U);
    EXPECT_EQ(state(open), suggestion_state::withdrawn);
    EXPECT_EQ(state(sure), suggestion_state::withdrawn);
    EXPECT_EQ(state(other), suggestion_state::open);
    EXPECT_EQ(refusal(delivery), errc::conflict);
    EXPECT_TRUE(out("ann"));
    EXPECT_FALSE(out("bob"));
    EXPECT_EQ(read_suggestion(db_, open).reason, "the contact asked us to stop");
}

TEST_F(opt_outs, leave_the_message_unjudged_and_its_trace_says_why) {
    say("m1");
    stop("m2");
    EXPECT_TRUE(unjudged(db_, "acc", noon, 10).empty()) << "the one before it waited too, and waits no more";
    const auto h = history(db_, number("m2"));
    ASSERT_EQ(h.traces.size(), 1U);
    EXPECT_NE(h.traces[0].find("the contact asked us to stop: 'stop'"), std::string::npos) << h.traces[0];
    EXPECT_EQ(history(db_, number("m1")).traces.size(), 1U);
}

TEST_F(opt_outs, let_nothing_be_suggested_afterwards) {
    stop("m1");
    say("m2");
    EXPECT_EQ(suggest("m2"), 0);
    EXPECT_EQ(history(db_, number("m2")).record.back().act, "no suggestion");
    say("m3", "bob");
    EXPECT_NE(suggest("m3"), 0);
}

TEST_F(opt_outs, let_no_other_attempt_follow_the_one_under_way) {
    say("m1");
    const auto id = suggest("m1");
    const auto delivery = approved(id);
    begin_attempt(db_, delivery, prepared_reply{"bytes", "ours"}, noon);
    stop("m2");
    EXPECT_EQ(state(id), suggestion_state::sending) << "it may be on the platform by now";
    end_attempt(db_, delivery, outcome{outcome::kind::retry, {}, "timed out", noon, true}, noon);
    EXPECT_EQ(refusal(delivery), errc::refused);
    withdraw(db_, delivery, "the contact asked us to stop", noon);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
}

TEST_F(opt_outs, end_an_attempt_that_failed_for_certain) {
    say("m1");
    const auto id = suggest("m1");
    const auto delivery = approved(id);
    begin_attempt(db_, delivery, prepared_reply{"bytes", "ours"}, noon);
    stop("m2");
    end_attempt(db_, delivery, outcome{outcome::kind::retry, {}, "down", noon, false}, noon);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    EXPECT_TRUE(due_deliveries(db_, "acc", noon, 10).empty());
}

TEST_F(opt_outs, put_nothing_back_into_the_queue) {
    say("m1");
    const auto id = suggest("m1");
    const auto delivery = approved(id);
    begin_attempt(db_, delivery, prepared_reply{"bytes", "ours"}, noon);
    stop("m2");
    const auto s = read_suggestion(db_, id);
    give_back(db_, delivery, s.basis, s.verdict, {}, {"the thread went on"}, noon);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
}

TEST_F(opt_outs, are_lifted_by_what_was_said_after_them_and_not_by_what_was_said_before) {
    stop("m1", "ann", noon);
    go_on("m2", "ann", noon - 1us);
    EXPECT_TRUE(out());
    go_on("m3", "ann", noon);
    EXPECT_FALSE(out());
    EXPECT_EQ(all().at(0).lifted_by, "contact");
    say("m4");
    EXPECT_NE(suggest("m4"), 0);
}

TEST_F(opt_outs, are_not_noted_again_when_the_platform_repeats_itself) {
    stop("m1");
    go_on("m2");
    stop("m1");
    EXPECT_FALSE(out());
    stop("m3", "ann", noon + 1s);
    go_on("m2", "ann", noon + 2s);
    EXPECT_TRUE(out()) << "m2 was said before m3, however often we hear it";
}

TEST_F(opt_outs, are_heard_in_an_edit) {
    say("m1");
    auto m = written("m1", "ann", noon);
    m.revision = "2";
    hear({message_seen{m}, contact_opted_out{"ann", "m1", "stop", "en"}});
    EXPECT_TRUE(out());
}

TEST_F(opt_outs, come_from_blocks_and_reports_once) {
    say("m1");
    const auto id = suggest("m1");
    hear({contact_reported{"ann"}});
    hear({contact_reported{"ann"}});
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].how, "report");
    hear({contact_blocked{"bob"}});
    hear({contact_blocked{"bob"}});
    EXPECT_EQ(all().size(), 2U);
    EXPECT_TRUE(out("bob"));
    go_on("m2", "bob");
    EXPECT_FALSE(out("bob")) << "who asks us to write again has taken the block back";
}

TEST_F(opt_outs, hold_although_the_contact_is_forgotten) {
    stop("m1");
    db_.run("UPDATE contacts SET identity = 'nobody', handle = '' WHERE identity = 'ann'");
    say("m2", "ann");
    EXPECT_TRUE(out("ann"));
    EXPECT_EQ(suggest("m2"), 0);
}

TEST_F(opt_outs, hold_for_each_identity_of_a_person_who_is_forgotten) {
    say("m1", "ann");
    say("m2", "ann-elsewhere");
    say("m3", "bob");
    db_.run("UPDATE contacts SET person = ? WHERE identity = 'ann-elsewhere'", contact("ann"));
    stop("m4", "ann");
    forget(db_, contact("ann"), "op", noon);
    forget(db_, contact("bob"), "op", noon);
    say("m5", "ann-elsewhere", noon + 1h);
    EXPECT_TRUE(out("ann-elsewhere")) << "they had asked as ann";
    EXPECT_EQ(suggest("m5"), 0);
    say("m6", "ann", noon + 1h);
    EXPECT_TRUE(out("ann"));
    say("m7", "bob", noon + 1h);
    EXPECT_FALSE(out("bob")) << "who never asked";
    go_on("m8", "ann-elsewhere", noon + 2h);
    EXPECT_FALSE(out("ann-elsewhere")) << "they can take it back";
    EXPECT_TRUE(out("ann")) << "nobody knows any more that they are one";
}

TEST_F(opt_outs, of_old_hold_although_the_contact_is_forgotten) {
    say("m1");
    db_.run(
        "INSERT INTO opt_outs (contact, account, identity_hash, how, asked_at, noted_at)"
        " VALUES (?, 'acc', '', 'block', ?2, ?2)",
        contact("ann"), noon);
    forget(db_, contact("ann"), "op", noon);
    say("m2", "ann", noon + 1h);
    EXPECT_TRUE(out());
}

TEST_F(opt_outs, do_not_let_anybody_find_a_name_by_its_hash) {
    stop("m1");
    auto r = db_.query("SELECT identity_hash FROM opt_outs");
    ASSERT_TRUE(r.next());
    EXPECT_EQ(r.text(0).size(), 64U);
    EXPECT_NE(r.text(0), sha256_hex("acc\nann")) << "whoever guesses the name must have the key, too";
}

TEST_F(opt_outs, are_noted_and_lifted_by_people) {
    say("m1");
    const auto id = suggest("m1");
    const auto done = add_opt_out(db_, "acc", "@ann", "by phone", "paula", noon);
    EXPECT_EQ(done.changes.size(), 1U);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    EXPECT_EQ(done.what.noted_by, "paula");
    EXPECT_THROW(add_opt_out(db_, "acc", "ann", "by phone", "paula", noon), failure);
    EXPECT_THROW(add_opt_out(db_, "acc", "zoe", "by phone", "paula", noon), failure);
    stop("m2");
    EXPECT_EQ(lift_opt_out(db_, done.what.id, "by letter", "paul", noon).lifted_by, "paul");
    EXPECT_FALSE(out()) << "all that is in force for the contact is lifted";
    EXPECT_THROW(lift_opt_out(db_, done.what.id, "again", "paul", noon), failure);
    EXPECT_THROW(lift_opt_out(db_, 99, "none", "paul", noon), failure);
}

TEST_F(opt_outs, are_listed_newest_first_and_page_by_page) {
    for (const char* who : {"a", "b", "c"}) stop(std::string("m-") + who, who);
    lift_opt_out(db_, 2, "by letter", "paul", noon);
    opt_out_filter f;
    ASSERT_EQ(list_opt_outs(db_, f).size(), 2U);
    EXPECT_EQ(list_opt_outs(db_, f)[0].who.id, "c");
    f.which = opt_out_filter::state::lifted;
    EXPECT_EQ(list_opt_outs(db_, f).at(0).who.id, "b");
    f.which = opt_out_filter::state::all;
    f.most = 2;
    f.before = 3;
    EXPECT_EQ(list_opt_outs(db_, f).size(), 2U);
    f.account = "other";
    EXPECT_TRUE(list_opt_outs(db_, f).empty());
}

TEST_F(opt_outs, leave_no_word_or_name_in_the_record) {
    say("m1");
    suggest("m1");
    stop("m2");
    go_on("m3");
    auto r = db_.query("SELECT detail FROM record_details");
    while (r.next())
        for (const char* word : {"ann", "text of", "'stop'"})
            EXPECT_EQ(r.text(0).find(word), std::string::npos) << r.text(0);
}

TEST(opt_outs_of_old, are_the_blocks_that_were_there) {
    database db(":memory:");
    db.script(
        std::string(migrations()[0].content) +
        "; PRAGMA user_version = 1; INSERT INTO contacts (id, account, identity, blocked_at, first_seen_at,"
        " last_seen_at) VALUES (1, 'acc', 'ann', 5, 1, 5), (2, 'acc', 'bob', NULL, 1, 5)");
    migrate(db);
    EXPECT_TRUE(opted_out(db, 1));
    EXPECT_FALSE(opted_out(db, 2));
    EXPECT_EQ(list_opt_outs(db, {}).at(0).how, "block");
}

}  // namespace
}  // namespace kith::sqlite
