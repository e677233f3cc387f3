#include "daemon/match/word_list.hpp"
#include "tests/match/words_folder.hpp"

#include <map>

namespace kith {
namespace {

const std::string shipped = std::string(KITH_SOURCE_DIR) + "/policies/words";

class words : public words_folder {
 protected:
    std::shared_ptr<const word_lists> stop() {
        list("opt-out",
             "  alone: [stop, leave me alone]\n  around: [please, hello]\n"
             "  anywhere: [leave me alone, unsubscribe me]\n  regex: ['\\bno more (mails|messages)\\b']\n"
             "  not: [don't leave me alone]\n");
        auto made = load();
        EXPECT_NE(made, nullptr) << out_.text();
        return made;
    }
};

TEST_F(words, hear_a_short_form_only_where_it_is_the_whole_message) {
    const auto w = stop();
    EXPECT_EQ(heard_in(*w, "Stop"), "opt-out: Stop");
    EXPECT_EQ(heard_in(*w, "stop the sync"), "");
    EXPECT_EQ(heard_in(*w, "please"), "") << "a greeting alone says nothing";
}

TEST_F(words, leave_out_names_links_punctuation_and_emoji_around_a_short_form) {
    const auto w = stop();
    for (const char* text :
         {"@kith.example.com STOP!!! 🙏", "hello, please stop.", "(stop)", "stop stop\n\nstop",
          "<@!123456> stop https://example.com/a?b=c", ":wave: stop", "/stop@our_bot",
          "@kith:example.com: stop", "ＳＴＯＰ", "@марина stop", "“Stop.”"})
        EXPECT_EQ(heard_in(*w, text).substr(0, 9), "opt-out: ") << text;
    EXPECT_EQ(heard_in(*w, "stop example.com"), "");
    EXPECT_EQ(heard_in(*w, "stop@example.com"), "") << "that is an address";
}

TEST_F(words, hear_whole_words_anywhere_and_say_where) {
    const auto w = stop();
    const std::string text = "Ach — Leave  me alone, will you";
    const auto found = w->find(text);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].words, "Leave  me alone");
    EXPECT_EQ(text.substr(found[0].begin, found[0].end - found[0].begin), found[0].words);
    EXPECT_EQ(found[0].language, "en");
    EXPECT_EQ(heard_in(*w, "cleave me alone"), "");
    EXPECT_EQ(heard_in(*w, "leave me aloneness"), "");
}

TEST_F(words, hear_a_part_of_a_sentence_that_says_only_this) {
    list("opt-out", "  alone: [stop]\n  part: [do not reply to me]\n  around: [please, again]\n", "stop");
    const auto w = load();
    ASSERT_NE(w, nullptr) << out_.text();
    EXPECT_EQ(heard_in(*w, "It is broken. Please do NOT reply to me again, bye"),
              "opt-out: do NOT reply to me");
    EXPECT_EQ(heard_in(*w, "please do not reply to me"), "opt-out: do not reply to me");
    for (const char* text :
         {"You do not reply to me", "do not reply to me with a bot", "do not reply to me?", "please, again",
          "it says \"do not reply to me\"", "do not. reply to me", "broken, stop, broken"})
        EXPECT_EQ(heard_in(*w, text), "") << text;
}

TEST_F(words, hear_a_pattern) {
    const auto w = stop();
    EXPECT_EQ(heard_in(*w, "I want NO MORE messages from you"), "opt-out: NO MORE messages");
    EXPECT_EQ(heard_in(*w, "no more massages"), "");
}

TEST_F(words, do_not_hear_what_a_veto_lies_across) {
    const auto w = stop();
    EXPECT_EQ(heard_in(*w, "please don't leave me alone here"), "");
    EXPECT_EQ(heard_in(*w, "I said don't leave me alone. Now: leave me alone"), "opt-out: leave me alone")
        << "a veto takes away one place, not the message";
}

TEST_F(words, find_each_topic_once_and_in_order) {
    list("thanks", "  anywhere: [thank you]\n", "thank you");
    list("complaint", "  anywhere: [not good]\n", "not good");
    const auto w = load();
    ASSERT_NE(w, nullptr) << out_.text();
    EXPECT_EQ(heard_in(*w, "Thank you! thank you! not good"), "complaint: not good, thanks: Thank you");
    EXPECT_TRUE(w->knows("thanks"));
    EXPECT_FALSE(w->knows("opt-out"));
}

TEST_F(words, need_no_spaces_where_a_language_has_none) {
    list("opt-out", "  alone: [停止]\n  around: [请]\n  anywhere: [連絡しないで, 연락하지 마]\n", "请停止");
    const auto w = load();
    ASSERT_NE(w, nullptr) << out_.text();
    EXPECT_EQ(heard_in(*w, "もう連絡しないでください"), "opt-out: 連絡しないで");
    EXPECT_EQ(heard_in(*w, "다시 연락하지 마세요"), "opt-out: 연락하지 마");
    EXPECT_EQ(heard_in(*w, "停止同步"), "");
}

