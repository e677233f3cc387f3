#include "daemon/model/json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace kith {
namespace {

std::string text(const boost::json::value& v) { return boost::json::serialize(v); }

TEST(json, reads_back_what_it_wrote) {
    const std::vector<std::string> texts{"a \"quoted\" word", ""};
    EXPECT_EQ(texts_from_json(text(to_json(texts))), texts);

    const std::vector<matched_words> words{{"phrase: log in", "Log in", 3, 9}};
    const auto words_again = matched_from_json(text(to_json(words)));
    ASSERT_EQ(words_again.size(), 1U);
    EXPECT_EQ(words_again[0].words, "Log in");
    EXPECT_EQ(words_again[0].end, 9U);

    verdict v;
    v.decision = decision::second;
    v.reasons = {{"house.press", decision::second, "a journalist"}};
    EXPECT_EQ(verdict_from_json(text(to_json(v))).digest(), v.digest());

    thread_line line{"m1", "ann", "Ann", true, "hello", from_micros(1'000'000)};
    const auto lines = thread_from_json(text(to_json(std::vector<thread_line>{line})));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].name, "Ann");
    EXPECT_TRUE(lines[0].ours);
    EXPECT_EQ(lines[0].written_at, line.written_at);
}

TEST(json, throws_on_what_it_did_not_write) {
    EXPECT_ANY_THROW(matched_from_json("[{}]"));
    EXPECT_ANY_THROW(verdict_from_json("[]"));
    EXPECT_ANY_THROW(texts_from_json("not json"));
}

}  // namespace
}  // namespace kith
