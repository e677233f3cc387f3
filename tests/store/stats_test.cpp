// The figures over a database with a clock of its own: borders from both sides.
#include "daemon/store/sqlite/stats.hpp"

#include "daemon/store/sqlite/canaries.hpp"
#include "tests/store/decisions.hpp"

#include <deque>

namespace kith::test {
namespace {

using namespace std::chrono_literals;

class stats : public decisions {
 protected:
    stats_filter in(std::vector<timestamp> borders) { return {std::move(borders), {}, {}}; }
    stats_filter all_time() { return in({at - 24h, at + 24h}); }
    void deliver(std::int64_t id) { post(id); }
    void edit_to(std::int64_t id, const std::string& text) {
        const auto s = find(id);
        sqlite::edit(db, id, s.version, text, s.verdict, "ann", next());
    }
    std::map<std::string, std::int64_t> outcome_counts(const stats_filter& f) {
        std::map<std::string, std::int64_t> out;
        for (const auto& n : sqlite::outcomes(db, f)) out[n.outcome] += n.count;
        return out;
    }
    std::vector<std::int64_t> ids(item_filter f) {
        if (f.in.borders.empty()) f.in = all_time();
        std::vector<std::int64_t> out;
        for (const auto& i : sqlite::stats_items(db, f)) out.push_back(i.id);
        return out;
    }

    std::deque<std::string> asked_;  ///< statements are kept by their address
};

TEST_F(stats, the_queue_is_counted_in_messages_and_each_border_belongs_to_the_later_step) {
    const auto first = suggest("a");
    const auto came = find(first).created_at;
    const auto second = suggest("b");
    reject(first);
    const auto went = at;
    auto steps = sqlite::queue_over_time(db, in({came, went, went + 1h}));
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].came, 2);
    EXPECT_EQ(steps[0].went, 0) << "what happens at a border is of the step that it begins";
    EXPECT_EQ(steps[0].waiting, 2);
    EXPECT_EQ(steps[1].came, 0);
    EXPECT_EQ(steps[1].went, 1);
    EXPECT_EQ(steps[1].waiting, 1);
    steps = sqlite::queue_over_time(db, in({came + 1us, went}));
    EXPECT_EQ(steps[0].came, 1) << "the first came a moment before";
    EXPECT_EQ(steps[0].waiting, 2) << "and still waits";
    EXPECT_EQ(find(second).state, suggestion_state::open);
}

TEST_F(stats, candidates_for_one_message_count_once_in_the_queue) {
    const auto m = receive("a");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m), sample_suggestion(m, "Or so.", 1)};
    const auto made = sqlite::judge(db, j, next());
    EXPECT_EQ(sqlite::queue_over_time(db, all_time())[0].came, 1);
    deliver(made[1].suggestion_id);
    const auto steps = sqlite::queue_over_time(db, all_time());
    EXPECT_EQ(steps[0].went, 1);
    EXPECT_EQ(steps[0].waiting, 0);
    const auto n = outcome_counts(all_time());
    EXPECT_EQ(n.at("as-is"), 1);
    EXPECT_EQ(n.at("not-chosen"), 1);
}

TEST_F(stats, the_time_to_an_answer_runs_from_arrival_to_posting) {
    for (int i = 1; i <= 10; ++i) {
        const auto m = receive("m" + std::to_string(i), "author" + std::to_string(i));
        db.run("UPDATE messages SET received_at = ? WHERE id = ?", at, m.id);
        const auto id = suggest(sqlite::read_message(db, m.id));
        at += std::chrono::minutes{i};
        deliver(id);
    }
    const auto found = sqlite::time_to_answer(db, all_time());
    EXPECT_EQ(found.all.answered, 10);
    EXPECT_GE(found.all.median, 5min);
    EXPECT_LT(found.all.median, 6min) << "the fifth of ten";
    EXPECT_GE(found.all.p90, 9min);
    EXPECT_LT(found.all.p90, 10min) << "the ninth of ten";
    EXPECT_EQ(found.departments.at("support").answered, 10);
    auto others = all_time();
    others.departments = {"billing"};
    EXPECT_EQ(sqlite::time_to_answer(db, others).all.answered, 0);
    others.departments = {"billing", "support"};
    EXPECT_EQ(sqlite::time_to_answer(db, others).all.answered, 10);
    others.accounts = {"elsewhere"};
    EXPECT_EQ(sqlite::time_to_answer(db, others).all.answered, 0);
}

