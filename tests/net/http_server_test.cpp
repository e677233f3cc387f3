#include "daemon/net/http_server.hpp"

#include "tests/net/support.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using test::run;

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string get_x_close = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

awaitable<server_response> hello(server_request) {
    co_return server_response::make(200, "text/plain", "hello");
}

awaitable<server_response> echo(server_request r) {
    std::string text = r.method + " " + r.path + " ?" + r.query;
    for (const auto& p : r.parts) text += " [" + p + "]";
    auto answer = server_response::make(200, "text/plain", text + " " + r.body);
    answer.headers.add("X-From", r.from.address);
    answer.headers.add("X-Trailer", std::string(r.headers.get("X-Late", "none")));
    co_return answer;
}

awaitable<server_response> breaks(server_request) {
    co_await sleep_for(0ms);
    throw std::runtime_error("the shelf fell down");
}

awaitable<server_response> splits(server_request) {
    server_response r;
    r.headers.add("Location", "/x\r\nSet-Cookie: a=b");
    co_return r;
}

int entered = 0;  // by the two handlers below

awaitable<server_response> slow(server_request) {
    ++entered;
    co_await sleep_for(100ms);
    co_return server_response::make(200, "text/plain", "at last");
}

awaitable<server_response> never(server_request) {
    ++entered;
    co_await sleep_for(1h);
    co_return server_response();
}

struct http_server_test : test::server_test {
    void SetUp() override {
        entered = 0;
        limits.head = 1s;
        limits.body = 1s;
        limits.keep_alive = 1s;
        limits.body_bytes = 64 << 10;
        restart();
    }
    void restart() {
        make();
        server->on("GET", "/x", hello);
        server->on("POST", "/echo", echo);
        server->on("GET", "/echo/{a}/{rest...}", echo);
        server->on("GET", "/breaks", breaks);
        server->on("GET", "/splits", splits);
        server->on("GET", "/slow", slow);
        server->on("GET", "/never", never);
        start();
    }
};

