/// What is on record of departments, with times that the test sets.
#include "daemon/store/sqlite/departments.hpp"

#include "daemon/store/sqlite/tables.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace kith::sqlite {
namespace {

using namespace std::chrono_literals;
using test::batch_of;
using test::sample_message;
using test::sample_suggestion;

const timestamp start = from_rfc3339("2026-11-01T12:00:00Z").value();

class departments : public ::testing::Test {
 protected:
    departments() : db_(":memory:") { migrate(db_); }

    stored_message receive(const std::string& id, timestamp at, const std::string& author = "ann",
                           const std::string& thread = "", bool addressed = true) {
        auto m = sample_message(id, "how do I reset my password?", author);
        if (!thread.empty()) m.thread_id = thread;
        m.addressed = addressed;
        accept(db_, "acc", batch_of(message_seen{m}), at);
        return read_message(db_, message_number(db_, id));
    }
    static std::string trace(const std::string& playbook, bool matched) {
        return R"({"matches":[{"playbook":"other","matched":false},{"playbook":")" + playbook +
               R"(","matched":)" + (matched ? "true" : "false") + "}]}";
    }
    /// 0 if nothing was suggested.
    std::int64_t judged(const stored_message& m, timestamp at, bool suggests = true, bool matched = true) {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = trace("sign-in-trouble", matched);
        if (suggests) j.suggestions = {sample_suggestion(m)};
        const auto changes = judge(db_, j, at);
        return changes.empty() ? 0 : changes[0].suggestion_id;
    }
    std::int64_t suggested(const std::string& id, timestamp at = start) {
        return judged(receive(id, at), at);
    }
    void post(std::int64_t id, timestamp at) {
        approve(db_, id, read_suggestion(db_, id).hash, "ann", at);
        const auto d = due_deliveries(db_, "acc", at, 1).at(0);
        begin_attempt(db_, d.id, {}, at);
        outcome o;
        o.is = outcome::kind::delivered;
        o.receipt = receipt{"ours-" + std::to_string(id), "", at};
        end_attempt(db_, d.id, o, at);
    }
    std::string record() {
        std::string out;
        auto r = db_.query(
            "SELECT actor || ' ' || act || ': ' || COALESCE(detail, '') FROM record r"
            " LEFT JOIN record_details d ON d.number = r.number ORDER BY r.number");
        while (r.next()) out += r.text(0) + "\n";
        return out;
    }
    errc why(const std::function<void()>& f) {
        try {
            f();
        } catch (const failure& e) {
            return e.why().kind;
        }
        ADD_FAILURE() << "this should have failed";
        return errc::transient;
    }

    database db_;
};

TEST_F(departments, a_question_waits_until_it_is_answered_once) {
    const auto s = suggested("m1");
    const auto q = ask(db_, s, "billing", "is this still so?", "ann", start + 1min);
    EXPECT_EQ(q.language, "en");
    EXPECT_EQ(q.message_id, read_suggestion(db_, s).message_id);
    question_filter waiting;
    waiting.department = "billing";
    waiting.waiting_only = true;
    ASSERT_EQ(questions(db_, waiting).size(), 1U);
    const auto done = sqlite::answer(db_, q.id, "yes, until May", "bob", start + 2min);
    EXPECT_EQ(done.answer, "yes, until May");
    EXPECT_EQ(done.answered_by, "bob");
    EXPECT_EQ(done.answered_at, start + 2min);
    EXPECT_TRUE(questions(db_, waiting).empty());
    EXPECT_EQ(why([&] { sqlite::answer(db_, q.id, "no", "eve", start + 3min); }), errc::conflict);
    EXPECT_EQ(find_question(db_, q.id).answer, "yes, until May");
    EXPECT_EQ(why([&] { find_question(db_, 99); }), errc::not_found);
}

