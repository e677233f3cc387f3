#include "daemon/net/http_client.hpp"

#include "tests/net/support.hpp"

#include <gtest/gtest.h>

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using test::fake_server;
using test::read_head;
using test::run;
using test::say;
using test::tcp;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct http_client_test : testing::Test {
    asio::io_context io{1};
    std::unique_ptr<http_client> client = make_http_client(io.get_executor());
    result<client_response> send(client_request r) { return run(io, client->send(std::move(r))); }
    result<client_response> send(const std::string& method, const std::string& url) {
        client_request r(method, url);
        if (method == "POST") r.body = "a=b";
        return send(std::move(r));
    }
    /// What a server that answers with these bytes and closes looks like to us.
    result<client_response> answered(const std::string& bytes, const std::string& method = "GET") {
        fake_server server(io, [&](tcp::socket& s, int) { return answer(s, bytes); });
        return send(method, server.url());
    }
    static awaitable<void> answer(tcp::socket& s, std::string bytes) {
        co_await read_head(s);
        co_await say(s, std::move(bytes));
    }
    std::uint16_t dead_port() {
        tcp::acceptor a(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        return a.local_endpoint().port();
    }
};

TEST_F(http_client_test, a_refused_connection_is_transient_for_every_method) {
    const auto url = "http://127.0.0.1:" + std::to_string(dead_port()) + "/secret-token/x";
    for (const char* method : {"GET", "POST"}) {
        const auto r = send(method, url);
        ASSERT_TRUE(r.has_error());
        EXPECT_EQ(r.error().kind, errc::transient);
        EXPECT_EQ(r.error().what.find("secret-token"), std::string::npos) << r.error().what;
    }
}

TEST_F(http_client_test, a_socket_file_that_is_not_there_is_transient) {
    EXPECT_EQ(send("GET", "unix:/nonexistent/kith.sock:/").error().kind, errc::transient);
    EXPECT_EQ(send("GET", "unix:/" + std::string(200, 'x') + ":/").error().kind, errc::transient);
}

TEST_F(http_client_test, a_name_that_is_not_there_is_transient) {
    EXPECT_EQ(send("POST", "http://nothing.invalid/").error().kind, errc::transient);
}

TEST_F(http_client_test, a_name_is_looked_up) {
    fake_server server(io, [&](tcp::socket& s, int) { return answer(s, ok); });
    const auto r = send("GET", "http://localhost:" + std::to_string(server.port()) + "/");
    ASSERT_FALSE(r.has_error()) << r.error().what;
    EXPECT_EQ(r->body, "ok");
}

TEST_F(http_client_test, bad_requests_are_invalid_and_never_sent) {
    fake_server server(io, [&](tcp::socket& s, int) { return answer(s, ok); });
    EXPECT_EQ(send("GET", "no url").error().kind, errc::invalid);
    EXPECT_EQ(send("GET", server.url("/", "ws")).error().kind, errc::invalid);
    EXPECT_EQ(send("GE T", server.url()).error().kind, errc::invalid);
    for (const auto& [name, value] :
         {std::pair{"X", "a\r\nY: b"}, {"X\r\nY", "b"}, {"X", "a\nb"}, {"", "a"}}) {
        client_request r("GET", server.url());
        r.headers.add(name, value);
        EXPECT_EQ(send(std::move(r)).error().kind, errc::invalid) << name;
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(http_client_test, closing_in_the_middle_of_the_answer_is_unknown) {
    for (const std::string& bytes :
         {std::string(), std::string("HTTP/1.1 20"), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
          std::string("HTTP/1.1 100 Continue\r\n\r\n"), std::string("SSH-2.0-x\r\n"),
          std::string(300'000, 'x')})
        for (const char* method : {"GET", "POST"}) {
            const auto r = answered(bytes, method);
            ASSERT_TRUE(r.has_error()) << bytes.substr(0, 40);
            EXPECT_EQ(r.error().kind, errc::unknown) << bytes.substr(0, 40);
        }
}

TEST_F(http_client_test, reads_every_shape_of_a_whole_answer) {
    const auto chunked =
        answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    ASSERT_FALSE(chunked.has_error()) << chunked.error().what;
    EXPECT_EQ(chunked->body, "abc");
    const auto to_the_end = answered("HTTP/1.0 200 OK\r\n\r\nall of it");
    ASSERT_FALSE(to_the_end.has_error()) << to_the_end.error().what;
    EXPECT_EQ(to_the_end->body, "all of it");
    const auto interim =
        answered("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok);
    ASSERT_FALSE(interim.has_error()) << interim.error().what;
    EXPECT_EQ(interim->body, "ok");
    const auto nothing = answered("HTTP/1.1 204 No Content\r\n\r\n");
    ASSERT_FALSE(nothing.has_error()) << nothing.error().what;
    EXPECT_EQ(nothing->status, 204u);
    const auto head = answered("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "HEAD");
    ASSERT_FALSE(head.has_error()) << head.error().what;
    EXPECT_EQ(head->headers.get("content-length"), "1000");
}

TEST_F(http_client_test, an_error_status_is_an_answer_and_redirects_are_not_followed) {
    const auto r = answered("HTTP/1.1 503 Busy\r\nContent-Length: 6\r\nRetry-After: 7\r\n\r\n<html>");
    ASSERT_FALSE(r.has_error());
    EXPECT_EQ(r->status, 503u);
    EXPECT_EQ(r->body, "<html>");
    EXPECT_EQ(r->headers.get("retry-after"), "7");
    EXPECT_EQ(answered("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")->status, 302u);
}

TEST_F(http_client_test, an_answer_beyond_the_limit_is_a_failure) {
    fake_server server(io, [&](tcp::socket& s, int n) {
        return answer(
            s, n == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"
                      : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n");
    });
    for (int i = 0; i < 2; ++i) {
        client_request r("GET", server.url());
        r.most_bytes = 10;
        const auto answer = send(std::move(r));
        ASSERT_TRUE(answer.has_error());
        EXPECT_NE(answer.error().what.find("larger than 10 bytes"), std::string::npos) << answer.error().what;
    }
}

awaitable<void> mute(tcp::socket& s) {
    co_await read_head(s);
    co_await sleep_for(1h);
}

TEST_F(http_client_test, a_server_that_never_answers_is_unknown_when_the_time_is_up) {
    fake_server server(io, [&](tcp::socket& s, int) { return mute(s); });
    for (const char* method : {"GET", "POST"}) {
        client_request r(method, server.url());
        r.timeout = 50ms;
        const auto answer = send(std::move(r));
        ASSERT_TRUE(answer.has_error());
        EXPECT_EQ(answer.error().kind, errc::unknown);
        EXPECT_NE(answer.error().what.find("timed out"), std::string::npos) << answer.error().what;
    }
}

TEST_F(http_client_test, a_handshake_that_never_ends_is_transient_when_the_time_is_up) {
    fake_server server(io, [&](tcp::socket& s, int) { return mute(s); });
    client_request r("POST", server.url("/", "https"));
    r.timeout = 50ms;
    const auto answer = send(std::move(r));
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().kind, errc::transient);
}

awaitable<void> mute_once_asked(tcp::socket& s, bool& asked) {
    co_await read_head(s);
    asked = true;
    co_await sleep_for(1h);
}

awaitable<void> forever(http_client& c, std::string url, bool& went_on) {
    client_request r("POST", std::move(url));
    auto answer = co_await c.send(std::move(r));
    co_await sleep_for(0ms);
    went_on = true;
}

TEST_F(http_client_test, a_cancellation_ends_a_request_and_the_client_may_go_first) {
    bool asked = false;
    fake_server server(io, [&](tcp::socket& s, int) { return mute_once_asked(s, asked); });
    bool went_on = false;
    task_group group(io.get_executor(), nullptr);
    group.spawn("request", forever(*client, server.url(), went_on));
    ASSERT_TRUE(test::run_until(io, [&] { return asked; }));
    client.reset();
    group.emit();
    run(io, group.wait(), 2s);
    EXPECT_FALSE(went_on);
}

// ---- kept connections

awaitable<void> keep_answering(tcp::socket& s, int& requests) {
    for (;;) {
        const auto head = co_await read_head(s);
        if (head.empty()) co_return;
        ++requests;
        const auto at = head.find("Content-Length: ");
        if (at != std::string::npos) {
            std::string body(static_cast<std::size_t>(std::stoi(head.substr(at + 16))), ' ');
            co_await asio::async_read(s, asio::buffer(body), as_tuple);
        }
        co_await say(s, ok);
    }
}

TEST_F(http_client_test, a_kept_connection_is_used_again_but_not_for_a_post) {
    int requests = 0;
    fake_server server(io, [&](tcp::socket& s, int) { return keep_answering(s, requests); });
    for (const char* method : {"GET", "GET", "PUT", "DELETE", "HEAD"}) {
        const auto r = send(method, server.url());
        if (std::string_view(method) == "HEAD")
            continue;  // its answer had a body: any later use would be wrong
        ASSERT_FALSE(r.has_error()) << method << r.error().what;
    }
    EXPECT_EQ(server.connections(), 1);
    ASSERT_FALSE(send("POST", server.url()).has_error());
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(requests, 6);
}

/// Answers once and closes on the next request, on its first connection only.
awaitable<void> close_on_second(tcp::socket& s, int number) {
    co_await read_head(s);
    co_await say(s, ok);
    co_await read_head(s);
    if (number == 1) co_return;
    co_await say(s, ok);
}

TEST_F(http_client_test, a_repeatable_request_is_tried_once_more_if_the_kept_connection_was_closed) {
    fake_server server(io, [&](tcp::socket& s, int n) { return close_on_second(s, n); });
    ASSERT_FALSE(send("GET", server.url()).has_error());
    const auto r = send("GET", server.url());
    ASSERT_FALSE(r.has_error()) << r.error().what;
    EXPECT_EQ(server.connections(), 2);
}

awaitable<void> half_on_second(tcp::socket& s) {
    co_await read_head(s);
    co_await say(s, ok);
    co_await read_head(s);
    co_await say(s, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
}

TEST_F(http_client_test, but_not_if_an_answer_had_begun) {
    fake_server server(io, [&](tcp::socket& s, int) { return half_on_second(s); });
    ASSERT_FALSE(send("GET", server.url()).has_error());
    const auto r = send("GET", server.url());
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::unknown);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(http_client_test, nothing_is_kept_where_the_server_says_close_or_sends_more_than_its_answer) {
    for (const std::string& bytes :
         {std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
          ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"}) {
        int requests = 0;
        fake_server server(io, [&](tcp::socket& s, int) -> awaitable<void> {
            return [](tcp::socket& socket, std::string text, int& n) -> awaitable<void> {
                while (!(co_await read_head(socket)).empty()) {
                    ++n;
                    co_await say(socket, text);
                }
            }(s, bytes, requests);
        });
        for (int i = 0; i < 2; ++i) {
            const auto r = send("GET", server.url());
            ASSERT_FALSE(r.has_error());
            EXPECT_EQ(r->body, "ok");
        }
        EXPECT_EQ(server.connections(), 2);
    }
}

// ---- against our own server

struct both_ends_test : test::server_test {};

awaitable<server_response> mirror(server_request r) {
    auto answer = server_response::make(201, "text/plain", std::move(r.body));
    answer.headers.add("X-Agent", std::string(r.headers.get("User-Agent")));
    answer.headers.add("X-Host", std::string(r.headers.get("Host")));
    co_return answer;
}

TEST_F(both_ends_test, large_bodies_go_there_and_back) {
    limits.body_bytes = 8 << 20;
    make();
    server->on("POST", "/", mirror);
    start();
    std::string body;
    for (int i = 0; body.size() < (4 << 20); ++i) body += std::to_string(i) + "\n";
    client_request r("POST", url("/"));
    r.body = body;
    const auto answer = send(std::move(r));
    ASSERT_FALSE(answer.has_error()) << answer.error().what;
    EXPECT_EQ(answer->status, 201u);
    EXPECT_EQ(answer->body, body);
    EXPECT_EQ(answer->headers.get("X-Agent"), "kith");
    EXPECT_EQ(answer->headers.get("X-Host"), "127.0.0.1:" + std::to_string(port));
}

TEST_F(both_ends_test, a_refusal_arrives_although_the_body_was_not_read) {
    server->on("POST", "/", mirror);
    start();
    client_request r("POST", url("/"));
    r.body.assign(3 << 20, 'x');
    const auto answer = send(std::move(r));
    // 413 as long as the server reads on; a body beyond even that may meet a closed door.
    if (answer.has_error())
        EXPECT_EQ(answer.error().kind, errc::unknown);
    else
        EXPECT_EQ(answer->status, 413u);
    r = client_request("POST", url("/"));
    r.body.assign((1 << 20) + 100'000, 'x');
    const auto smaller = send(std::move(r));
    ASSERT_FALSE(smaller.has_error()) << smaller.error().what;
    EXPECT_EQ(smaller->status, 413u);
}

}  // namespace
}  // namespace kith::net
