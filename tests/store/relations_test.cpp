/// The ledger over SQLite, with the times that the tests name.
#include "daemon/store/sqlite/relations.hpp"

#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace kith::sqlite {
namespace {

using enum contact_signal;
using std::chrono::hours;
using test::sample_message;
using test::sample_suggestion;

const timestamp start_at = from_rfc3339("2026-03-02T12:00:00Z").value();
constexpr hours a_day{24};

class ledger : public ::testing::Test {
 protected:
    void SetUp() override {
        migrate(db_);
        yaml::findings found;
        rules_ = load_stage_rules(std::string(KITH_SOURCE_DIR) + "/policies", found);
        ASSERT_TRUE(rules_) << found.text();
    }

    stored_message receive(message m, timestamp at, bool matched = true) {
        batch b;
        message_seen e;
        e.what = std::move(m);
        const auto id = e.what.native_id;
        b.events.push_back(std::move(e));
        accept(db_, "acc", b, at);
        auto stored = read_message(db_, message_number(db_, id));
        judged_message j;
        j.message_id = stored.id;
        j.revision = stored.what.revision;
        j.trace = matched ? R"({"matches":[{"matched":true,"because":[{"words":"secretword"}]}]})"
                          : R"({"matches":[]})";
        judge(db_, j, at);
        return stored;
    }
    stored_message receive(const std::string& id, const std::string& author, timestamp at) {
        return receive(sample_message(id, "how?", author), at);
    }
    void happen(event e, timestamp at) {
        batch b;
        b.events.push_back(std::move(e));
        accept(db_, "acc", b, at);
    }
    /// A reply of ours to it is posted.
    void help(const stored_message& m, timestamp at, const std::string& receipt_id) {
        db_.run("UPDATE messages SET due_at = ?, revision = '1' WHERE id = ?", at, m.id);
        judged_message j;
        j.message_id = m.id;
        j.revision = "1";
        j.trace = R"({"matches":[{"matched":true}]})";
        j.suggestions = {sample_suggestion(m)};
        const auto id = judge(db_, j, at).at(0).suggestion_id;
        approve(db_, id, read_suggestion(db_, id).hash, "op", at);
        const auto d = due_deliveries(db_, "acc", at, 10).at(0);
        begin_attempt(db_, d.id, prepared_reply{"bytes", ""}, at);
        outcome o;
        o.is = outcome::kind::delivered;
        o.receipt = receipt{receipt_id, "", at};
        end_attempt(db_, d.id, o, at);
    }
    /// As the task does it; gives the signals that were heard.
    std::vector<contact_signal> look(timestamp at, const word_lists* words = nullptr) {
        std::vector<learned> what;
        std::vector<contact_signal> heard;
        for (const auto& n : unread(db_, 100)) {
            auto& l = what.emplace_back();
            l.trace = n.trace;
            l.event = n.event;
            l.message_id = n.message.id;
            l.identity = n.identity;
            l.account = n.account;
            l.at = n.at;
            l.signals = n.signal ? std::vector{*n.signal} : signals_of(n.message, n.about, words, {});
            heard.insert(heard.end(), l.signals.begin(), l.signals.end());
        }
        learn(db_, what, *rules_, at);
        return heard;
    }
    std::int64_t row(const std::string& who) { return contact_number(db_, who); }
    std::optional<stage> stage_now(const std::string& who) { return stage_of(db_, row(who), "acc"); }
    std::int64_t count(std::string_view table) {
        const auto sql = "SELECT COUNT(*) FROM " + std::string(table);
        kept_.push_back(std::make_unique<std::string>(sql));
        auto r = db_.query(*kept_.back());
        r.next();
        return r.number(0);
    }

