#include "daemon/net/http.hpp"

#include <gtest/gtest.h>

namespace kith::net {
namespace {

TEST(url, takes_a_url_apart) {
    const auto u = url::parse("https://Bsky.Social:8443/xrpc/x?y=1#part");
    ASSERT_FALSE(u.has_error());
    EXPECT_EQ(u->scheme, "https");
    EXPECT_EQ(u->host, "bsky.social");
    EXPECT_EQ(u->port, 8443);
    EXPECT_EQ(u->target, "/xrpc/x?y=1");
    EXPECT_TRUE(u->secure());
    EXPECT_EQ(u->host_header(), "bsky.social:8443");
}

TEST(url, knows_the_port_of_each_scheme_and_leaves_it_out_of_the_host_field) {
    for (const auto& [text, port] :
         {std::pair{"http://a", 80}, {"ws://a", 80}, {"https://a", 443}, {"wss://a", 443}}) {
        const auto u = url::parse(text);
        ASSERT_FALSE(u.has_error()) << text;
        EXPECT_EQ(u->port, port) << text;
        EXPECT_EQ(u->host_header(), "a") << text;
        EXPECT_EQ(u->target, "/") << text;
    }
}

TEST(url, a_query_without_a_path_gets_one) {
    EXPECT_EQ(url::parse("http://a?b=c")->target, "/?b=c");
}

TEST(url, an_address_of_version_six_has_no_brackets_but_in_the_host_field) {
    const auto u = url::parse("http://[::1]:8080/");
    ASSERT_FALSE(u.has_error());
    EXPECT_EQ(u->host, "::1");
    EXPECT_EQ(u->host_header(), "[::1]:8080");
}

TEST(url, a_unix_socket_has_a_path_and_a_target) {
    const auto u = url::parse("unix:/run/kith/kith.sock:/api/v1/x?y=1");
    ASSERT_FALSE(u.has_error());
    EXPECT_EQ(u->socket_path, "/run/kith/kith.sock");
    EXPECT_EQ(u->target, "/api/v1/x?y=1");
    EXPECT_EQ(u->host_header(), "localhost");
    EXPECT_EQ(url::parse("unix:/run/kith.sock")->target, "/");
}

TEST(url, refuses_what_is_no_url_that_we_can_use) {
    for (const char* text : {"",
                             "a",
                             "/a",
                             "ftp://a/",
                             "http://",
                             "http:///x",
                             "http://a:0/",
                             "http://a:70000/",
                             "http://a:x/",
                             "http://a:1x/",
                             "http://a:80:90/",
                             "http://user:secret@a/",
                             "http://a/with space",
                             "http://a/\r\nX: y",
                             "http://a/\xc3\xa9",
                             "http://a%20b/",
                             "unix:relative:/x",
                             "unix:/a.sock:no-slash",
                             "unix:/a.sock:/x\r\nY: z",
                             "javascript:alert(1)"}) {
        const auto u = url::parse(text);
        ASSERT_TRUE(u.has_error()) << text;
        EXPECT_EQ(u.error().kind, errc::invalid) << text;
    }
}

TEST(percent, encodes_all_but_the_unreserved_and_decodes_it_again) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    EXPECT_EQ(percent_encode("a-._~Z9 /\xff"), "a-._~Z9%20%2F%FF");
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(percent, a_broken_escape_is_nothing) {
    for (const char* text : {"%", "a%", "%4", "%zz", "%4g", "%%41"})
        EXPECT_FALSE(percent_decode(text)) << text;
    EXPECT_EQ(percent_decode("%41+b"), "A+b");
}

TEST(query, is_decoded_in_order) {
    const auto q = parse_query("a=1&b=x+y%21&&c&a=2&d=%zz");
    const std::vector<std::pair<std::string, std::string>> expected{
        {"a", "1"}, {"b", "x y!"}, {"c", ""}, {"a", "2"}, {"d", "%zz"}};
    EXPECT_EQ(q, expected);
    EXPECT_TRUE(parse_query("").empty());
}

TEST(http_fields, compare_names_without_case_and_keep_the_first) {
    http_fields f{{"Content-Type", "a"}, {"content-type", "b"}};
    EXPECT_EQ(f.get("CONTENT-TYPE"), "a");
    EXPECT_EQ(f.get("Accept", "none"), "none");
    EXPECT_FALSE(f.find("Content"));
}

}  // namespace
}  // namespace kith::net
