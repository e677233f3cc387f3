#include "daemon/net/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace kith::net {
namespace {

using parts = std::vector<std::string>;

std::optional<parts> match(std::string_view pattern, std::string_view path) {
    const auto segments = split_path(path);
    if (!segments) return std::nullopt;
    return route_pattern(pattern).match(*segments);
}

TEST(route_pattern, literals_match_themselves_only) {
    EXPECT_EQ(match("/", "/"), parts{});
    EXPECT_EQ(match("/a/b", "/a/b"), parts{});
    EXPECT_EQ(match("/a/b", "/%61/b"), parts{});
    for (const char* path : {"/", "/a", "/a/b/", "/a/b/c", "/A/b", "//a/b", "/a//b"})
        EXPECT_FALSE(match("/a/b", path)) << path;
}

TEST(route_pattern, braces_take_one_segment_decoded) {
    EXPECT_EQ(match("/a/{x}/b/{y}", "/a/1/b/2"), (parts{"1", "2"}));
    EXPECT_EQ(match("/a/{x}", "/a/at%3A%2F%2Fdid"), parts{"at://did"});
    for (const char* path : {"/a/", "/a", "/a/1/2", "/a//"}) EXPECT_FALSE(match("/a/{x}", path)) << path;
}

TEST(route_pattern, the_rest_takes_what_is_left) {
    EXPECT_EQ(match("/web/{path...}", "/web/a/b/c.js"), parts{"a/b/c.js"});
    EXPECT_EQ(match("/{path...}", "/"), parts{""});
    EXPECT_EQ(match("/web/{path...}", "/web/"), parts{""});
    EXPECT_FALSE(match("/web/{path...}", "/web"));
}

TEST(route_pattern, the_rest_is_never_a_path_that_leads_elsewhere) {
    for (const char* path :
         {"/web/../etc/passwd", "/web/%2e%2e/etc/passwd", "/web//etc/passwd", "/web/%2Fetc%2Fpasswd",
          "/web/a%2F..%2F..%2Fb", "/web/a%00.js", "/web/./a", "/web/a/.."})
        EXPECT_FALSE(match("/web/{path...}", path)) << path;
}

TEST(route_pattern, refuses_what_is_no_pattern) {
    for (const char* text : {"", "a", "/{", "/{}", "/a{b}", "/{a}b", "/{...}", "/{a...}/b"})
        EXPECT_THROW(route_pattern{text}, std::logic_error) << text;
}

TEST(split_path, a_broken_escape_is_no_path) {
    EXPECT_FALSE(split_path("/a/%"));
    EXPECT_FALSE(split_path("/a/%zz"));
}

struct route_table_test : testing::Test {
    route_table table;
    void on(std::string method, std::string pattern) {
        table.add(route_table::plain{std::move(method), route_pattern(pattern), nullptr});
    }
    void on_websocket(std::string pattern) {
        table.add(route_table::upgrade{route_pattern(pattern), nullptr, {}, "", nullptr});
    }
    std::string found(std::string_view method, std::string_view path) {
        const auto m = table.find(method, *split_path(path));
        return m.route == nullptr ? "nothing" : m.route->method + " " + m.route->pattern.text();
    }
};

TEST_F(route_table_test, the_most_exact_pattern_wins_in_whatever_order_they_came) {
    on("GET", "/{rest...}");
    on("GET", "/a/{x}");
    on("GET", "/a/b");
    on("GET", "/{x}/b");
    EXPECT_EQ(found("GET", "/a/b"), "GET /a/b");
    EXPECT_EQ(found("GET", "/a/c"), "GET /a/{x}");
    EXPECT_EQ(found("GET", "/c/b"), "GET /{x}/b");
    EXPECT_EQ(found("GET", "/c/d/e"), "GET /{rest...}");
}

TEST_F(route_table_test, head_finds_get_but_prefers_its_own) {
    on("GET", "/a");
    on("GET", "/b");
    on("HEAD", "/b");
    EXPECT_EQ(found("HEAD", "/a"), "GET /a");
    EXPECT_EQ(found("HEAD", "/b"), "HEAD /b");
}

TEST_F(route_table_test, another_method_is_told_which_there_are) {
    on("POST", "/a");
    on("GET", "/a");
    EXPECT_EQ(found("DELETE", "/a"), "nothing");
    EXPECT_EQ(table.find("DELETE", {"a"}).allow, "GET, HEAD, POST");
    EXPECT_EQ(table.find("DELETE", {"b"}).allow, "");
}

TEST_F(route_table_test, the_same_route_twice_is_a_mistake) {
    on("GET", "/a");
    on("POST", "/a");
    EXPECT_THROW(on("GET", "/a"), std::logic_error);
    on_websocket("/a");
    EXPECT_THROW(on_websocket("/a"), std::logic_error);
}

TEST_F(route_table_test, a_websocket_may_share_a_path_or_have_it_alone) {
    on("GET", "/a");
    on_websocket("/a");
    on_websocket("/live/{x}");
    EXPECT_FALSE(table.find("GET", {"a"}).upgrade_only);
    EXPECT_TRUE(table.find("GET", {"live", "7"}).upgrade_only);
    EXPECT_EQ(table.find_upgrade({"live", "7"}).parts, parts{"7"});
    EXPECT_EQ(table.find_upgrade({"live"}).route, nullptr);
}

}  // namespace
}  // namespace kith::net