    database db_{":memory:"};
    std::shared_ptr<const stage_rules> rules_;
    std::vector<std::unique_ptr<std::string>> kept_;
};

using list = std::vector<contact_signal>;

TEST_F(ledger, hears_what_is_to_us_once) {
    receive("m1", "ann", start_at);
    EXPECT_EQ(look(start_at), list{spoke_to_us});
    EXPECT_EQ(look(start_at), list{});
    EXPECT_EQ(stage_now("ann"), stage::attraction);
    EXPECT_EQ(count("stage_evidence"), 1);
}

TEST_F(ledger, a_crash_before_it_is_kept_loses_nothing) {
    receive("m1", "ann", start_at);
    EXPECT_EQ(unread(db_, 10).size(), 1U);
    EXPECT_EQ(unread(db_, 10).size(), 1U) << "read again after a restart";
    look(start_at);
    EXPECT_EQ(unread(db_, 10).size(), 0U);
}

TEST_F(ledger, hears_a_stranger_whom_a_playbook_wanted) {
    auto m = sample_message("m1", "their app is down", "ann");
    m.addressed = false;
    receive(m, start_at);
    m = sample_message("m2", "lunch?", "bob");
    m.addressed = false;
    receive(m, start_at, false);
    EXPECT_EQ(look(start_at), list{spoke_of_us});
    EXPECT_EQ(stage_now("ann"), stage::attention);
    EXPECT_FALSE(stage_now("bob"));
}

TEST_F(ledger, an_answer_to_our_reply_answers_us) {
    const auto first = receive("m1", "ann", start_at);
    help(first, start_at + hours{1}, "r1");
    look(start_at + hours{1});
    auto m = sample_message("m2", "and then?", "ann");
    m.thread_id = "t-m1";
    m.parent_id = "r1";
    m.addressed = false;
    receive(m, start_at + hours{2});
    EXPECT_EQ(look(start_at + hours{2}), list{answered_us});
    m = sample_message("m3", "and then?", "bob");
    m.parent_id = "r-of-nobody";
    receive(m, start_at + hours{2});
    EXPECT_EQ(look(start_at + hours{2}), list{spoke_to_us});
}

TEST_F(ledger, comes_back_in_a_new_thread_after_two_days) {
    receive("m1", "ann", start_at);
    auto soon = sample_message("m2", "again", "ann");
    receive(soon, start_at + hours{47});
    EXPECT_EQ(look(start_at + hours{47}), (list{spoke_to_us, spoke_to_us}));
    receive("m3", "ann", start_at + hours{47 + 48});
    EXPECT_EQ(look(start_at + hours{95}), (list{spoke_to_us, came_back}));
    EXPECT_EQ(stage_now("ann"), stage::affinity);
}

TEST_F(ledger, helps_another_whose_question_a_playbook_matched) {
    receive("q1", "bob", start_at);
    receive("a0", "ann", start_at);
    look(start_at);
    auto m = sample_message("a1", "it is on the page", "ann");
    m.addressed = false;
    m.parent_id = "q1";
    m.thread_id = "t-q1";
    batch b;
    message_seen e;
    e.what = m;
    e.only_if_known = true;
    e.or_if_answer = true;
    b.events = {e};
    EXPECT_EQ(accept(db_, "acc", b, start_at + hours{1}).fresh, 1U) << "kept, since it answers what we keep";
    receive(m, start_at + hours{1}, false);
    const auto stored = read_message(db_, message_number(db_, "a1"));
    EXPECT_EQ(look(start_at + hours{1}), list{helped_another});
    EXPECT_EQ(stage_now("ann"), stage::advocate);
    EXPECT_EQ(contact_path(db_, row("ann")).moves.back().because.at(0).message_id, stored.id);
}

TEST_F(ledger, keeps_no_answer_to_what_it_does_not_know_and_none_to_oneself) {
    receive("q1", "bob", start_at);
    const auto arrives = [&](const std::string& author, const std::string& parent, bool follows) {
        message_seen e;
        e.what = sample_message("x-" + author + parent, "so?", author);
        e.what.addressed = false;
        e.what.parent_id = parent;
        e.only_if_known = true;
        e.or_if_answer = follows;
        batch b;
        b.events = {e};
        return accept(db_, "acc", b, start_at).fresh;
    };
    EXPECT_EQ(arrives("ann", "q-unknown", true), 0U);
    EXPECT_EQ(arrives("bob", "q1", true), 0U);
    EXPECT_EQ(arrives("cat", "q1", false), 0U) << "a platform that forbids profiling";
    EXPECT_EQ(arrives("cat", "q1", true), 1U);
}

TEST_F(ledger, follows_and_likes_are_counted_once) {
    const identity ann{"ann", "ann", "Ann", false};
    happen(contact_followed{ann, "f1"}, start_at);
    happen(contact_followed{ann, "f1"}, start_at);
    happen(contact_reacted{ann, "l1", "r1", true}, start_at);
    happen(contact_reacted{ann, "l2", "r1", true}, start_at);
    EXPECT_EQ(look(start_at), (list{followed, reacted_well}));
    EXPECT_EQ(stage_now("ann"), stage::audience);
    happen(contact_unfollowed{"ann"}, start_at + a_day);
    happen(contact_unfollowed{"nobody"}, start_at + a_day);
    EXPECT_EQ(look(start_at + a_day), list{unfollowed});
    EXPECT_EQ(stage_now("ann"), stage::affinity);
    happen(contact_followed{ann, "f2"}, start_at + 2 * a_day);
    look(start_at + 2 * a_day);
    EXPECT_EQ(stage_now("ann"), stage::audience);
}

TEST_F(ledger, a_stage_is_lost_in_its_time_and_the_loss_is_on_record) {
    receive("m1", "ann", start_at);
    look(start_at);
    const auto end = start_at + 180 * a_day;
    EXPECT_EQ(decay(db_, *rules_, 10, end - std::chrono::seconds{1}), 0);
    EXPECT_EQ(stage_now("ann"), stage::attraction);
    EXPECT_EQ(decay(db_, *rules_, 10, end), 1);
    EXPECT_EQ(stage_now("ann"), stage::attention);
    EXPECT_EQ(decay(db_, *rules_, 10, end), 0);
    const auto path = contact_path(db_, row("ann"));
    ASSERT_EQ(path.moves.size(), 2U);
    EXPECT_EQ(path.moves[1].move.at, end);
    EXPECT_EQ(path.moves[1].move.why, "no evidence for 180 days");
}

TEST_F(ledger, what_is_stored_is_what_the_evidence_alone_gives) {
    receive("m1", "ann", start_at);
    look(start_at);
    happen(contact_followed{{"ann", "ann", "", false}, "f"}, start_at + a_day);
    look(start_at + a_day);
    decay(db_, *rules_, 10, start_at + 600 * a_day);
    receive("m2", "ann", start_at + 601 * a_day);
    look(start_at + 601 * a_day);
    const auto before = contact_path(db_, row("ann"));
    db_.run("DELETE FROM stage_moves");
    restate(db_, row("ann"), "acc", *rules_, start_at + 601 * a_day);
    const auto after = contact_path(db_, row("ann"));
    ASSERT_EQ(before.moves.size(), after.moves.size());
    for (std::size_t i = 0; i < after.moves.size(); ++i) EXPECT_EQ(before.moves[i].move, after.moves[i].move);
    EXPECT_GE(after.moves.size(), 4U);
}

TEST_F(ledger, what_comes_late_is_filed_at_the_end) {
    receive("m1", "ann", start_at + a_day);
    look(start_at + a_day);
    receive("m0", "ann", start_at);
    look(start_at + a_day);
    const auto all = export_contact(db_, row("ann")).evidence;
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].at, start_at + a_day);
    EXPECT_EQ(contact_path(db_, row("ann")).moves.size(), 1U);
}

