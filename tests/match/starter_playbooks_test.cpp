#include "daemon/match/matcher.hpp"
#include "daemon/suggest/suggest.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

class starter_playbooks : public testing::Test {
 protected:
    void SetUp() override {
        playbook_set set = load_playbooks(KITH_SOURCE_DIR "/playbooks", out_);
        ASSERT_TRUE(out_.empty()) << out_.text();
        matcher_ = compile(std::move(set), out_);
        ASSERT_NE(matcher_, nullptr) << out_.text();
    }
    suggested answer(const std::string& text, const std::string& language) const {
        message m;
        m.author.display_name = "Ada";
        m.text = text;
        m.language = language;
        m.addressed = true;
        const matched_message asked{"support", "webchat", &m};
        return suggest(m, matcher_->find(asked), matcher_->set(), "en",
                       *from_rfc3339("2026-11-23T12:00:00Z"));
    }
    yaml::findings out_;
    std::shared_ptr<const matcher> matcher_;
};

TEST_F(starter_playbooks, pass_their_own_tests) {
    EXPECT_GE(matcher_->set().playbooks.size(), 6U);
    run_tests(*matcher_, "en", out_);
    EXPECT_TRUE(out_.empty()) << out_.text();
}

TEST_F(starter_playbooks, help_somebody_who_is_locked_out_in_their_language) {
    const suggested en = answer("how do I reset my password?", "");
    ASSERT_EQ(en.candidates.size(), 2U);
    EXPECT_EQ(en.candidates[0].playbook, "sign-in-trouble");
    EXPECT_EQ(en.candidates[0].kind, reply_kind::help);
    EXPECT_EQ(en.candidates[0].text,
              "Hi Ada, sorry about the trouble signing in. You can choose a new password at "
              "https://example.com/reset. We'll e-mail you a link that works for an hour; if it isn't there, "
              "please "
              "look in the spam folder.");
    EXPECT_EQ(en.candidates[1].kind, reply_kind::ask);
    const suggested de = answer("Hilfe, Passwort vergessen!", "de-CH");
    ASSERT_FALSE(de.candidates.empty());
    EXPECT_EQ(de.candidates[0].language, "de");
}

TEST_F(starter_playbooks, fit_into_the_shortest_platform_that_people_use) {
    message m;
    m.author.display_name = "Bartholomew Featherstonehaugh";
    for (const playbook& p : matcher_->set().playbooks)
        for (const reply& r : p.say)
            for (const auto& [language, text] : r.text) {
                const std::string said = render(text, m, matcher_->set(), language);
                EXPECT_LE(said.size(), 300U) << p.id << "/" << r.id << " in " << language << ": " << said;
                EXPECT_EQ(said.find("{{"), std::string::npos);
            }
}

}  // namespace
}  // namespace kith
