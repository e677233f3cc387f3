// Stopped means: nothing begins. Each rule from both sides.
#include "tests/store/decisions.hpp"

namespace kith::sqlite {
namespace {

class brake_table : public test::decisions {
 protected:
    void stop(const std::string& scope) { sqlite::stop(db, scope, "a reason", "bob", next()); }
    void resume(const std::string& scope) { sqlite::resume(db, scope, "", "bob", next()); }
    std::string begun(const delivery& d) {
        return said([&] { begin(d); });
    }
};

TEST_F(brake_table, each_scope_refuses_the_intent_and_no_other_does) {
    const auto id = suggest("m1");
    approve(id);
    const auto d = due().at(0);
    for (const std::string scope : {"all", "account acc", "playbook sign-in-trouble"}) {
        stop(scope);
        EXPECT_EQ(begun(d), "sending is stopped: " + scope + ": a reason");
        EXPECT_TRUE(due().empty()) << scope;
        EXPECT_EQ(find(id).state, suggestion_state::approved) << "it stays as it is";
        resume(scope);
        EXPECT_EQ(due().size(), 1U) << scope;
    }
    for (const std::string scope : {"account ac", "account other", "playbook sign-in"}) stop(scope);
    EXPECT_EQ(due().size(), 1U);
    EXPECT_EQ(begun(d), "");
}

TEST_F(brake_table, what_may_have_been_posted_is_looked_up_and_not_begun_again) {
    const auto id = suggest("m1");
    approve(id);
    const auto d = due().at(0);
    begin(d);
    stop("all");
    ASSERT_EQ(due().size(), 1U);
    EXPECT_TRUE(due()[0].attempt_open);
    EXPECT_NE(begun(d).find("sending is stopped"), std::string::npos);
}

TEST_F(brake_table, after_a_resume_what_was_put_off_for_it_goes_on_at_once_and_nothing_else) {
    const auto first = suggest("m1"), second = suggest("m2");
    approve(first);
    approve(second);
    const auto later = at + std::chrono::hours{3};
    const auto all = due();
    ASSERT_EQ(all.size(), 2U);
    stop("all");
    postpone(db, all[0].id, later, begun(all[0]));
    postpone(db, all[1].id, later, "limited: too many requests");
    resume("all");
    const auto now_due = due_deliveries(db, "acc", at, 10);
    ASSERT_EQ(now_due.size(), 1U);
    EXPECT_EQ(now_due[0].id, all[0].id);
}

TEST_F(brake_table, the_list_for_an_account_leaves_out_other_accounts) {
    stop("account acc");
    stop("account other");
    stop("playbook x");
    EXPECT_EQ(stopped(db, "acc"), (std::vector<std::string>{"account acc", "playbook x"}));
    stop("all");
    EXPECT_EQ(stopped(db, "acc").front(), "account acc");
    EXPECT_EQ(stopped(db, "acc").size(), 3U);
}

TEST_F(brake_table, a_second_stop_keeps_the_first_reason_and_a_second_resume_says_so) {
    stop("all");
    sqlite::stop(db, "all", "another", "ann", next());
    ASSERT_EQ(brakes(db).size(), 1U);
    EXPECT_EQ(brakes(db)[0].reason, "a reason");
    EXPECT_EQ(brakes(db)[0].by, "bob");
    resume("all");
    EXPECT_EQ(said([&] { resume("all"); }), "all is not stopped: kith status lists what is");
    EXPECT_EQ(acts(), (std::vector<std::string>{"bob paused", "bob resumed"}));
}

TEST_F(brake_table, a_paused_playbook_suggests_nothing_new_and_keeps_what_is_open) {
    const auto before = suggest("m1");
    stop("playbook sign-in-trouble");
    EXPECT_EQ(find(before).state, suggestion_state::open);
    EXPECT_EQ(suggest("m2"), 0);
    EXPECT_NE(suggest(receive("m3"), decision::allow, "billing"), 0);
    resume("playbook sign-in-trouble");
    EXPECT_NE(suggest("m4"), 0);
}

TEST_F(brake_table, a_playbook_over_its_rejections_is_paused_by_itself_with_the_reason) {
    set_bounds(db, {{50, 4}, {100, 1}, {100, 1}});
    approve(suggest("m1"));
    reject(suggest("m2"));
    reject(suggest("m3"));
    EXPECT_TRUE(brakes(db).empty()) << "two of the last four are half, not more";
    reject(suggest("m4"));
    ASSERT_EQ(brakes(db).size(), 1U);
    EXPECT_EQ(brakes(db)[0].scope, "playbook sign-in-trouble");
    EXPECT_EQ(brakes(db)[0].by, "kith");
    EXPECT_EQ(brakes(db)[0].reason, "3 rejections among its last 4 decisions, more than 50%");
    EXPECT_EQ(acts().back(), "kith paused");
}

TEST_F(brake_table, only_the_newest_decisions_count) {
    set_bounds(db, {{50, 4}, {100, 1}, {100, 1}});
    int n = 0;
    const auto one = [&](bool good) {
        const auto id = suggest("m" + std::to_string(++n));
        if (good)
            approve(id);
        else
            reject(id);
    };
    for (const bool good : {false, false, true, true, false, false, true, true}) one(good);
    EXPECT_TRUE(brakes(db).empty());
    one(false);
    one(false);
    EXPECT_TRUE(brakes(db).empty());
    one(false);
    EXPECT_EQ(brakes(db).size(), 1U);
}

TEST_F(brake_table, one_playbooks_rejections_do_not_count_against_another) {
    set_bounds(db, {{50, 2}, {100, 1}, {100, 1}});
    reject(suggest(receive("m1"), decision::allow, "a"));
    reject(suggest(receive("m2"), decision::allow, "b"));
    EXPECT_TRUE(brakes(db).empty());
    reject(suggest(receive("m3"), decision::allow, "a"));
    EXPECT_EQ(stopped(db, "acc"), std::vector<std::string>{"playbook a"});
}

TEST_F(brake_table, after_a_persons_resume_it_starts_from_nothing) {
    set_bounds(db, {{50, 2}, {100, 1}, {100, 1}});
    reject(suggest("m1"));
    reject(suggest("m2"));
    ASSERT_EQ(brakes(db).size(), 1U);
    resume("playbook sign-in-trouble");
    reject(suggest("m3"));
    EXPECT_TRUE(brakes(db).empty());
    reject(suggest("m4"));
    EXPECT_EQ(brakes(db).size(), 1U);
}

TEST_F(brake_table, opt_outs_and_blocks_count_against_the_playbook_that_answered_last) {
    set_bounds(db, {{100, 1}, {100, 1}, {50, 2}});
    post(suggest(receive("m1", "ann"), decision::allow, "a"));
    post(suggest(receive("m2", "ann"), decision::allow, "b"));
    post(suggest(receive("m3", "cid"), decision::allow, "b"));
    mark_answerable(db, 1, "opt-out", next());
    EXPECT_TRUE(brakes(db).empty());
    accept(db, "acc", test::batch_of(contact_blocked{"cid"}), next());
    EXPECT_EQ(stopped(db, "acc"), std::vector<std::string>{"playbook b"});
}

TEST_F(brake_table, an_opt_out_of_somebody_whom_we_never_answered_counts_for_nothing) {
    set_bounds(db, {{0, 1}, {0, 1}, {0, 1}});
    suggest("m1");
    accept(db, "acc", test::batch_of(contact_blocked{"ann"}), next());
    EXPECT_TRUE(brakes(db).empty());
}

TEST_F(brake_table, who_has_left_already_cannot_be_driven_away_again) {
    set_bounds(db, {{100, 1}, {100, 1}, {50, 2}});
    const auto marks = [&] {
        auto r = db.query("SELECT COUNT(*) FROM playbook_marks WHERE mark = 'opt-out'");
        r.next();
        return r.number(0);
    };
    post(suggest(receive("m1", "ann")));
    accept(db, "acc", test::batch_of(contact_reported{"ann"}), next());
    EXPECT_EQ(marks(), 1);
    accept(db, "acc", test::batch_of(contact_blocked{"ann"}), next());
    batch stop;
    stop.events = {message_seen{test::sample_message("m2", "stop")},
                   contact_opted_out{"ann", "m2", "stop", "en"}};
    accept(db, "acc", stop, next());
    EXPECT_EQ(marks(), 1);
    post(suggest(receive("m3", "bob")));
    accept(db, "acc", test::batch_of(contact_blocked{"bob"}), next());
    EXPECT_EQ(marks(), 2) << "a block is an opt-out like any other";
}

TEST_F(brake_table, one_reply_is_complained_of_once) {
    set_bounds(db, {{100, 1}, {100, 1}, {100, 1}});
    const auto marks = [&] {
        auto r = db.query("SELECT COUNT(*) FROM playbook_marks WHERE mark = 'complaint'");
        r.next();
        return r.number(0);
    };
    const auto complain = [&](const std::string& id) {
        auto m = test::sample_message(id, "terrible");
        m.thread_id = "t-m1";
        batch b;
        b.events = {message_seen{m}, contact_complained{"ann", id}};
        accept(db, "acc", b, next());
    };
    post(suggest(receive("m1", "ann")));
    complain("m2");
    complain("m3");
    EXPECT_EQ(marks(), 1);
    post(suggest(read_message(db, message_number(db, "m3"))));
    complain("m4");
    EXPECT_EQ(marks(), 2) << "of the second reply";
}

TEST_F(brake_table, complaints_before_the_last_replies_no_longer_count) {
    set_bounds(db, {{100, 1}, {50, 2}, {100, 1}});
    post(suggest(receive("m1", "ann")));
    mark_answerable(db, 1, "complaint", next());
    post(suggest(receive("m2", "bea")));
    post(suggest(receive("m3", "cid")));
    mark_answerable(db, 2, "complaint", next());
    EXPECT_TRUE(brakes(db).empty());
    mark_answerable(db, 3, "complaint", next());
    EXPECT_EQ(brakes(db).size(), 1U);
}

}  // namespace
}  // namespace kith::sqlite
