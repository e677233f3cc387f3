#include "daemon/model/edit_distance.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(edit_distance, counts_what_was_inserted_deleted_and_replaced) {
    EXPECT_EQ(edit_distance("", ""), 0);
    EXPECT_EQ(edit_distance("Use the link.", "Use the link."), 0);
    EXPECT_EQ(edit_distance("", "abc"), 3);
    EXPECT_EQ(edit_distance("abc", ""), 3);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
    EXPECT_EQ(edit_distance("Use the link.", "Please use the link."), 8);
}

TEST(edit_distance, counts_characters_rather_than_bytes) {
    EXPECT_EQ(edit_distance("Grüße", "Grusse"), 3);
    EXPECT_EQ(edit_distance("a😀b", "ab"), 1);
    EXPECT_EQ(edit_distance("é", "e"), 1);
}

TEST(edit_distance, is_never_too_little_where_counting_would_take_long) {
    const std::string a(2'000, 'a'), b(2'000, 'b'), c(2'001, 'c');
    EXPECT_EQ(edit_distance(a, b), 2'000);
    EXPECT_EQ(edit_distance(a, c), 2'001);
    EXPECT_EQ(edit_distance(a + "x" + a, a + "y" + a), 1) << "what both begin and end with costs nothing";
}

}  // namespace
}  // namespace kith
