#include "daemon/relations/occasions.hpp"

#include "tests/match/folder.hpp"

namespace kith {
namespace {

using namespace std::chrono_literals;

class occasions : public playbook_folder {
 protected:
    void SetUp() override {
        playbook_folder::SetUp();
        write_answer();
        write("bugs.yaml", around("  any:\n    - phrase: crashes\n", "bugs"));
        write("questions.yaml", around("  any:\n    - phrase: export\n", "questions"));
        write("welcome.yaml", event("welcome", "event: first-week, where: {product: [pro]}"));
        write("mended.yaml", event("mended", "event: fixed, where: {reported: bugs}"));
        write("now.yaml", event("now", "event: new-answer, where: {asked: questions}"));
        rules_ = compile(load(), out_);
        ASSERT_TRUE(rules_) << said();
        history_.customer.consent = {"ticked the box", at_ - 24h * 90};
        told("hello there", 30 * 24h);
        answers_seen_["reset@" + rules_->set().answers.at("reset").revision] = timestamp{};
    }
    static std::string event(const std::string& id, const std::string& when) {
        const std::string said = id == "welcome" ? "" : ", message: a";
        return "id: " + id + "\ntitle: T\nowner: support\nstatus: live\nwhen: {" + when +
               "}\nsay:\n  - {id: r, kind: help, cites: [reset], text: {en: Hello.}}\ntests: [{event: fixed" +
               said + ", expect: r}, {event: fixed" + said + ", expect: nothing}]\n";
    }
    /// A message of the customer's, so long ago; later ones are newer.
    past_message& told(const std::string& text, timestamp::duration ago) {
        past_message p;
        p.message.id = static_cast<std::int64_t>(history_.messages.size()) + 1;
        p.message.account = "square";
        p.message.what.text = text;
        p.message.what.addressed = true;
        p.message.received_at = at_ - ago;
        history_.messages.push_back(p);
        return history_.messages.back();
    }
    void bought(const std::string& product, timestamp::duration ago) {
        history_.customer.purchases.push_back({product, at_ - ago});
    }
    std::vector<std::string> keys() const {
        const occasions_input in{history_, *rules_, "loopback", fixes_, answers_seen_, limits_, at_};
        std::vector<std::string> out;
        for (const auto& o : find_occasions(in)) out.push_back(o.key);
        return out;
    }
    using all = std::vector<std::string>;

    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();
    std::shared_ptr<const matcher> rules_;
    customer_history history_;
    std::vector<fix> fixes_;
    std::map<std::string, timestamp> answers_seen_;
    occasion_limits limits_{1, 24h * 30};
};

TEST_F(occasions, the_first_week_ends_after_seven_days) {
    bought("pro", 7 * 24h);
    EXPECT_EQ(keys(), all{"first-week welcome pro@2026-11-16"});
    history_.customer.purchases[0].bought_at -= 1us;
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, the_first_week_begins_with_the_purchase_and_not_before) {
    bought("pro", 0s);
    EXPECT_EQ(keys().size(), 1U);
    history_.customer.purchases[0].bought_at += 1us;
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, the_first_week_is_about_the_products_that_the_playbook_names) {
    bought("basic", 1h);
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, nothing_without_a_consent_or_before_it) {
    bought("pro", 1h);
    history_.customer.consent.at = at_;
    EXPECT_EQ(keys().size(), 1U);
    history_.customer.consent.at = at_ + 1us;
    EXPECT_EQ(keys(), all{});
    history_.customer.consent = {"", at_ - 1h};
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, nothing_for_who_never_wrote_to_us) {
    bought("pro", 1h);
    history_.messages.clear();
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, what_was_told_is_not_told_again) {
    bought("pro", 1h);
    history_.told.insert(keys().at(0));
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, at_most_so_many_within_so_long) {
    bought("pro", 1h);
    history_.proposed = {at_ - 24h * 30 + 1us};
    EXPECT_EQ(keys(), all{});
    history_.proposed = {at_ - 24h * 30};
    EXPECT_EQ(keys().size(), 1U);
    history_.proposed = {at_ - 1h};
    limits_.at_most = 2;
    EXPECT_EQ(keys().size(), 1U);
    limits_.at_most = 0;
    history_.proposed.clear();
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, a_fix_is_told_to_who_reported_it_before) {
    told("it crashes all day", 48h);
    fixes_ = {{7, "bugs", 0, "", "the export", at_ - 48h, "ann"}};
    EXPECT_EQ(keys(), all{}) << "reported at that moment, not before";
    fixes_[0].at += 1us;
    EXPECT_EQ(keys(), all{"fixed mended fix 7"});
    fixes_[0].playbook = "questions";
    EXPECT_EQ(keys(), all{}) << "another playbook's reports";
}

TEST_F(occasions, a_fix_of_one_message_is_told_to_its_author_only) {
    const auto id = told("it crashes all day", 48h).message.id;
    fixes_ = {{7, "", id, "acc", "the export", at_ - 1h, "ann"}};
    EXPECT_EQ(keys(), all{"fixed mended fix 7"});
    fixes_[0].message_id = id + 100;
    EXPECT_EQ(keys(), all{});
    fixes_[0].message_id = 1;  // "hello there": no report
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, a_new_answer_is_one_that_came_after_the_question) {
    told("how does the export work", 48h);
    EXPECT_EQ(keys(), all{});
    auto& seen = answers_seen_.begin()->second;
    seen = at_ - 48h;
    EXPECT_EQ(keys(), all{});
    seen += 1us;
    EXPECT_EQ(keys(), all{"new-answer now message 2"});
}

TEST_F(occasions, a_question_that_was_answered_is_not_answered_again) {
    told("how does the export work", 48h).answered = true;
    answers_seen_.begin()->second = at_ - 1h;
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, only_the_live_playbooks_count_and_only_where_they_apply) {
    bought("pro", 1h);
    history_.messages[0].message.what.author.bot = true;
    EXPECT_EQ(keys(), all{});
    history_.messages[0].message.what.author.bot = false;
    auto shadow = event("welcome", "event: first-week, where: {product: [pro]}");
    shadow.replace(shadow.find("live"), 4, "shadow");
    write("welcome.yaml", shadow);
    rules_ = compile(load(), out_);
    EXPECT_EQ(keys(), all{});
}

TEST_F(occasions, are_told_beneath_the_newest_message) {
    told("newer", 1h);
    told("older", 2h);
    EXPECT_EQ(place_for(history_)->what.text, "newer");
    EXPECT_EQ(place_for({}), nullptr);
}

}  // namespace
}  // namespace kith
