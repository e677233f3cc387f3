#include "daemon/config/notify_config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace kith {
namespace {

using namespace std::chrono_literals;

struct read_one {
    std::vector<notify_config> made;
    std::string wrong;
};

read_one read(const std::string& text, const std::vector<department_config>& departments = {}) {
    ::setenv("KITH_TEST_HOOK", "sesame", 1);
    yaml::findings out;
    const auto document = yaml::parse(text, "kith.yaml", out);
    yaml::map_reader top(document, "kith.yaml", "kith.yaml", out);
    read_one got;
    got.made = read_notify(top, departments);
    got.wrong = out.text();
    return got;
}

TEST(notify_config, is_told_of_everything_unless_it_says_otherwise) {
    const auto got =
        read("notify:\n- {id: ops, webhook: 'https://x.example/p', secret: env:KITH_TEST_HOOK}\n");
    EXPECT_EQ(got.wrong, "");
    ASSERT_EQ(got.made.size(), 1U);
    EXPECT_TRUE(got.made[0].wants("waiting"));
    EXPECT_TRUE(got.made[0].wants("account-stopped"));
    EXPECT_EQ(got.made[0].waiting, 2h);
    EXPECT_EQ(got.made[0].secret, "sesame");
    EXPECT_EQ(got.made[0].in_words(), "https://x.example");
}

TEST(notify_config, says_each_mistake_and_its_cure) {
    department_config support;
    support.id = "support";
    const auto got = read(
        "notify:\n- {id: A B, webhook: 'http://x.example/p', secret: plain, on: [waitin], department: "
        "sales}\n"
        "- {id: ops, webhook: 'https://x.example/p', secret: env:KITH_TEST_HOOK, on: [unsure], waiting: 1h}\n"
        "- {id: ops, webhook: 'https://x.example/p', secret: env:KITH_TEST_HOOK, every: 1h}\n",
        {support});
    for (const auto* part :
         {"'A B' is no id", "no safe web address", "'waitin' is nothing that is told",
          "there is no department 'sales'", "add waiting to `on`", "there are two webhooks 'ops'", "every"})
        EXPECT_NE(got.wrong.find(part), std::string::npos) << part << "\n" << got.wrong;
}

TEST(goals, are_durations_and_zero_where_there_is_none) {
    yaml::findings out;
    const auto some = yaml::parse("goals: {answer_within: 4h}", "f", out);
    yaml::map_reader a(some, "f", "f", out);
    EXPECT_EQ(read_goal(a), 4h);
    const auto none = yaml::parse("x: 1", "f", out);
    yaml::map_reader b(none, "f", "f", out);
    EXPECT_EQ(read_goal(b), 0h);
    EXPECT_TRUE(out.empty());
    const auto wrong = yaml::parse("goals: {answer_within: soon}", "f", out);
    yaml::map_reader c(wrong, "f", "f", out);
    read_goal(c);
    EXPECT_FALSE(out.empty());
}

}  // namespace
}  // namespace kith
