#include "daemon/canaries.hpp"

#include "daemon/queue/mutations.hpp"
#include "tests/match/folder.hpp"

namespace kith {
namespace {

text_length measure(std::string_view text) {
    return {text.size(), 300, "characters"};
}

class canaries : public playbook_folder {
 protected:
    void SetUp() override {
        playbook_folder::SetUp();
        write_answer();
        write("answers/other.yaml",
              "id: other\nowner: billing\ntext: {en: Invoices are on the page.}\nreview_by: 2027-11-30\n");
        write("p.yaml", around("  any:\n    - phrase: a\n"));
        rules_ = compile(load(), out_);
        ASSERT_TRUE(rules_) << said();
        message_.account = "square";
        message_.what.native_id = "m1";
        message_.what.revision = "1";
        message_.what.text = "a";
        message_.what.language = "en";
        message_.what.author.display_name = "Ann";
        message_.what.written_at = message_.received_at = at_;
        thread_.target_revision = "1";
        for (const char* name : {"house", "loopback"})  // in force, and without a rule of their own
            packs_.packs[name].expires = std::chrono::year{2027} / 11 / 23;
    }
    decide_input input() const {
        return {*rules_,    message_, thread_,
                "loopback", measure,  packs_,
                standing_,  house_,   automation_label::unknown,
                at_};
    }
    suggestion good() const {
        const auto made = decide(input());
        EXPECT_FALSE(made.suggestions.empty());
        return made.suggestions.at(0);
    }
    std::optional<mutated> mutate(std::string_view fault, std::uint64_t seed = 0) const {
        const auto s = good();
        const mutation_input in{s, message_.what, rules_->set(), seed};
        for (const auto& m : mutations())
            if (m.fault == fault) return m.make(in);
        ADD_FAILURE() << "no mutation " << fault;
        return std::nullopt;
    }

    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();
    std::shared_ptr<const matcher> rules_;
    stored_message message_;
    thread thread_;
    pack_set packs_;
    kith::standing standing_;
    house_facts house_;
};

TEST_F(canaries, begin_with_a_true_suggestion) {
    EXPECT_EQ(good().basis.text, "Hi Ann. Go to the page. https://example.com/reset");
}

TEST_F(canaries, call_the_contact_by_another_name_and_never_by_their_own) {
    EXPECT_EQ(mutate("wrong-name")->text, "Hi Maria. Go to the page. https://example.com/reset");
    message_.what.author.display_name = "Maria";
    EXPECT_EQ(mutate("wrong-name")->text, "Hi Thomas. Go to the page. https://example.com/reset");
    message_.what.author.display_name = "";
    EXPECT_EQ(mutate("wrong-name")->text, "Hi Maria. Go to the page. https://example.com/reset");
}

TEST_F(canaries, give_another_answer) {
    EXPECT_EQ(mutate("another-answer")->text, "Hi Ann. Invoices are on the page.");
}

TEST_F(canaries, lead_nowhere_or_to_somebody_else) {
    EXPECT_EQ(mutate("dead-link")->text, "Hi Ann. Go to the page. https://example.com/reset-old");
    EXPECT_EQ(mutate("foreign-link")->text, "Hi Ann. Go to the page. https://www.example.net/reset");
}

TEST_F(canaries, speak_another_language_promise_and_pitch) {
    EXPECT_EQ(mutate("wrong-language")->text, "Hallo");
    EXPECT_EQ(mutate("promise")->text, good().basis.text + " We'll have this solved for you by tomorrow.");
    EXPECT_EQ(mutate("pitch")->text, good().basis.text + " By the way, our Pro plan is worth a look.");
}

TEST_F(canaries, each_fault_changes_the_text_and_is_told_in_words) {
    for (const auto& m : mutations())
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const auto made = mutate(m.fault, seed);
            ASSERT_TRUE(made) << m.fault;
            EXPECT_NE(made->text, good().basis.text) << m.fault;
            EXPECT_FALSE(made->wrong.empty()) << m.fault;
        }
}

TEST_F(canaries, come_at_the_rate_that_the_house_sets) {
    int drawn = 0;
    for (int i = 0; i < 2000; ++i) {
        message_.what.native_id = "m" + std::to_string(i);
        EXPECT_FALSE(draft_canary(input(), good(), 0, "seed"));
        EXPECT_TRUE(draft_canary(input(), good(), 1, "seed"));
        if (draft_canary(input(), good(), 0.05, "seed")) ++drawn;
    }
    EXPECT_GT(drawn, 60);
    EXPECT_LT(drawn, 140);
}

TEST_F(canaries, are_the_same_for_the_same_message_and_not_to_be_guessed_without_the_seed) {
    const auto one = draft_canary(input(), good(), 1, "seed");
    EXPECT_EQ(one->text, draft_canary(input(), good(), 1, "seed")->text);
    bool differs = false;
    for (int i = 0; i < 20 && !differs; ++i)
        differs = draft_canary(input(), good(), 1, "seed" + std::to_string(i))->text != one->text;
    EXPECT_TRUE(differs);
}

TEST_F(canaries, are_only_what_the_policies_let_pass) {
    for (int i = 0; i < 50; ++i) {
        message_.what.native_id = "m" + std::to_string(i);
        const auto made = draft_canary(input(), good(), 1, "seed");
        ASSERT_TRUE(made);
        EXPECT_EQ(made->verdict.decision, decision::allow);
        const auto s = good();
        const reply_said said{made->text, "help", s.basis.playbook, s.department};
        EXPECT_EQ(made->verdict.digest(), verdict_on(input(), said).digest());
    }
    const auto s = good();
    thread_.may_reply = false;  // now every text is denied
    EXPECT_FALSE(draft_canary(input(), s, 1, "seed"));
}

TEST_F(canaries, stand_in_for_no_occasion_and_for_nothing_that_needs_two_people) {
    auto s = good();
    s.purpose = purpose::occasion;
    EXPECT_FALSE(draft_canary(input(), s, 1, "seed"));
    s.purpose = purpose::answer;
    s.verdict.decision = decision::second;
    EXPECT_FALSE(draft_canary(input(), s, 1, "seed"));
}

}  // namespace
}  // namespace kith
