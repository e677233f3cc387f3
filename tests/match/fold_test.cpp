#include "daemon/match/fold.hpp"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include <random>

namespace kith {
namespace {

std::string folds(std::string_view text) {
    return fold(text).text;
}

TEST(fold, makes_one_form_of_case_accents_and_width) {
    EXPECT_EQ(folds("Passwort Zurücksetzen"), "passwort zurucksetzen");
    EXPECT_EQ(folds("STRAẞE Straße"), "strasse strasse");
    EXPECT_EQ(folds("ｐａｓｓｗｏｒｄ １２"), "password 12");
    EXPECT_EQ(folds("cafe\u0301 café CAFÉ"), "cafe cafe cafe");
    EXPECT_EQ(folds("İstanbul ŁÓDŹ"), "istanbul łodz");
    EXPECT_EQ(folds("ΣΊΣΥΦΟΣ σίσυφος"), "σισυφοσ σισυφοσ");
    EXPECT_EQ(folds("ﬁne ① ㎏"), "fine 1 kg");
}

TEST(fold, makes_one_form_of_quotes_dashes_and_spaces) {
    EXPECT_EQ(folds("can’t can‘t can´t can`t canʼt"), "can't can't can't can't can't");
    EXPECT_EQ(folds("„a“ «b» “c”"), "\"a\" \"b\" \"c\"");
    EXPECT_EQ(folds("sign\u2011in – sign—in"), "sign-in - sign-in");
    EXPECT_EQ(folds(" \t a\u00A0\u3000\r\n b \u2028"), "a b");
    EXPECT_EQ(folds("pass\u200Bword\u00AD \uFEFFx\u2060y"), "password xy");
    EXPECT_EQ(folds("a \u200B b"), "a b");
    EXPECT_EQ(folds("❤️ ❤ 👍🏽"), "❤ ❤ 👍");
}

TEST(fold, keeps_the_marks_that_make_the_letter) {
    EXPECT_EQ(folds("पासवर्ड"), "पासवर्ड");
    EXPECT_EQ(folds("ที่"), "ที่");
    EXPECT_EQ(folds("がか"), "がか");
    EXPECT_EQ(folds("ﾊﾟｽﾜｰﾄﾞ"), "パスワード");
    EXPECT_EQ(folds("мой мои ещё"), "мой мои еще");
    EXPECT_EQ(folds("비밀번호"), "비밀번호");
    EXPECT_EQ(folds("كَلِمَة أإآ"), "كلمة ااا");
    EXPECT_EQ(folds("שָׁלוֹם"), "שלום");
}

TEST(fold, replaces_what_is_not_utf8) {
    EXPECT_EQ(folds("a\xFF"
                    "b"),
              "a\uFFFD"
              "b");
    EXPECT_EQ(folds("\xC3"), "\uFFFD");
    EXPECT_EQ(folds(std::string_view("a\0b", 3)), std::string_view("a\0b", 3));
}

TEST(fold, leads_back_to_the_original) {
    const std::string text = "  Ich  kann’s  nicht: STRAẞE\u0301!";
    const folded f = fold(text);
    EXPECT_EQ(f.text, "ich kann's nicht: strasse!");
    const auto original = [&](std::string_view part) {
        const std::size_t at = f.text.find(part);
        const std::size_t begin = f.original_begin(at);
        return text.substr(begin, f.original_end(at + part.size()) - begin);
    };
    EXPECT_EQ(original("kann's nicht"), "kann’s  nicht");
    EXPECT_EQ(original("strasse"), "STRAẞE\u0301");
    EXPECT_EQ(original("ich"), "Ich");
    EXPECT_EQ(original("!"), "!");
    EXPECT_EQ(f.original_begin(f.text.size()), text.size());
}

TEST(fold, costs_no_more_for_a_tower_of_marks) {
    std::string text = "a";
    for (int i = 0; i < 20'000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";
    EXPECT_EQ(folds(text), "a");
}

TEST(fold, gives_valid_utf8_within_the_original_for_any_bytes_and_is_stable) {
    std::mt19937 random(11);  // NOLINT: the same on every run
    const std::string_view likely[] = {
        "a",  "Z",      " ",    "ß",        "é",    "\u0301", "\u0345",       "ไ",      "が", "\uFDFA",
        "😀", "\u200D", "\xC3", "\xF0\x9F", "\xFF", "가",     "\u1100\u1161", "\u00A8", "ǅ",  "\n"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::size_t n = random() % 20; n > 0; --n) {
            if (random() % 10 == 0)
                text += static_cast<char>(random());
            else
                text += likely[random() % std::size(likely)];
        }
        const folded f = fold(text);
        for (int32_t i = 0; i < static_cast<int32_t>(f.text.size());) {
            UChar32 c = 0;
            U8_NEXT(f.text.data(), i, static_cast<int32_t>(f.text.size()), c);
            ASSERT_GE(c, 0) << round;
        }
        for (std::size_t i = 0; i < f.text.size(); ++i) {
            ASSERT_LT(f.original_begin(i), f.original_end(i + 1));
            ASSERT_LE(f.original_end(i + 1), text.size());
            if (i > 0) {
                ASSERT_LE(f.original_begin(i - 1), f.original_begin(i));
            }
        }
        ASSERT_EQ(folds(f.text), f.text) << round;
    }
}

TEST(cut, never_splits_a_character) {
    EXPECT_EQ(cut("aé", 2), "a");
    EXPECT_EQ(cut("aé", 3), "aé");
    EXPECT_EQ(cut("😀", 3), "");
    EXPECT_EQ(cut("\x80\x80\x80\x80\x80\x80", 5).size(), 2U);
    EXPECT_EQ(cut("", 0), "");
}

}  // namespace
}  // namespace kith