TEST_F(stats, what_was_edited_is_told_from_what_was_not_and_by_how_much) {
    deliver(suggest("a"));
    const auto edited = suggest("b");
    edit_to(edited, "Use this link.");
    edit_to(edited, "Please use this link.");
    deliver(edited);
    const auto undone = suggest("c");
    edit_to(undone, "Something else.");
    edit_to(undone, "Use the link.");
    deliver(undone);
    const auto all = sqlite::outcomes(db, all_time());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].outcome, "as-is");
    EXPECT_EQ(all[0].count, 2) << "an edit that was taken back is none";
    EXPECT_EQ(all[1].outcome, "edited");
    EXPECT_EQ(all[1].median_distance, 10) << "from the draft, not from the edit before";
}

TEST_F(stats, the_drafted_text_is_kept_no_longer_than_it_is_needed) {
    const auto id = suggest("a");
    edit_to(id, "Use this link.");
    const auto kept = [&] {
        auto r =
            db.query("SELECT drafted IS NOT NULL, drafted_hash <> '' FROM edits WHERE suggestion_id = ?", id);
        EXPECT_TRUE(r.next());
        return std::pair(r.flag(0), r.flag(1));
    };
    EXPECT_EQ(kept(), std::pair(true, true));
    approve(id);
    EXPECT_EQ(kept(), std::pair(true, true)) << "it may come back and be edited again";
    begin(due().at(0));
    outcome o;
    o.is = outcome::kind::delivered;
    o.receipt = receipt{"r", "", at};
    sqlite::end_attempt(db, due().at(0).id, o, next());
    EXPECT_EQ(kept(), std::pair(false, true));
}

TEST_F(stats, rejections_are_counted_by_their_reason_and_listed_by_it) {
    const auto a = suggest("a");
    reject(a, "wrong tone");
    reject(suggest("b"), "");
    item_filter f;
    f.outcome = "rejected";
    EXPECT_EQ(ids(f).size(), 2U);
    f.reason = "wrong tone";
    EXPECT_EQ(ids(f), std::vector{a});
    f.reason = "";
    EXPECT_EQ(ids(f).size(), 1U);
    EXPECT_EQ(sqlite::outcomes(db, all_time()).size(), 2U);
    db.run("UPDATE suggestions SET text = '', reason = '' WHERE id = ?", a);  // as forgetting does
    for (const auto& n : sqlite::outcomes(db, all_time())) EXPECT_EQ(n.reason, "");
}

TEST_F(stats, denials_before_anybody_saw_them_count_once_a_message) {
    for (const auto* id : {"a", "b"}) {
        const auto m = receive(id);
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace =
            R"({"denied":[{"playbook":"p","department":"support","reply":"x"},{"playbook":"p","department":"support","reply":"y"}]})";
        sqlite::judge(db, j, next());
    }
    EXPECT_EQ(outcome_counts(all_time()).at("denied"), 2);
    auto others = all_time();
    others.departments = {"billing"};
    EXPECT_FALSE(outcome_counts(others).contains("denied"));
    item_filter f;
    f.of = item_filter::set::denied;
    EXPECT_EQ(ids(f).size(), 2U);
}

TEST_F(stats, offers_are_promotional_and_all_else_is_not) {
    deliver(suggest("a"));
    const auto m = receive("b");
    auto s = sample_suggestion(m);
    s.kind = "offer";
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {s};
    deliver(sqlite::judge(db, j, next())[0].suggestion_id);
    const auto steps = sqlite::kinds(db, all_time());
    EXPECT_EQ(steps.at(0).helpful, 1);
    EXPECT_EQ(steps.at(0).promotional, 1);
}

TEST_F(stats, items_go_on_where_the_last_page_ended) {
    std::vector<std::int64_t> all;
    for (int i = 0; i < 5; ++i) {
        const auto id = suggest("m" + std::to_string(i));
        all.push_back(id);
        reject(id);
        db.run("UPDATE suggestion_facts SET ended_at = ? WHERE suggestion_id = ?", at - 1h, id);
    }
    item_filter f;
    f.most = 2;
    f.in = all_time();
    std::vector<std::int64_t> seen;
    for (int pages = 0; pages < 4; ++pages) {
        const auto page = sqlite::stats_items(db, f);
        for (const auto& i : page) {
            seen.push_back(i.id);
            f.after_at = i.at;
            f.after_id = i.id;
        }
    }
    EXPECT_EQ(seen, all) << "also where all ended at the same moment";
}