TEST_F(departments, the_record_tells_who_asked_and_answered_and_not_what) {
    const auto s = suggested("m1");
    const auto q = ask(db_, s, "billing", "is Ann's bill right?", "ann", start);
    sqlite::answer(db_, q.id, "Ann's bill is wrong", "bob", start);
    keep(db_, q.id, "ann-bill", "ann", start);
    const auto all = record();
    EXPECT_NE(all.find("ann asked: question 1 to billing, text "), std::string::npos);
    EXPECT_NE(all.find("bob answered: question 1 for billing, text "), std::string::npos);
    EXPECT_NE(all.find("ann kept: question 1 as answer ann-bill"), std::string::npos);
    EXPECT_EQ(all.find("Ann's"), std::string::npos);
}

TEST_F(departments, nobody_is_asked_about_what_is_decided) {
    const auto open = suggested("m1"), over = suggested("m2");
    reject(db_, over, read_suggestion(db_, over).version, "no", "ann", start);
    EXPECT_EQ(why([&] { ask(db_, over, "billing", "?", "ann", start); }), errc::conflict);
    EXPECT_EQ(why([&] { ask(db_, 99, "billing", "?", "ann", start); }), errc::not_found);
    ask(db_, open, "billing", "?", "ann", start);
    approve(db_, open, read_suggestion(db_, open).hash, "ann", start);
    ask(db_, open, "billing", "and this?", "ann", start);
    EXPECT_EQ(questions(db_, {}).size(), 2U);
}

TEST_F(departments, only_what_is_answered_can_be_kept) {
    const auto q = ask(db_, suggested("m1"), "billing", "?", "ann", start);
    EXPECT_EQ(why([&] { keep(db_, q.id, "x", "ann", start); }), errc::conflict);
    sqlite::answer(db_, q.id, "yes", "bob", start);
    EXPECT_EQ(keep(db_, q.id, "x", "ann", start).kept_as, "x");
}

TEST_F(departments, questions_are_found_by_message_and_department) {
    const auto a = suggested("m1"), b = suggested("m2");
    ask(db_, a, "billing", "1", "ann", start);
    ask(db_, b, "billing", "2", "ann", start);
    ask(db_, b, "support", "3", "ann", start);
    question_filter f;
    f.messages = {read_suggestion(db_, b).message_id};
    ASSERT_EQ(questions(db_, f).size(), 2U);
    EXPECT_EQ(questions(db_, f)[0].text, "2");
    f.department = "support";
    ASSERT_EQ(questions(db_, f).size(), 1U);
    EXPECT_EQ(questions(db_, f)[0].text, "3");
}

TEST_F(departments, the_words_of_questions_can_be_forgotten) {
    const auto q = ask(db_, suggested("m1"), "billing", "is Ann's bill right?", "ann", start);
    sqlite::answer(db_, q.id, "Ann's is", "bob", start);
    forget_questions(db_, q.message_id);
    EXPECT_EQ(find_question(db_, q.id).text, "");
    EXPECT_EQ(find_question(db_, q.id).answer, "");
}

TEST_F(departments, the_queue_is_listed_and_counted_by_department) {
    const auto a = suggested("m1", start + 3min);
    suggested("m2", start + 5min);
    suggestion_filter f;
    f.states = {suggestion_state::open};
    f.department = "support";
    EXPECT_EQ(suggestions(db_, f).size(), 2U);
    f.department = "billing";
    EXPECT_TRUE(suggestions(db_, f).empty());
    ask(db_, a, "billing", "?", "ann", start + 9min);
    auto counts = department_counts_of(db_, {});
    EXPECT_EQ(counts["support"].open, 2);
    EXPECT_EQ(counts["support"].oldest_open, start + 3min);
    EXPECT_EQ(counts["billing"].waiting, 1);
    EXPECT_EQ(counts["billing"].oldest_question, start + 9min);
    EXPECT_FALSE(counts["support"].oldest_question);
    reject(db_, a, read_suggestion(db_, a).version, "no", "ann", start + 10min);
    counts = department_counts_of(db_, {});
    EXPECT_EQ(counts["support"].open, 1);
    EXPECT_EQ(counts["support"].oldest_open, start + 5min);
}

