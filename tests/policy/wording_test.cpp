#include "daemon/policy/wording.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using texts = std::vector<std::string>;

TEST(wording, finds_the_host_of_every_link) {
    EXPECT_EQ(hosts_in("see https://Example.com/a?b=c and HTTP://user:pw@shop.example.com:8443/x."),
              (texts{"example.com", "shop.example.com"}));
    EXPECT_EQ(hosts_in("https://example.com\\@evil.net"), texts{"example.com"});
    EXPECT_EQ(hosts_in("https://example.com@evil.net/"), texts{"evil.net"});
    EXPECT_EQ(hosts_in("ftp://files.example.org"), texts{"files.example.org"});
    EXPECT_EQ(hosts_in("https://"), texts{""});
}

TEST(wording, finds_hosts_that_platforms_would_link) {
    EXPECT_EQ(hosts_in("go to evil.com, or www.evil.thing!"), (texts{"evil.com", "www.evil.thing"}));
    EXPECT_EQ(hosts_in("beispiel.de und status.example.co.uk."),
              (texts{"beispiel.de", "status.example.co.uk"}));
}

TEST(wording, takes_no_sentence_file_or_mailbox_for_a_host) {
    EXPECT_EQ(hosts_in("Restart it.Then read readme.md, e.g. version 1.2.3. Bye."), texts{});
    EXPECT_EQ(hosts_in("write to jo@example.com"), texts{});
}

TEST(wording, allows_a_host_and_those_below_a_star) {
    EXPECT_TRUE(is_allowed_host("example.com", {"example.com"}));
    EXPECT_FALSE(is_allowed_host("a.example.com", {"example.com"}));
    EXPECT_TRUE(is_allowed_host("a.example.com", {"*.example.com"}));
    EXPECT_FALSE(is_allowed_host("example.com", {"*.example.com"}));
    EXPECT_FALSE(is_allowed_host("badexample.com", {"*.example.com"}));
    EXPECT_TRUE(is_allowed_host("anything.net", {"*"}));
    EXPECT_FALSE(is_allowed_host("anything.net", {}));
}

TEST(wording, finds_names_and_no_mailboxes) {
    EXPECT_EQ(names_in("@ann, ask @bob.example.social. or jo@example.com, @everyone"),
              (texts{"ann", "bob.example.social", "everyone"}));
    EXPECT_EQ(names_in("@ann@example.social and @ and @."), texts{"ann@example.social"});
}

TEST(wording, counts_hashtags_and_no_numbers) {
    EXPECT_EQ(hashtags_in("#help order #4711 (#faq) a#b #straße"), 3U);
    EXPECT_EQ(hashtags_in("# #"), 0U);
}

TEST(wording, costs_little_on_hostile_text) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "a.@#://";
    hosts_in(text);
    EXPECT_FALSE(names_in(std::string(100'000, '@') + "a").empty());
    EXPECT_EQ(hashtags_in(std::string(100'000, '#')), 0U);
}

}  // namespace
}  // namespace kith