TEST_F(http_server_test, answers_with_the_length_a_date_and_nosniff) {
    const auto answer = raw().ask(get_x_close);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_NE(answer.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
    EXPECT_NE(answer.find(" GMT\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello"));
}

TEST_F(http_server_test, gives_the_handler_path_query_parts_and_peer) {
    const auto r = get("/echo/a%20b/c/d?q=1");
    ASSERT_FALSE(r.has_error()) << r.error().what;
    EXPECT_EQ(r->body, "GET /echo/a b/c/d ?q=1 [a b] [c/d] ");
    EXPECT_EQ(r->headers.get("X-From"), "127.0.0.1");
}

TEST_F(http_server_test, keeps_a_connection_and_answers_pipelined_requests_in_order) {
    const auto answer = raw().ask(get_x + "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + get_x_close);
    const auto first = answer.find("200 OK"), second = answer.find("404 Not Found"),
               third = answer.rfind("200 OK");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_NE(third, std::string::npos);
}

TEST_F(http_server_test, closes_after_an_http_1_0_request) {
    EXPECT_TRUE(raw().ask("GET /x HTTP/1.0\r\n\r\n").ends_with("hello"));
}

TEST_F(http_server_test, head_has_the_fields_of_get_and_no_body) {
    const auto answer = raw().ask("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 5\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(http_server_test, unknown_paths_and_methods_are_problems) {
    const auto missing = get("/nothing");
    ASSERT_FALSE(missing.has_error());
    EXPECT_EQ(missing->status, 404u);
    EXPECT_EQ(missing->headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(boost::json::parse(missing->body).at("status").as_int64(), 404);
    const auto wrong = send(client_request("DELETE", url("/x")));
    ASSERT_FALSE(wrong.has_error());
    EXPECT_EQ(wrong->status, 405u);
    EXPECT_EQ(wrong->headers.get("Allow"), "GET, HEAD");
}

TEST_F(http_server_test, a_handler_that_throws_is_500_and_says_nothing_of_why) {
    const auto r = get("/breaks");
    ASSERT_FALSE(r.has_error());
    EXPECT_EQ(r->status, 500u);
    EXPECT_EQ(r->body.find("shelf"), std::string::npos);
    EXPECT_EQ(get("/x")->status, 200u);
}

TEST_F(http_server_test, a_handler_cannot_split_the_answer) {
    const auto r = get("/splits");
    ASSERT_FALSE(r.has_error());
    EXPECT_EQ(r->status, 500u);
    EXPECT_FALSE(r->headers.find("Set-Cookie"));
}

TEST_F(http_server_test, refuses_ambiguous_requests_and_closes_without_reading_on) {
    const auto answer = raw().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n" +
        get_x);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
    EXPECT_EQ(answer.find("hello"), std::string::npos);
}

TEST_F(http_server_test, refuses_garbage_at_once) {
    for (const std::string& bytes : {std::string("\x16\x03\x01\x02\n\x01", 6), std::string("\r\n\r\n"),
                                     std::string("GET /x HTTP/1.1\nHost: a\n\n"), std::string(40'000, 'A'),
                                     std::string(100, '\0') + "\n", std::string("SSH-2.0-x\r\n\r\n")}) {
        const auto answer = raw().ask(bytes);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << answer;
    }
    EXPECT_EQ(get("/x")->status, 200u);
}

TEST_F(http_server_test, a_head_that_is_too_large_is_431) {
    const auto answer =
        raw().ask("GET /x HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 431 ")) << answer;
}

TEST_F(http_server_test, a_chunked_body_is_put_together_and_its_trailer_is_no_header) {
    const auto answer = raw().ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\nX-Late: yes\r\n\r\n");
    EXPECT_TRUE(answer.ends_with(" abcdef")) << answer;
    EXPECT_NE(answer.find("X-Trailer: none"), std::string::npos);
}

TEST_F(http_server_test, bad_chunks_are_400) {
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& body :
         {std::string("x\r\n"), std::string("-1\r\nabc\r\n"), std::string("4\r\nabcdXX0\r\n\r\n"),
          std::string("ffffffffffffffffff\r\n"), "1;" + std::string(100'000, 'x')}) {
        const auto answer = raw().ask(head + body);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 413 "))
            << body.substr(0, 20) << ": " << answer;
    }
}

TEST_F(http_server_test, a_body_beyond_the_limit_is_413_whether_announced_or_not) {
    const auto announced = raw().ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n");
    EXPECT_TRUE(announced.starts_with("HTTP/1.1 413 ")) << announced;
    const auto chunked =
        raw().ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n11171\r\n" +
                  std::string(70'001, 'x') + "\r\n0\r\n\r\n");
    EXPECT_TRUE(chunked.starts_with("HTTP/1.1 413 ")) << chunked;
}

TEST_F(http_server_test, says_continue_before_a_body_that_waits_for_it) {
    auto socket = raw();
    socket.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: "
        "3\r\n\r\n");
    EXPECT_EQ(socket.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(socket.ask("abc").ends_with(" abc"));
}

TEST_F(http_server_test, refuses_expectations_that_it_cannot_meet) {
    const auto too_large =
        raw().ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
    EXPECT_TRUE(too_large.starts_with("HTTP/1.1 413 ")) << too_large;
    const auto unknown =
        raw().ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 3\r\n\r\n");
    EXPECT_TRUE(unknown.starts_with("HTTP/1.1 417 ")) << unknown;
}

TEST_F(http_server_test, a_path_that_climbs_is_400) {
    for (const std::string path : {"/echo/a/../x", "/echo/a/%2e%2e/x", "/echo/%zz/x"}) {
        const auto answer = raw().ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << path << answer;
    }
}

TEST_F(http_server_test, a_slow_head_is_cut_off_while_others_are_served) {
    auto slow_one = raw();
    slow_one.send("GET /x HTT");
    EXPECT_EQ(get("/x")->status, 200u);
    EXPECT_TRUE(slow_one.read_all(8s).starts_with("HTTP/1.1 408 "));
}

TEST_F(http_server_test, a_slow_body_is_cut_off) {
    auto slow_one = raw();
    slow_one.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
    EXPECT_TRUE(slow_one.read_all(8s).starts_with("HTTP/1.1 408 "));
}

TEST_F(http_server_test, closes_idle_connections_without_a_word) {
    EXPECT_EQ(raw().read_all(8s), "");
    auto used = raw();
    used.send(get_x);
    used.read_to("hello");
    EXPECT_EQ(used.read_all(8s), "");
}

TEST_F(http_server_test, further_connections_get_503_until_there_is_room) {
    run(io, server->stop(0ms));
    limits.connections = 2;
    limits.keep_alive = 30s;
    restart();
    auto one = std::make_unique<test::raw_socket>(io, port),
         two = std::make_unique<test::raw_socket>(io, port);
    for (auto* s : {one.get(), two.get()}) {
        s->send(get_x);
        s->read_to("hello");
    }
    EXPECT_TRUE(raw().read_to("connections").starts_with("HTTP/1.1 503 "));
    one.reset();
    // The server learns of the close in its own time.
    std::string answer;
    for (int i = 0; i < 1000 && !answer.starts_with("HTTP/1.1 200 "); ++i) answer = raw().ask(get_x_close);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
}

TEST_F(http_server_test, stop_closes_what_is_idle_and_lets_a_request_end) {
    auto idle = raw(), busy = raw();
    idle.send(get_x);
    idle.read_to("hello");
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(test::run_until(io, [] { return entered == 1; }));
    const auto before = std::chrono::steady_clock::now();
    run(io, server->stop(5s));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 4s);
    EXPECT_EQ(idle.read_all(), "");
    const auto answer = busy.read_all();
    EXPECT_TRUE(answer.ends_with("at last")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    run(io, tasks.wait());
}

TEST_F(http_server_test, stop_cuts_off_what_does_not_end_within_the_grace) {
    auto busy = raw();
    busy.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(test::run_until(io, [] { return entered == 1; }));
    run(io, server->stop(50ms), 3s);
    EXPECT_EQ(busy.read_all(), "");
}

TEST_F(http_server_test, after_stop_nobody_listens) {
    run(io, server->stop(1s));
    EXPECT_THROW(raw(), boost::system::system_error);
}

TEST_F(http_server_test, a_cancelled_run_ends_everything) {
    auto busy = raw(), idle = raw();
    busy.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(test::run_until(io, [] { return entered == 1; }));
    tasks.emit();
    run(io, tasks.wait(), 3s);
    EXPECT_EQ(busy.read_all(), "");
    EXPECT_EQ(idle.read_all(), "");
}

TEST_F(http_server_test, a_taken_port_is_a_failure_with_words) {
    auto second = make_http_server(io.get_executor());
    try {
        second->listen_tcp("127.0.0.1", port);
        FAIL() << "two servers on one port";
    } catch (const failure& e) {
        EXPECT_NE(e.why().what.find(std::to_string(port)), std::string::npos) << e.why().what;
    }
    EXPECT_THROW(second->listen_tcp("nowhere", 0), failure);
}

// ---- the Unix socket

awaitable<server_response> who(server_request r) {
    const std::string uid = r.from.local_uid ? std::to_string(*r.from.local_uid) : "nobody";
    co_return server_response::make(200, "text/plain", r.from.address + " " + uid);
}

struct unix_socket_test : http_server_test {
    std::filesystem::path folder;
    std::string path;
    void SetUp() override {
        char name[] = "/tmp/kith-net-XXXXXX";
        ASSERT_NE(::mkdtemp(name), nullptr);
        folder = name;
        path = folder / "kith.sock";
        http_server_test::SetUp();
        server->on("GET", "/who", who);
    }
    void TearDown() override {
        http_server_test::TearDown();
        std::filesystem::remove_all(folder);
    }
};

TEST_F(unix_socket_test, knows_the_user_at_the_other_end) {
    server->listen_unix(path, 0600);
    const auto r = send(client_request("GET", "unix:" + path + ":/who"));
    ASSERT_FALSE(r.has_error()) << r.error().what;
    EXPECT_EQ(r->body, "unix " + std::to_string(::getuid()));
    EXPECT_EQ(get("/who")->body, "127.0.0.1 nobody");
}

TEST_F(unix_socket_test, has_the_mode_asked_for_and_goes_with_the_server) {
    server->listen_unix(path, 0640);
    struct stat s{};
    ASSERT_EQ(::stat(path.c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 0777, 0640u);
    run(io, server->stop(0ms));
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(unix_socket_test, replaces_a_stale_socket_and_refuses_a_live_one) {
    {
        asio::local::stream_protocol::acceptor stale(io, asio::local::stream_protocol::endpoint(path));
    }
    ASSERT_TRUE(std::filesystem::exists(path));
    EXPECT_NO_THROW(server->listen_unix(path, 0600));
    auto second = make_http_server(io.get_executor());
    EXPECT_THROW(second->listen_unix(path, 0600), failure);
    EXPECT_FALSE(send(client_request("GET", "unix:" + path + ":/who")).has_error());
}

TEST_F(unix_socket_test, never_removes_a_file_that_is_no_socket) {
    std::ofstream(path) << "precious";
    EXPECT_THROW(server->listen_unix(path, 0600), failure);
    EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace kith::net
