#include "platforms/bluesky/cbor.hpp"

#include "platforms/bluesky/base_n.hpp"
#include "tests/platforms/bluesky/cbor_writer.hpp"

#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

using namespace std::string_literals;

std::optional<cbor::value> whole(std::string_view input) {
    auto v = cbor::take(input);
    return input.empty() ? std::move(v) : std::nullopt;
}

TEST(bluesky_cbor, reads_what_a_record_is_made_of) {
    const std::string cid = test::cid_of("block");
    const std::string bytes =
        test::map({{"n", test::number(-70'000)},
                   {"big", test::number(9'007'199'254'740'993)},
                   {"s", test::text("Grüße 🦋")},
                   {"b", test::bytes("\x00\xff"s)},
                   {"l", test::cid_link(cid)},
                   {"a", test::array({"\xf5", "\xf4", "\xf6", "\xfb\x3f\xf8\0\0\0\0\0\0"s})}});
    const auto v = whole(bytes);
    ASSERT_TRUE(v);
    EXPECT_EQ(v->number("n"), -70'000);
    EXPECT_EQ(v->number("big"), 9'007'199'254'740'993);
    EXPECT_EQ(v->text("s"), "Grüße 🦋");
    EXPECT_EQ(v->link("l"), cid);
    const json::object as = cbor::to_json(*v).as_object();
    EXPECT_EQ(text_at(*object_at(as, "b"), "$bytes"), "AP8");
    EXPECT_EQ(text_at(*object_at(as, "l"), "$link"), cid_text(cid));
    EXPECT_EQ(json::serialize(*array_at(as, "a")), "[true,false,null,1.5E0]");
}

TEST(bluesky_cbor, writes_content_ids_as_everybody_does) {
    // The empty map: its content id is well known.
    EXPECT_EQ(cid_text(test::cid_of("\xa0")), "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua");
}

TEST(bluesky_cbor, refuses_what_dag_cbor_forbids) {
    const std::string_view wrong[] = {
        "",
        "\x18",                                  // its number is missing
        "\x18\x05",                              // not the shortest form
        "\x1b\xff\xff\xff\xff\xff\xff\xff\xff",  // beyond 63 bits
        "\x5f\x41\x61\xff",                      // indefinite length
        "\x9f\xff",
        "\x62\x61",                              // runs past the end
        "\x61\xff",                              // not UTF-8
        "\x62\xc0\xaf",                          // overlong
        "\xa1\x01\x01",                          // a key that is no text
        "\xa2\x61\x61\x01\x61\x61\x02",          // a key twice
        "\xc1\x01",                              // a tag but 42
        "\xd8\x2a\x41\x01",                      // a link without its leading zero
        "\xf7",                                  // undefined
        "\xf9\x3c\x01",                          // half precision
        "\xfb\x7f\xf0\x01\x01\x01\x01\x01\x01",  // not a number
        "\xff",
    };
    for (const std::string_view each : wrong) EXPECT_FALSE(whole(each)) << testing::PrintToString(each);
}

TEST(bluesky_cbor, reserves_nothing_for_a_length_that_lies) {
    EXPECT_FALSE(whole("\x9b\x00\x00\x00\x10\x00\x00\x00\x00"s));
    EXPECT_FALSE(whole("\xbb\x00\x00\x00\x10\x00\x00\x00\x00"s));
    EXPECT_FALSE(whole("\x7b\x00\x00\x00\x10\x00\x00\x00\x00"s));
}

TEST(bluesky_cbor, stops_at_its_limits) {
    const std::string deep = std::string(500, '\x81') + "\x01";
    EXPECT_FALSE(whole(deep));
    EXPECT_TRUE(whole(std::string(60, '\x81') + "\x01"));
    std::string_view many = "\x84\x01\x02\x03\x04";
    EXPECT_FALSE(cbor::take(many, {64, 4}));
    EXPECT_EQ(many.size(), 5U) << "a refused input stays where it was";
    EXPECT_TRUE(cbor::take(many, {64, 5}));
}

TEST(bluesky_cbor, reads_tokens_alphabet_and_nothing_else) {
    EXPECT_EQ(from_base64url("eyJhIjoxfQ"), "{\"a\":1}");
    EXPECT_EQ(from_base64url("_-8"), "\xff\xef");
    EXPECT_FALSE(from_base64url("a"));
    EXPECT_FALSE(from_base64url("ab+/"));
}

}  // namespace
}  // namespace kith::bluesky