TEST_F(ledger, other_rules_make_other_stages) {
    receive("m1", "ann", start_at);
    rules_are(db_, rules_->revision);
    look(start_at);
    auto strict = std::make_shared<stage_rules>(*rules_);
    strict->stages[1].any = {{answered_us, 1, {}, {}}};
    strict->revision = "strict";
    rules_ = strict;
    rules_are(db_, "strict");
    decay(db_, *rules_, 10, start_at + a_day);
    EXPECT_FALSE(stage_now("ann"));
    rules_are(db_, "strict");
    EXPECT_EQ(decay(db_, *rules_, 10, start_at + a_day), 0) << "only a change makes work";
}

TEST_F(ledger, an_account_that_may_not_be_followed_has_no_stages) {
    receive("m1", "ann", start_at);
    look(start_at);
    stop_following(db_, "acc", start_at);
    EXPECT_FALSE(stage_now("ann"));
    EXPECT_EQ(count("stage_evidence") + count("stage_moves") + count("stages"), 0);
}

TEST_F(ledger, two_identities_become_one_contact_and_two_again) {
    receive("m1", "ann", start_at);
    happen(contact_followed{{"ann2", "ann2", "", false}, "f"}, start_at + a_day);
    look(start_at + a_day);
    const auto a = row("ann"), b = row("ann2");
    EXPECT_NE(a, b);
    merge(db_, a, b, "she told us", "op", *rules_, start_at + 2 * a_day);
    EXPECT_EQ(row("ann2"), a);
    EXPECT_EQ(contact_number(db_, std::to_string(b)), a);
    EXPECT_EQ(stage_now("ann"), stage::audience);
    EXPECT_EQ(contact_path(db_, a).moves.size(), 2U);
    EXPECT_EQ(contacts(db_, {}).size(), 1U);
    EXPECT_THROW(merge(db_, a, b, "again", "op", *rules_, start_at), failure);
    split(db_, b, "she did not", "op", *rules_, start_at + 3 * a_day);
    EXPECT_EQ(row("ann2"), b);
    EXPECT_EQ(stage_now("ann"), stage::attraction);
    EXPECT_EQ(stage_now("ann2"), stage::audience);
    EXPECT_THROW(split(db_, b, "again", "op", *rules_, start_at), failure);
}