TEST_F(departments, a_period_holds_its_beginning_and_not_its_end) {
    const auto until = start + 24h;
    suggested("before", start - 1us);
    const auto a = suggested("first", start);
    const auto b = suggested("last", until - 1us);
    suggested("after", until);
    post(a, start);
    reject(db_, b, read_suggestion(db_, b).version, "no", "ann", until - 1us);
    const auto p = period(db_, "support", start, until);
    EXPECT_EQ(p.suggested, 2);
    EXPECT_EQ(p.delivered, 1);
    EXPECT_EQ(p.rejected, 1);
    const auto none = period(db_, "billing", start, until);
    EXPECT_EQ(none.suggested + none.delivered + none.asked, 0);
}

// ---- what nobody answered

TEST_F(departments, a_message_without_a_suggestion_is_unanswered_and_names_the_playbook_that_matched) {
    judged(receive("m1", start), start, false, true);
    judged(receive("m2", start + 1min, "bob"), start, false, false);
    const auto all = unanswered(db_, start, start + 1h, 10);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].playbook, "sign-in-trouble");
    EXPECT_EQ(all[0].because, "no suggestion");
    EXPECT_EQ(all[0].department, "");
    EXPECT_EQ(all[1].playbook, "");
}

TEST_F(departments, what_waits_or_was_answered_is_not_unanswered_and_what_was_rejected_is) {
    const auto open = suggested("m1");
    const auto posted = judged(receive("m2", start, "bob"), start);
    const auto rejected = judged(receive("m3", start, "cid"), start);
    post(posted, start);
    EXPECT_TRUE(unanswered(db_, start, start + 1h, 10).empty());
    reject(db_, rejected, read_suggestion(db_, rejected).version, "no", "ann", start);
    ASSERT_EQ(unanswered(db_, start, start + 1h, 10).size(), 1U);
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10)[0].because, "rejected");
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10)[0].department, "support");
    EXPECT_EQ(read_suggestion(db_, open).state, suggestion_state::open);
}

TEST_F(departments, what_is_told_beneath_a_message_for_another_reason_leaves_it_unanswered) {
    const auto tell = [&](const stored_message& m) {
        auto s = sample_suggestion(m);
        s.purpose = purpose::occasion;
        s.department = "sales";
        return insert_suggestion(db_, s, m.id, start).suggestion_id;
    };
    const auto m = receive("m1", start, "ann", "t");
    judged(m, start, false);
    tell(m);
    ASSERT_EQ(unanswered(db_, start, start + 1h, 10).size(), 1U) << "open";
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10)[0].because, "no suggestion");
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10)[0].department, "");
    const auto later = receive("m2", start + 2h, "ann", "t");
    judged(later, start, false);
    db_.run(
        "INSERT INTO customers (contact, consent_how, consent_at, added_at, added_by)"
        " SELECT contact, 'by letter', ?2, ?2, 'ann' FROM messages WHERE id = ?1",
        m.id, start);
    post(tell(later), start + 2h);
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10).size(), 1U) << "posted beneath something newer";
}

TEST_F(departments, a_question_inside_a_canary_names_the_canary_and_the_record_the_true_one) {
    const auto m = receive("m1", start);
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m)};
    j.canary =
        canary_draft{"wrong-name", "it calls ann Maria", "Use the link, Maria.", j.suggestions[0].verdict};
    const auto shown = judge(db_, j, start).at(0).suggestion_id;
    const auto q = ask(db_, shown + 1, "billing", "is this so?", "ann", start);
    EXPECT_EQ(q.suggestion_id, shown);
    EXPECT_EQ(questions(db_, {}).at(0).suggestion_id, shown);
    EXPECT_EQ(sqlite::answer(db_, q.id, "yes", "bob", start).suggestion_id, shown);
    EXPECT_EQ(keep(db_, q.id, "x", "ann", start).suggestion_id, shown);
    auto r = db_.query(
        "SELECT COUNT(*) FROM record WHERE suggestion_id = ? AND act IN ('asked', 'answered', 'kept')",
        shown + 1);
    r.next();
    EXPECT_EQ(r.number(0), 3);
}