TEST_F(stats, an_open_canary_is_listed_as_the_suggestion_that_it_passes_for) {
    const auto m = receive("a");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m)};
    canary_draft draft;
    draft.fault = "pitch";
    draft.text = "Buy it.";
    j.canary = draft;
    const auto shown = sqlite::judge(db, j, next()).at(0).suggestion_id;
    item_filter f;
    f.of = item_filter::set::waiting;
    EXPECT_EQ(ids(f), std::vector{shown});
    f.of = item_filter::set::canaries;
    EXPECT_TRUE(ids(f).empty()) << "nobody learns of one that is open";
    canary_act a{"rejected", "", 1, "ann"};
    sqlite::decide_canary(db, shown, a, next());
    EXPECT_EQ(ids(f), std::vector{shown});
    EXPECT_EQ(sqlite::catches_over_time(db, all_time()).at(0).caught, 1);
    f.of = item_filter::set::waiting;
    EXPECT_NE(ids(f), std::vector{shown}) << "the true one waits now";
}

TEST_F(stats, the_path_counts_moves_in_the_time_and_stages_at_its_end) {
    const auto move = [&](int contact, const char* from, const char* to, timestamp when) {
        db.run(
            "INSERT INTO stage_moves (contact, account, at, from_stage, to_stage, why, evidence)"
            " VALUES (?, 'acc', ?, ?, ?, 'thanked', '[]')",
            contact, when, from, to);
    };
    move(1, "", "attention", at);
    move(2, "", "attention", at);
    move(1, "attention", "attraction", at + 1h);
    move(2, "attention", "", at + 2h);
    auto f = sqlite::path_flow(db, in({at, at + 1h}));
    EXPECT_EQ(f.stages, (std::map<std::string, std::int64_t>{{"attention", 2}}));
    f = sqlite::path_flow(db, in({at + 1h, at + 2h + 1us}));
    EXPECT_EQ(f.stages, (std::map<std::string, std::int64_t>{{"attraction", 1}})) << "one has none any more";
    ASSERT_EQ(f.moves.size(), 2U);
    move_filter which;
    which.in = in({at, at + 3h});
    which.from = "attention";
    which.to = "";
    const auto found = sqlite::move_items(db, which);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].contact, 2);
}

TEST_F(stats, behind_a_stage_are_those_who_stand_in_it_at_the_end_since_whenever) {
    const auto move = [&](int contact, const char* account, const char* from, const char* to,
                          timestamp when) {
        db.run(
            "INSERT INTO stage_moves (contact, account, at, from_stage, to_stage, why, evidence)"
            " VALUES (?, ?, ?, ?, ?, 'thanked', '[]')",
            contact, account, when, from, to);
    };
    move(1, "acc", "", "attention", at);  // before the time that is asked for, and still there
    move(2, "acc", "", "attention", at + 1h);
    move(2, "acc", "attention", "attraction", at + 2h);  // went on
    move(3, "acc", "", "attention", at + 1h);
    move(3, "acc", "attention", "", at + 2h);  // none any more
    move(1, "other", "", "attention", at + 2h);
    move(4, "acc", "", "attention", at + 9h);  // afterwards
    move_filter which;
    which.in = in({at + 1h, at + 3h});
    which.standing = true;
    for (const auto* stage : {"attention", "attraction"}) {
        which.to = stage;
        const auto found = sqlite::move_items(db, which);
        EXPECT_EQ(static_cast<std::int64_t>(found.size()), sqlite::path_flow(db, which.in).stages[stage])
            << stage;
    }
    which.to = "attention";
    which.most = 1;
    const auto first = sqlite::move_items(db, which);
    EXPECT_EQ(first.at(0).contact, 1);
    which.after_at = first[0].at;
    which.after_id = first[0].id;
    EXPECT_EQ(sqlite::move_items(db, which).at(0).account, "other");
}

