#include "platforms/bluesky/richtext.hpp"

#include "platforms/bluesky/length.hpp"

#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

/// "<what is marked>=<target>|..."
std::string marked(std::string_view text) {
    std::string out;
    for (const facet& f : find_facets(text)) {
        if (!out.empty()) out += " | ";
        out.append(text.substr(f.begin, f.end - f.begin)).append(f.is == facet::kind::link ? " = " : " @ ");
        out += f.target;
    }
    return out;
}

TEST(bluesky_richtext, finds_links_and_leaves_the_sentence_alone) {
    struct {
        const char *text, *links;
    } const cases[] = {
        {"see https://a.example/x?y=1#z now", "https://a.example/x?y=1#z = https://a.example/x?y=1#z"},
        {"see https://a.example/x.", "https://a.example/x = https://a.example/x"},
        {"(see https://a.example/x).", "https://a.example/x = https://a.example/x"},
        {"(https://a.example/x)", "https://a.example/x = https://a.example/x"},
        {"https://a.example/x_(y)", "https://a.example/x_(y) = https://a.example/x_(y)"},
        {"(https://a.example/x_(y)), or", "https://a.example/x_(y) = https://a.example/x_(y)"},
        {"\"https://a.example/\"?!", "https://a.example/ = https://a.example/"},
        {"help.example.com/reset, please", "help.example.com/reset = https://help.example.com/reset"},
        {"Example.COM.", "Example.COM = https://Example.COM"},
        {"HTTPS://a.example", "HTTPS://a.example = HTTPS://a.example"},
        {"http://127.0.0.1:80/x", "http://127.0.0.1:80/x = http://127.0.0.1:80/x"},
        {"https://a.example/\xc3\xbc\xe2\x80\xa6", "https://a.example/\xc3\xbc = https://a.example/\xc3\xbc"},
        {"a.com\xc2\xa0"
         "b.com\nc.com",
         "a.com = https://a.com | b.com = https://b.com | c.com = https://c.com"},
        {"xhttps://a.example", ""},
        {"https://", ""},
        {"e.g. this, i.e. that... v1.2.3 node.js report.pdf end.Start me@example.com", ""},
        {"-a.com a..com .com com", ""},
        {"", ""},
    };
    for (const auto& c : cases) EXPECT_EQ(marked(c.text), c.links) << c.text;
}

TEST(bluesky_richtext, finds_mentions) {
    struct {
        const char *text, *mentions;
    } const cases[] = {
        {"@ann.test hello", "@ann.test @ ann.test"},
        {"hi @Ann.Bsky.Social!", "@Ann.Bsky.Social @ ann.bsky.social"},
        {"(@ann.test)", "@ann.test @ ann.test"},
        {"@ann.test. @bob.test,", "@ann.test @ ann.test | @bob.test @ bob.test"},
        {"@ann.test's", "@ann.test @ ann.test"},
        {"mail me@ann.test, @ann, @.test, @ann.1", ""},
    };
    for (const auto& c : cases) EXPECT_EQ(marked(c.text), c.mentions) << c.text;
    EXPECT_EQ(handles_in(find_facets("@ann.test @bob.test @ANN.test https://c.com")),
              (std::vector<std::string>{"ann.test", "bob.test"}));
}

TEST(bluesky_richtext, counts_in_bytes_of_utf8) {
    const std::string_view text = "👩‍👩‍👧 ä @ann.test 🦋 a.com";
    const auto facets = find_facets(text);
    ASSERT_EQ(facets.size(), 2U);
    EXPECT_EQ(text.substr(facets[0].begin, facets[0].end - facets[0].begin), "@ann.test");
    EXPECT_EQ(facets[0].begin, 22U);
    EXPECT_EQ(facets[1].begin, 37U);
    const auto as = to_json(facets, {{"ann.test", "did:plc:ann"}});
    EXPECT_EQ(
        json::serialize(as),
        R"([{"index":{"byteStart":22,"byteEnd":31},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ann"}]},)"
        R"({"index":{"byteStart":37,"byteEnd":42},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://a.com"}]}])");
    EXPECT_EQ(to_json(facets, {}).size(), 1U) << "nobody has that handle: plain text";
}

TEST(bluesky_length, counts_graphemes_and_minds_the_bytes) {
    EXPECT_EQ(count_length("").used, 0U);
    EXPECT_EQ(count_length("abc").used, 3U);
    EXPECT_EQ(count_length("👩‍👩‍👧‍👦🇦🇹e\u0301\r\n").used, 4U);
    EXPECT_EQ(count_length("abc").limit, 300U);
    EXPECT_EQ(count_length("abc").unit, "graphemes");
    std::string families;
    for (int i = 0; i < 121; ++i) families += "👩‍👩‍👧‍👦";
    const auto many_bytes = count_length(families);
    EXPECT_EQ(many_bytes.unit, "bytes");
    EXPECT_EQ(many_bytes.limit, 3'000U);
    EXPECT_GT(many_bytes.used, many_bytes.limit);
    EXPECT_GT(count_length("\xff\xfe").used, 0U) << "broken bytes are counted, not a crash";
}

}  // namespace
}  // namespace kith::bluesky
