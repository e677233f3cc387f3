#include "daemon/match/pattern.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

std::string exact(std::string_view regex) {
    return prepare(regex).exact;
}

TEST(pattern, folds_what_the_author_wrote_with_accents) {
    EXPECT_EQ(exact("für|FÜR|fu\u0308r"), "fur|FuR|fur");
    EXPECT_EQ(exact("stra(ß|ss)e"), "stra((?:ss)|ss)e");
    EXPECT_EQ(exact("[äöü]+[^é]"), "[aou]+[^e]");
    EXPECT_EQ(exact("\\x{fc}\\xe9\\x41"), "ue\\x41");
    EXPECT_EQ(exact("can’t can`t"), "can\\'t can\\'t");
    EXPECT_EQ(exact("\\Qü.b\\E."), "u\\.b.");
    EXPECT_EQ(exact("（a）…"), "\\(a\\)(?:\\.\\.\\.)");
}

TEST(pattern, leaves_the_rest_alone) {
    for (const char* regex :
         {"lock(ed)? out", "\\S\\W\\D", "[]a]\\]", "[[:alpha:]b]", "\\p{Lu}", "(?#ab[)c", "(?<name>a)",
          "[\\b]", "a{2,3}", "(a", "[a", "\\", "\\x", "\\x{", "\\x{zz}", "\\p{"})
        EXPECT_EQ(exact(regex), regex);
}

TEST(pattern, leaves_word_boundaries_out_of_the_loose_form_only) {
    const pattern p = prepare("\\block\\B[\\b]\\\\b");
    EXPECT_EQ(p.exact, "\\block\\B[\\b]\\\\b");
    EXPECT_EQ(p.loose, "lock[\\b]\\\\b");
    EXPECT_FALSE(p.same);
    EXPECT_TRUE(prepare("lock[\\b]").same);
}

TEST(pattern, says_where_one_character_becomes_two) {
    EXPECT_EQ(prepare("[ß]").problems,
              std::vector<std::string>{"a character in [...] is read as 'ss', which is more than one"});
    EXPECT_TRUE(prepare("ß+").problems.empty());
}

TEST(pattern, escapes_every_byte_that_could_mean_something) {
    EXPECT_EQ(escaped("a.b c"), "a\\x2eb\\x20c");
    EXPECT_EQ(escaped("é"), "\\xc3\\xa9");
}

}  // namespace
}  // namespace kith
