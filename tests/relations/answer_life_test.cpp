#include "daemon/relations/answer_life.hpp"

#include "daemon/match/read.hpp"
#include "daemon/relations/departments.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

timestamp at(std::string_view text) {
    return from_rfc3339(text).value();
}

/// Hears "thanks", and nothing else.
struct thankful_words final : word_lists {
    std::vector<heard> find(std::string_view text) const override {
        const auto begin = text.find("thanks");
        if (begin == std::string_view::npos) return {};
        return {{"thanks", "en", "thanks", begin, begin + 6}};
    }
    bool knows(std::string_view topic) const override { return topic == "thanks"; }
};

answer one(std::string id, std::string owner, std::chrono::year_month_day review_by) {
    answer a;
    a.id = std::move(id);
    a.owner = std::move(owner);
    a.review_by = review_by;
    return a;
}

answer_standing standing_at(std::string_view t, std::chrono::milliseconds notice = 14 * 24h) {
    playbook_set set;
    set.answers["a"] = one("a", "support", std::chrono::year{2026} / 11 / 30);
    return answer_standings(set, at(t), notice).at(0);
}

TEST(answer_life, the_owner_is_told_from_fourteen_days_before) {
    EXPECT_EQ(standing_at("2026-11-15T23:59:59.999999Z").age, answer_age::current);
    EXPECT_EQ(standing_at("2026-11-16T00:00:00Z").age, answer_age::due);
    EXPECT_EQ(standing_at("2026-11-16T00:00:00Z").days_left, 14);
}

TEST(answer_life, the_notice_is_the_houses_to_set) {
    EXPECT_EQ(standing_at("2026-11-28T12:00:00Z", 24h).age, answer_age::current);
    EXPECT_EQ(standing_at("2026-11-29T12:00:00Z", 24h).age, answer_age::due);
}

TEST(answer_life, an_answer_is_stale_from_the_day_after_its_review_day) {
    EXPECT_EQ(standing_at("2026-11-30T23:59:59.999999Z").age, answer_age::due);
    EXPECT_EQ(standing_at("2026-11-30T23:59:59.999999Z").days_left, 0);
    EXPECT_EQ(standing_at("2026-12-01T00:00:00Z").age, answer_age::stale);
    EXPECT_EQ(standing_at("2026-12-01T00:00:00Z").days_left, -1);
}

class help : public ::testing::Test {
 protected:
    help() {
        reply_.cites = {"reset-password@abc"};
        reply_.posted_at = at("2026-11-01T12:00:00Z");
    }
    void later(std::chrono::microseconds after, bool same_thread, bool same_playbook, std::string text = "") {
        later_message m;
        m.received_at = reply_.posted_at + after;
        m.same_thread = same_thread;
        m.same_playbook = same_playbook;
        m.text = std::move(text);
        reply_.later.push_back(std::move(m));
    }
    helped judged(std::chrono::microseconds after) const {
        return judge_help(reply_, reply_.posted_at + after, &words_);
    }
    static constexpr std::chrono::microseconds week = 7 * 24h;
    thankful_words words_;
    posted_reply reply_;
};

TEST_F(help, silence_is_undecided_for_seven_days_and_then_solved) {
    EXPECT_EQ(judged(1s), helped::undecided);
    EXPECT_EQ(judged(week), helped::undecided);
    EXPECT_EQ(judged(week + 1us), helped::solved);
}

TEST_F(help, thanks_in_the_thread_decide_at_once) {
    later(1h, true, false, "thanks a lot");
    EXPECT_EQ(judged(59min), helped::undecided) << "not said yet";
    EXPECT_EQ(judged(1h), helped::solved);
}

TEST_F(help, thanks_elsewhere_decide_nothing) {
    later(1h, false, false, "thanks a lot");
    EXPECT_EQ(judged(2h), helped::undecided);
}

TEST_F(help, who_comes_back_with_the_same_within_seven_days_was_not_helped) {
    later(week, false, true);
    EXPECT_EQ(judged(week), helped::not_solved);
    EXPECT_EQ(judged(30 * 24h), helped::not_solved);
}

TEST_F(help, who_comes_back_later_than_that_was) {
    later(week + 1us, false, true);
    EXPECT_EQ(judged(week + 1us), helped::solved);
}

