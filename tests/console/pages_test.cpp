#include "daemon/console/api.hpp"
#include "daemon/net/router.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

constexpr page_file two_files[] = {
    {"index.html", "text/html; charset=utf-8", "aa11", false, "<html>", "br-page", "gz-page"},
    {"assets/index-Bx.js", "text/javascript; charset=utf-8", "bb22", true, "code", "br-code", "gz-code"},
};

/// Takes the routes, and asks them without a network.
class routes_only : public net::http_router {
 public:
    void on(std::string method, std::string pattern, net::http_handler handler) override {
        table_.add(
            net::route_table::plain{std::move(method), net::route_pattern(pattern), std::move(handler)});
    }
    void on_websocket(std::string, net::upgrade_check, net::websocket_limits, std::string,
                      net::websocket_handler) override {}

    net::server_response get(const std::string& path, net::http_fields headers = {}) {
        const auto segments = net::split_path(path);
        const auto found = table_.find("GET", segments.value());
        net::server_request request;
        request.method = "GET";
        request.path = path;
        request.headers = std::move(headers);
        return test::run(io_, found.route->handler(std::move(request)));
    }

 private:
    asio::io_context io_;
    net::route_table table_;
};

class pages_test : public ::testing::Test {
 protected:
    pages_test() { add_pages(router, two_files); }
    routes_only router;
};

TEST_F(pages_test, every_address_of_a_page_gives_the_one_page) {
    for (const auto* path :
         {"/console", "/console/s/12", "/console/admin/people", "/console/a/tok", "/console/setup"})
        EXPECT_EQ(router.get(path).body, "<html>") << path;
    EXPECT_EQ(router.get("/console/").status, 302u);
}

TEST_F(pages_test, a_file_of_another_version_is_not_the_page) {
    const auto answer = router.get("/console/assets/index-Old.js");
    EXPECT_EQ(answer.status, 404u);
    EXPECT_EQ(router.get("/console/assets/index-Bx.js").body, "code");
}

TEST_F(pages_test, what_the_browser_can_unpack_is_sent_packed) {
    const auto sent = [&](const char* accepted) {
        return router.get("/console/assets/index-Bx.js", {{"Accept-Encoding", accepted}});
    };
    EXPECT_EQ(sent("gzip, deflate, br, zstd").body, "br-code");
    EXPECT_EQ(sent("gzip, deflate, br, zstd").headers.get("Content-Encoding"), "br");
    EXPECT_EQ(sent("gzip;q=0.5, br;q=0").body, "gz-code");
    EXPECT_EQ(sent("br; q=0.0, gzip").headers.get("Content-Encoding"), "gzip");
    EXPECT_EQ(sent("identity").body, "code");
    EXPECT_EQ(sent("identity").headers.find("Content-Encoding"), std::nullopt);
    EXPECT_EQ(sent("br").headers.get("Vary"), "Accept-Encoding");
}

TEST_F(pages_test, the_page_is_asked_for_anew_and_its_files_are_kept) {
    EXPECT_EQ(router.get("/console").headers.get("Cache-Control"), "no-cache");
    EXPECT_NE(router.get("/console/assets/index-Bx.js").headers.get("Cache-Control").find("immutable"),
              std::string_view::npos);
    const auto first = router.get("/console", {{"Accept-Encoding", "br"}});
    const std::string etag(first.headers.get("ETag"));
    const auto again = router.get("/console", {{"Accept-Encoding", "br"}, {"If-None-Match", etag}});
    EXPECT_EQ(again.status, 304u);
    EXPECT_EQ(again.body, "");
    const auto otherwise = router.get("/console", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}});
    EXPECT_EQ(otherwise.status, 200u) << "another form of the page has another tag";
}

TEST_F(pages_test, the_policy_allows_nothing_inline_and_nobody_elses_files) {
    const std::string policy(router.get("/console").headers.get("Content-Security-Policy"));
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    for (const auto* part :
         {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
          "frame-ancestors 'none'", "require-trusted-types-for 'script'"})
        EXPECT_NE(policy.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace kith::console
