/// What a line of the queue makes of texts.
#include "daemon/console/queue_view.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace kith::console {
namespace {

std::string pieces(std::string_view text) {
    std::string out;
    for (const auto& piece : preview_of(text))
        out +=
            std::string(piece.at("kind").as_string()) + "(" + std::string(piece.at("text").as_string()) + ")";
    return out;
}

TEST(preview, finds_links_names_and_tags_and_loses_no_byte) {
    EXPECT_EQ(pieces("Hi @ann, see https://example.com/a?b=1. #help"),
              "text(Hi )mention(@ann)text(, see )link(https://example.com/a?b=1)text(. )tag(#help)");
    EXPECT_EQ(pieces("mail me@example.com, a#b, # and @ alone, https://"),
              "text(mail me@example.com, a#b, # and @ alone, https://)");
    EXPECT_EQ(pieces(""), "");
}

TEST(preview, does_not_cut_a_character) {
    EXPECT_EQ(pieces("grüße @jürgen 👋"), "text(grüße )mention(@jürgen)text( 👋)");
}

TEST(shortened, keeps_whole_characters_and_marks_what_is_left_out) {
    EXPECT_EQ(shortened("größe", 5), "größe");
    EXPECT_EQ(shortened("größer", 5), "größ…");
    EXPECT_EQ(shortened("", 5), "");
}

}  // namespace
}  // namespace kith::console