TEST_F(stats, an_account_was_off_where_nobody_said_how_it_stood) {
    const auto t = at;
    sqlite::note_state(db, "acc", "running", "", t, false);
    sqlite::still(db, "acc", t + 1min);
    sqlite::note_state(db, "acc", "waiting", "no route", t + 90s, true);
    sqlite::still(db, "acc", t + 3min);
    sqlite::note_state(db, "acc", "running", "", t + 30min, false);  // after a restart
    sqlite::still(db, "acc", t + 31min);
    const auto all = sqlite::account_intervals(db, in({t - 1h, t + 1h}));
    std::vector<std::string> states;
    for (const auto& i : all) states.push_back(i.state);
    ASSERT_EQ(states, (std::vector<std::string>{"running", "waiting", "off", "running"}));
    EXPECT_EQ(all[0].to, t + 90s);
    EXPECT_EQ(all[1].to, t + 3min);
    EXPECT_EQ(all[2].to, t + 30min);
    EXPECT_EQ(all[3].to, t + 31min);
    const auto cut = sqlite::account_intervals(db, in({t + 10min, t + 20min}));
    ASSERT_EQ(cut.size(), 1U) << "a time that lies between two rows";
    EXPECT_EQ(cut[0].state, "off");
    EXPECT_EQ(cut[0].from, t + 10min);
    EXPECT_EQ(cut[0].to, t + 20min);
}

TEST_F(stats, a_short_restart_is_not_off) {
    const auto t = at;
    sqlite::note_state(db, "acc", "running", "", t, false);
    sqlite::note_state(db, "acc", "running", "", t + 2min, false);
    sqlite::note_state(db, "acc", "running", "", t + 4min + 1us, false);
    const auto all = sqlite::account_intervals(db, in({t, t + 1h}));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].to, t + 2min) << "two minutes may go by unsaid, and no more";
    EXPECT_EQ(all[1].state, "off");
}

TEST_F(stats, gaps_that_touch_the_time_are_given) {
    const auto gap = [&](timestamp from, timestamp to) {
        db.run("INSERT INTO gaps (account, from_at, to_at, cause, noted_at) VALUES ('acc', ?, ?, 'x', ?)",
               from, to, to);
    };
    gap(at, at + 1h);
    gap(at + 2h, at + 3h);
    EXPECT_EQ(sqlite::account_gaps(db, in({at + 1h, at + 2h})).size(), 1U)
        << "until, exclusive, from inclusive";
    EXPECT_EQ(sqlite::account_gaps(db, in({at + 1h, at + 2h + 1us})).size(), 2U);
}

/// A year must not be read through row by row: of the statements themselves, as they were asked.
TEST_F(stats, figures_are_read_from_indexes) {
    const auto year = all_time();
    sqlite::queue_over_time(db, year);
    sqlite::time_to_answer(db, year);
    sqlite::outcomes(db, year);
    sqlite::kinds(db, year);
    sqlite::path_flow(db, year);
    const auto plan_with = [&](const std::string& words) {
        std::string out;
        for (const auto& sql : db.statements()) {
            if (!sql.starts_with(words)) continue;
            auto r = db.query(asked_.emplace_back("EXPLAIN QUERY PLAN " + sql));
            while (r.next()) out += r.text(3) + "\n";
            return out;
        }
        ADD_FAILURE() << "no statement with: " << words;
        return out;
    };
    const auto reads = [&](const std::string& words, const std::string& index) {
        const auto plan = plan_with(words);
        EXPECT_NE(plan.find("COVERING INDEX " + index), std::string::npos) << words << "\n" << plan;
    };
    reads("SELECT created_at FROM suggestion_facts", "facts_came");
    reads("SELECT ended_at FROM suggestion_facts", "facts_went");
    reads("SELECT (SELECT COUNT(*) FROM suggestion_facts", "facts_came");
    reads("SELECT (SELECT COUNT(*) FROM suggestion_facts", "facts_went");
    reads("SELECT ended_at, received_at, department", "facts_answered");
    reads("SELECT ended_at, kind = 'offer'", "facts_answered");
    reads("SELECT playbook, outcome, reason, distance", "facts_ended");
    reads("SELECT playbook, COUNT(*) FROM denials", "denials_at");
    reads("SELECT from_stage, to_stage, COUNT(*)", "stage_moves_at");
    reads("SELECT to_stage, COUNT(*)", "stage_moves_newest");
}

}  // namespace
}  // namespace kith::test
