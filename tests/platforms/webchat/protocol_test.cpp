#include "platforms/webchat/protocol.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <random>

namespace kith::webchat {
namespace {

TEST(webchat_protocol, reads_a_hello_and_a_say) {
    const std::string token(32, 'a');
    const auto h = parse_frame(R"({"type":"hello","visitor":")" + token +
                               R"(","after":7,"lang":"de","page":"https://x"})");
    ASSERT_TRUE(h.has_value());
    EXPECT_EQ(std::get<hello>(*h).visitor, token);
    EXPECT_EQ(std::get<hello>(*h).after, 7);
    const auto s = parse_frame(R"({"type":"say","id":"1","text":"hi"})");
    ASSERT_TRUE(s.has_value());
    EXPECT_EQ(std::get<say>(*s).text, "hi");
}

TEST(webchat_protocol, a_token_that_is_none_makes_a_new_visitor) {
    for (const char* bad :
         {"short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../../../../../../../../../.."}) {
        const auto h = parse_frame(std::string(R"({"type":"hello","visitor":")") + bad + "\"}");
        ASSERT_TRUE(h.has_value());
        EXPECT_EQ(std::get<hello>(*h).visitor, "");
    }
}

TEST(webchat_protocol, refuses_what_is_no_frame) {
    for (const char* text :
         {"", "hello", "[]", "{}", R"({"type":1})", R"({"type":"dance"})", R"({"type":"say"})",
          R"({"type":"say","id":"","text":"x"})", R"({"type":"say","id":"1","text":5})",
          R"({"type":"hello","after":-1})", R"({"type":"hello","after":"1"})"})
        EXPECT_TRUE(parse_frame(text).has_error()) << text;
}

TEST(webchat_protocol, takes_any_bytes_without_harm) {
    std::mt19937 random(7);
    const std::string seed = R"({"type":"say","id":"1","text":"how do I \u00e9 \ud83d\ude00"})";
    for (int i = 0; i < 20'000; ++i) {
        auto bytes = seed;
        for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
        const auto f = parse_frame(bytes);
        if (f.has_value() && std::holds_alternative<say>(*f)) {
            EXPECT_FALSE(std::get<say>(*f).id.empty());
        }
    }
}

TEST(webchat_protocol, keeps_a_line_and_reads_it_back) {
    line l;
    l.text = "a \"quoted\" 😀 line\n";
    l.language = "de";
    l.page = "https://example.com/?a=1";
    const auto again = from_body(to_body(l));
    EXPECT_EQ(again.text, l.text);
    EXPECT_EQ(again.language, "de");
    EXPECT_FALSE(again.from_staff);
    l.from_staff = true;
    EXPECT_TRUE(from_body(to_body(l)).from_staff);
}

TEST(webchat_protocol, shows_a_widget_its_own_id_and_the_daemon_a_unique_one) {
    line l;
    l.text = "hi";
    const journal::entry e{3, "visitor1", "visitor1-abc", to_body(l), now()};
    const auto frame = boost::json::parse(message_frame(e)).as_object();
    EXPECT_EQ(frame.at("id").as_string(), "abc");
    EXPECT_EQ(frame.at("from").as_string(), "visitor");
    const auto m = to_message(e);
    EXPECT_EQ(m.native_id, "visitor1-abc");
    EXPECT_TRUE(m.addressed);
    EXPECT_FALSE(m.ours);
}

TEST(webchat_protocol, the_store_does_not_hold_the_token) {
    const std::string token(32, 'b');
    EXPECT_EQ(visitor_of(token).find(token), std::string::npos);
    EXPECT_EQ(visitor_of(token), visitor_of(token));
    EXPECT_NE(visitor_of(token), visitor_of(std::string(32, 'c')));
}

TEST(webchat_protocol, counts_characters_not_bytes) {
    EXPECT_EQ(characters("abc"), 3U);
    EXPECT_EQ(characters("ä😀"), 2U);
}

TEST(webchat_rate, lets_a_burst_through_and_then_one_at_a_time) {
    using namespace std::chrono_literals;
    rate_limit pace(2, 1s);
    const auto start = std::chrono::steady_clock::time_point(1000s);
    EXPECT_TRUE(pace.take(start));
    EXPECT_TRUE(pace.take(start));
    EXPECT_FALSE(pace.take(start + 999ms));
    EXPECT_TRUE(pace.take(start + 1000ms));
    EXPECT_FALSE(pace.take(start + 1500ms));
    EXPECT_TRUE(pace.take(start + 3000ms));
    EXPECT_TRUE(pace.take(start + 1h)) << "a long silence fills up to the burst ...";
    EXPECT_TRUE(pace.take(start + 1h));
    EXPECT_FALSE(pace.take(start + 1h)) << "... and no further";
}

}  // namespace
}  // namespace kith::webchat