TEST_F(help, another_matter_is_no_coming_back) {
    later(1h, true, false, "what does it cost?");
    EXPECT_EQ(judged(2h), helped::undecided);
    EXPECT_EQ(judged(week + 1us), helped::solved);
}

TEST_F(help, thanks_that_name_the_matter_are_no_coming_back) {
    later(1h, true, true, "thanks, I could reset my password");
    EXPECT_EQ(judged(2h), helped::solved);
}

TEST_F(help, thanks_do_not_outweigh_a_coming_back) {
    later(1h, true, false, "thanks");
    later(2h, true, true, "I still cannot reset my password");
    EXPECT_EQ(judged(90min), helped::solved);
    EXPECT_EQ(judged(2h), helped::not_solved);
}

TEST_F(help, without_word_lists_nobody_is_heard_to_say_thanks) {
    later(1h, true, false, "thanks");
    EXPECT_EQ(judge_help(reply_, reply_.posted_at + 2h, nullptr), helped::undecided);
}

TEST_F(help, is_tallied_by_answer_with_the_denominator) {
    auto thanked = reply_, came_back = reply_, silent = reply_, uncited = reply_;
    later_message m;
    m.received_at = reply_.posted_at + 1h;
    m.same_thread = true;
    m.text = "thanks";
    thanked.cites = {"reset-password@abc", "contact@def", "reset-password@abc"};
    thanked.later = {m};
    m.text = "no";
    m.same_playbook = true;
    came_back.later = {m};
    uncited.cites.clear();
    const auto t = tally_answers({thanked, came_back, silent, uncited}, reply_.posted_at + 2h, &words_);
    ASSERT_EQ(t.size(), 2U);
    EXPECT_EQ(t.at("reset-password").posted, 3);
    EXPECT_EQ(t.at("reset-password").solved, 1);
    EXPECT_EQ(t.at("reset-password").not_solved, 1);
    EXPECT_EQ(t.at("reset-password").undecided, 1);
    EXPECT_EQ(t.at("contact").posted, 1);
    EXPECT_EQ(t.at("contact").solved, 1);
}

TEST(kept_answer, reads_back_as_what_the_department_wrote) {
    const std::string said = "Line \"one\": {a}\n\tline 'two' # \\n – größer\x01";
    const auto text = answer_file("new-one", "billing", "de", said, std::chrono::year{2027} / 3 / 9);
    yaml::findings found;
    const auto a = read_answer(yaml::parse(text, "new-one.yaml", found), "new-one.yaml", found);
    EXPECT_TRUE(found.empty()) << found.text();
    EXPECT_EQ(a.id, "new-one");
    EXPECT_EQ(a.owner, "billing");
    EXPECT_EQ(a.text.at("de"), said);
    EXPECT_EQ(a.review_by, std::chrono::year{2027} / 3 / 9);
}

class owners : public ::testing::Test {
 protected:
    owners() {
        playbook p;
        p.id = "p";
        p.owner = "suport";
        p.file = "p.yaml";
        p.owner_at = {3, 8};
        set_.playbooks.push_back(std::move(p));
        set_.answers["a"] = one("a", "billing", std::chrono::year{2027} / 1 / 1);
    }
    playbook_set set_;
    yaml::findings found_;
};

TEST_F(owners, that_are_not_declared_are_findings_at_their_place) {
    check_owners({"support", "billing"}, set_, found_);
    EXPECT_EQ(found_.text(), "p.yaml:3:8: there is no department 'suport'; did you mean support?\n");
}

TEST_F(owners, are_departments_by_themselves_where_none_is_declared) {
    check_owners({}, set_, found_);
    EXPECT_TRUE(found_.empty());
    const auto all = departments_of({}, set_);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, "billing");
    EXPECT_EQ(all[1].name, "suport");
}

TEST_F(owners, answer_for_what_their_playbook_left_unanswered) {
    unanswered_message m;
    EXPECT_EQ(department_of(m, set_), "");
    m.playbook = "p";
    EXPECT_EQ(department_of(m, set_), "suport");
    m.playbook = "gone";
    EXPECT_EQ(department_of(m, set_), "");
    m.department = "billing";
    EXPECT_EQ(department_of(m, set_), "billing");
}

}  // namespace
}  // namespace kith