TEST_F(words, are_refused_with_every_mistake_and_its_place) {
    write("opt-out.yaml",
          "topic: opt-uot\nen:\n  alone: [stop, Stop]\n  anywere: [x]\n  regex: ['(?=a)b']\n"
          "tests:\n  - {language: en, text: stop, expect: yes}\n");
    EXPECT_EQ(load(), nullptr);
    const auto all = said();
    for (const char* part : {"opt-out.yaml:1:8: the topic 'opt-uot' stands in a file of another name",
                             "opt-out.yaml:4:3: unknown key 'anywere'", "no test of 'en' expects no"})
        EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
    write("opt-out.yaml",
          "topic: opt-out\nen:\n  alone: [stop, Stop]\n  regex: ['(?=a)b']\n  anywhere: ['...']\n"
          "tests:\n  - {language: en, text: stop, expect: yes}\n  - {language: en, text: go, expect: no}\n");
    EXPECT_EQ(load(), nullptr);
    const auto more = said();
    for (const char* part : {"3:17: 'Stop' stands in 'en' twice", "4:11: this regex cannot be used",
                             "5:14: '...' holds no word"})
        EXPECT_NE(more.find(part), std::string::npos) << part << "\n" << more;
}

TEST_F(words, are_refused_while_one_of_their_tests_fails) {
    list("opt-out", "  alone: [stop]\n", "stop it", "stop");
    EXPECT_EQ(load(), nullptr);
    const auto all = said();
    for (const char* part :
         {"5:5: the test 'stop it' expects yes, but nothing of it was heard; mend the words, or the test",
          "6:5: the test 'stop' expects no, but 'stop' was heard (en); mend the words, or the test"})
        EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST_F(words, are_refused_where_there_are_none) {
    EXPECT_EQ(load(), nullptr);
    EXPECT_NE(said().find("holds no lists of words"), std::string::npos);
    out_ = {};
    EXPECT_EQ(load_words(folder_ + "/absent", out_), nullptr);
    EXPECT_FALSE(out_.empty());
}

TEST(shipped_words, cover_what_the_rules_listen_for) {
    yaml::findings out;
    const auto w = load_words(shipped, out);
    ASSERT_NE(w, nullptr) << out.text();
    for (const char* topic : {"opt-out", "opt-in", "promotion", "complaint", "asks-for-offer", "thanks",
                              "recommends", "people-only.legal", "people-only.self-harm",
                              "people-only.security", "people-only.press", "people-only.minors"})
        EXPECT_TRUE(w->knows(topic)) << topic;
}

TEST(built_in_words, hear_who_wants_to_be_left_alone) {
    const auto w = built_in_words();
    ASSERT_TRUE(w->knows("opt-out") && w->knows("opt-in"));
    EXPECT_EQ(w->find("please stop").at(0).topic, "opt-out");
    EXPECT_EQ(w->find("you may write to me again").at(0).topic, "opt-in");
}

/// Of both wishes: at least twelve languages, each with several words and two tests each way.
TEST(shipped_words, hear_wishes_in_many_languages) {
    for (const char* topic : {"opt-out", "opt-in"}) {
        yaml::findings out;
        const std::string path = shipped + "/" + topic + ".yaml";
        const auto list = read_word_list(yaml::parse_file(path, out), path, out);
        ASSERT_TRUE(list && out.empty()) << out.text();
        struct counts {
            int alone = 0, within = 0, yes = 0, no = 0;
        };
        std::map<std::string, counts> of;  // by language
        for (const worded& x : list->words) {
            if (x.is == wording::alone) ++of[x.language].alone;
            if (x.is == wording::anywhere || x.is == wording::part) ++of[x.language].within;
        }
        for (const word_test& t : list->tests) ++(t.expect ? of[t.language].yes : of[t.language].no);
        EXPECT_GE(of.size(), 12U);
        for (const auto& [language, n] : of) {
            EXPECT_GE(n.alone, 2) << topic << " " << language;
            EXPECT_GE(n.within, 2) << topic << " " << language;
            EXPECT_GE(n.yes, 2) << topic << " " << language;
            EXPECT_GE(n.no, 2) << topic << " " << language;
        }
    }
}

/// What ships as answers promotes nothing, and nobody opts out by asking how to stop something.
TEST(shipped_words, do_not_hear_what_is_not_there) {
    yaml::findings out;
    const auto w = load_words(shipped, out);
    ASSERT_NE(w, nullptr) << out.text();
    for (const char* text :
         {"How do I stop the sync?", "there is a stop sign", "How do I reset my password?",
          "Your service was down, is it up again?", "Где кнопка «стоп»?", "停止ボタンはどこですか"})
        EXPECT_TRUE(w->find(text).empty()) << text << ": " << w->find(text)[0].topic;
}

}  // namespace
}  // namespace kith