TEST_F(ledger, the_first_identity_of_a_contact_can_be_split_off_too) {
    for (const char* who : {"ann", "bob", "cat"}) receive(std::string("m-") + who, who, start_at);
    look(start_at);
    const auto a = row("ann"), b = row("bob"), c = row("cat");
    merge(db_, a, b, "why not", "op", *rules_, start_at);
    merge(db_, a, c, "why not", "op", *rules_, start_at);
    split(db_, a, "no", "op", *rules_, start_at);
    EXPECT_EQ(row("ann"), a);
    EXPECT_EQ(row("bob"), b);
    EXPECT_EQ(row("cat"), b);
    EXPECT_EQ(stage_now("cat"), stage::attraction);
}

TEST_F(ledger, lists_who_stands_where) {
    receive("m1", "ann", start_at);
    happen(contact_followed{{"bob", "bob", "", false}, "f"}, start_at);
    look(start_at);
    EXPECT_EQ(contacts(db_, {}).size(), 2U);
    contact_filter f;
    f.at = stage::audience;
    ASSERT_EQ(contacts(db_, f).size(), 1U);
    EXPECT_EQ(contacts(db_, f)[0].number, row("bob"));
    f.account = "other";
    EXPECT_TRUE(contacts(db_, f).empty());
    f = {};
    f.before = row("bob");
    ASSERT_EQ(contacts(db_, f).size(), 1U);
    EXPECT_EQ(contacts(db_, f)[0].number, row("ann"));
}

TEST_F(ledger, keeps_no_conclusions_about_whom_was_forgotten_meanwhile) {
    receive("m1", "ann", start_at);
    const auto news = unread(db_, 10);
    ASSERT_EQ(news.size(), 1U);
    const auto ann = row("ann");
    forget(db_, ann, "op", start_at);
    learned l;
    l.trace = news[0].trace;
    l.message_id = news[0].message.id;
    l.identity = news[0].identity;
    l.account = "acc";
    l.at = start_at;
    l.signals = {spoke_to_us};
    learn(db_, {l}, *rules_, start_at);
    EXPECT_EQ(count("stage_evidence") + count("stages") + count("stage_moves"), 0);
    EXPECT_TRUE(unread(db_, 10).empty());
}

TEST_F(ledger, a_name_that_several_have_asks_for_the_number) {
    receive("m1", "ann", start_at);
    db_.run(
        "INSERT INTO contacts (account, identity, handle, first_seen_at, last_seen_at) VALUES ('b', 'x', "
        "'ann', 0, 0)");
    try {
        contact_number(db_, "ann");
        FAIL() << "one was taken";
    } catch (const failure& e) {
        EXPECT_EQ(e.why().kind, errc::conflict);
        EXPECT_NE(e.why().what.find("1, 2"), std::string::npos) << e.why().what;
    }
    EXPECT_EQ(contact_number(db_, "@x"), 2);
}

TEST_F(ledger, a_deleted_messages_words_leave_the_traces_and_the_threads_beside_it) {
    auto m = sample_message("m1", "secretword is what I said", "ann");
    m.thread_id = "t";
    receive(m, start_at);
    auto other = sample_message("m2", "me too", "bob");
    other.thread_id = "t";
    const auto stored = receive(other, start_at);
    db_.run("UPDATE messages SET due_at = ? WHERE id = ?", start_at, stored.id);
    judged_message j;
    j.message_id = stored.id;
    j.revision = "1";
    j.trace = "{}";
    j.suggestions = {sample_suggestion(stored)};
    j.suggestions[0].thread = {{"m1", "ann", "Ann", false, "secretword is what I said", start_at},
                               {"m2", "bob", "Bob", false, "me too", start_at}};
    const auto id = judge(db_, j, start_at).at(0).suggestion_id;
    happen(message_deleted{"m1"}, start_at);
    const auto h = history(db_, message_number(db_, "m1"));
    EXPECT_EQ(h.message.what.text, "");
    EXPECT_EQ(h.traces, std::vector<std::string>{"{}"});
    const auto s = read_suggestion(db_, id);
    EXPECT_EQ(s.state, suggestion_state::open);
    ASSERT_EQ(s.thread.size(), 1U);
    EXPECT_EQ(s.thread[0].native_id, "m2");
}

}  // namespace
}  // namespace kith::sqlite
