#include "daemon/match/sentence_parts.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

/// The parts, with | between them and & before one that runs on.
std::string parts_of(std::string_view text) {
    const folded f = fold(text);
    const bare_words words = bare(f.text, f.text.size());
    std::string all;
    for (const sentence_part& p : said_parts(words, f, text)) {
        if (!all.empty()) all += p.runs_on ? " & " : " | ";
        all += words.text.substr(p.begin, p.end - p.begin);
    }
    return all;
}

TEST(sentence_parts, stand_between_signs_lines_and_emoji) {
    EXPECT_EQ(parts_of("Not now. Stop it! (please) thanks"), "not now | stop it | please | thanks");
    EXPECT_EQ(parts_of("great 🙏 leave me alone"), "great | leave me alone");
    EXPECT_EQ(parts_of("Hello\nleave me alone\r\nBob"), "hello | leave me alone | bob");
    EXPECT_EQ(parts_of("one two"), "one two");
    EXPECT_EQ(parts_of("好的。不要"), "好的 | 不要");
    EXPECT_EQ(parts_of("?!., 🙏"), "");
    EXPECT_EQ(parts_of(""), "");
}

TEST(sentence_parts, run_on_behind_a_comma_and_nothing_else) {
    EXPECT_EQ(parts_of("Hört auf, mir zu schreiben"), "hort auf & mir zu schreiben");
    EXPECT_EQ(parts_of("もう、やめて"), "もう & やめて");
    EXPECT_EQ(parts_of("No, don't. Contact me again"), "no & don't | contact me again");
    EXPECT_EQ(parts_of("one,\ntwo"), "one | two");
    EXPECT_EQ(parts_of("one, (two)"), "one | two");
}

TEST(sentence_parts, leave_questions_out) {
    EXPECT_EQ(parts_of("Why? Leave me alone"), "leave me alone");
    EXPECT_EQ(parts_of("Tell me, leave me alone?!"), "tell me");
    EXPECT_EQ(parts_of("ماذا؟ نعم"), "نعم");
    EXPECT_EQ(parts_of("one? two, three"), "two & three");
}

TEST(sentence_parts, leave_out_what_stands_in_quotes) {
    EXPECT_EQ(parts_of("It said \"stop, leave me alone, now\" and ended"), "it said | and ended");
    EXPECT_EQ(parts_of("Er schrieb „lasst mich“. Danke"), "er schrieb | danke");
    EXPECT_EQ(parts_of("画面に「連絡しないで」と出た"), "画面に | と出た");
}

TEST(sentence_parts, are_not_divided_within_names_links_and_words) {
    EXPECT_EQ(parts_of("hey @kith.example.com leave me"), "hey leave me");
    EXPECT_EQ(parts_of("see https://example.com/a.b?c now"), "see now");
    EXPECT_EQ(parts_of("laissez-moi don't"), "laissez moi don't");
    EXPECT_EQ(parts_of("enough - leave me"), "enough | leave me");
}

TEST(sentence_parts, begin_behind_a_colon_only_after_one_word) {
    EXPECT_EQ(parts_of("kith: leave me alone"), "kith | leave me alone");
    EXPECT_EQ(parts_of("the page says: leave me alone"), "the page says leave me alone");
}

}  // namespace
}  // namespace kith