TEST_F(departments, what_is_not_to_us_or_not_judged_yet_or_gone_is_not_unanswered) {
    judged(receive("m1", start, "ann", "", false), start, false);
    receive("m2", start, "bob");
    judged(receive("m3", start, "cid"), start, false);
    accept(db_, "acc", batch_of(message_deleted{"m3"}), start);
    judged(receive("m4", start, "dan"), start, false);
    accept(db_, "acc", batch_of(contact_blocked{"dan"}), start);
    EXPECT_TRUE(unanswered(db_, start, start + 1h, 10).empty());
}

TEST_F(departments, a_reply_to_something_newer_in_the_thread_answers_what_stands_before_it) {
    judged(receive("m1", start, "ann", "t"), start, false);
    judged(receive("m2", start, "bob", "t"), start, false);
    const auto s = judged(receive("m3", start + 1min, "ann", "t"), start + 1min);
    EXPECT_EQ(unanswered(db_, start, start + 1h, 10).size(), 2U);
    post(s, start + 2min);
    const auto left = unanswered(db_, start, start + 1h, 10);
    ASSERT_EQ(left.size(), 1U) << "bob's stays";
    EXPECT_EQ(read_message(db_, left[0].id).what.native_id, "m2");
}

TEST_F(departments, unanswered_counts_both_ends_of_its_time) {
    judged(receive("m1", start), start, false);
    EXPECT_EQ(unanswered(db_, start, start, 10).size(), 1U);
    EXPECT_TRUE(unanswered(db_, start + 1us, start + 1h, 10).empty());
    EXPECT_TRUE(unanswered(db_, start - 1h, start - 1us, 10).empty());
}

// ---- what replies did

TEST_F(departments, what_a_contact_wrote_after_a_reply_stands_beside_it) {
    const auto s = judged(receive("m1", start, "ann", "t"), start);
    post(s, start + 1h);
    const auto within = std::chrono::seconds{3600};
    judged(receive("same", start + 2h, "ann", "t"), start + 2h, false, true);
    judged(receive("elsewhere", start + 2h, "ann"), start + 2h, false, false);
    receive("too-late-elsewhere", start + 2h + 1us, "ann");
    receive("late-here", start + 9h, "ann", "t");
    receive("another", start + 2h, "bob", "t");
    const auto all = posted(db_, start, timestamp::max(), within, 10);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].posted_at, start + 1h);
    EXPECT_EQ(all[0].cites, std::vector<std::string>{"reset-password"});
    ASSERT_EQ(all[0].later.size(), 3U);
    EXPECT_TRUE(all[0].later[0].same_thread);
    EXPECT_TRUE(all[0].later[0].same_playbook);
    EXPECT_NE(all[0].later[0].text, "");
    EXPECT_FALSE(all[0].later[1].same_thread);
    EXPECT_FALSE(all[0].later[1].same_playbook);
    EXPECT_EQ(all[0].later[1].text, "");
    EXPECT_EQ(read_message(db_, all[0].later[2].id).what.native_id, "late-here");
}

TEST_F(departments, a_reply_counts_from_its_posting_on) {
    const auto s = judged(receive("m1", start, "ann", "t"), start);
    post(s, start + 1h);
    receive("before", start + 1h, "ann", "t");
    EXPECT_TRUE(posted(db_, start, timestamp::max(), 1h, 10).at(0).later.empty());
    EXPECT_EQ(posted(db_, start + 1h, timestamp::max(), 1h, 10).size(), 1U);
    EXPECT_TRUE(posted(db_, start + 1h + 1us, timestamp::max(), 1h, 10).empty());
}

}  // namespace
}  // namespace kith::sqlite
