#include "daemon/net/websocket.hpp"

#include "tests/net/support.hpp"

#include <gtest/gtest.h>

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using test::fake_server;
using test::run;
using test::tcp;
using opened = std::unique_ptr<websocket>;

/// Echoes text; "bye" makes it return, "throw" throw, "flood" write until that fails.
awaitable<void> echo_back(server_request, websocket& ws) {
    for (;;) {
        auto got = co_await ws.read();
        if (got.has_error() || got->data == "bye") co_return;
        if (got->data == "throw") throw std::runtime_error("dropped it");
        const std::string text = (got->binary ? "binary " : "") + got->data;
        const auto written = co_await ws.write(text);
        if (written.has_error()) co_return;
    }
}

struct websocket_test : test::server_test {
    websocket_limits at_server, at_client;
    std::vector<std::string> subprotocols;
    void SetUp() override {
        at_server.message_bytes = 1000;
        make();
        server->on_websocket("/echo/{room}", check, at_server, "", echo_back);
        server->on_websocket("/spoken", nullptr, at_server, "kith.v1", echo_back);
        server->on("GET", "/plain", [](server_request) -> awaitable<server_response> {
            co_return server_response::make(200, "text/plain", "plain");
        });
        start();
    }
    static std::optional<server_response> check(const server_request& r) {
        const auto wanted = r.param("status");
        if (wanted.empty()) return std::nullopt;
        auto answer = problem(static_cast<unsigned>(std::stoi(wanted)), "No", "Not you.");
        answer.headers.add("Retry-After", "7");
        return answer;
    }
    result<opened> open(websocket_request r) {
        r.limits = at_client;
        return run(io, connect_websocket(io.get_executor(), std::move(r)));
    }
    result<opened> open(const std::string& target) { return open(websocket_request(url(target, "ws"))); }
    result<frame> read(websocket& ws, std::chrono::milliseconds limit = 10s) {
        return run(io, ws.read(), limit);
    }
    result<void> write(websocket& ws, std::string text) { return run(io, ws.write(std::move(text))); }
    /// What comes back for this.
    std::string ask(websocket& ws, const std::string& text) {
        const auto written = write(ws, text);
        if (written.has_error()) return "not written: " + written.error().what;
        const auto got = read(ws);
        return got.has_error() ? "not read: " + got.error().what : got->data;
    }
};

TEST_F(websocket_test, echoes_what_is_said) {
    auto ws = open("/echo/a");
    ASSERT_FALSE(ws.has_error()) << ws.error().what;
    EXPECT_EQ(ask(**ws, "hello"), "hello");
    EXPECT_EQ(ask(**ws, "gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
    EXPECT_EQ(ask(**ws, ""), "");
    EXPECT_EQ(ask(**ws, std::string(1000, 'x')), std::string(1000, 'x'));
}

TEST_F(websocket_test, the_end_of_the_handler_closes_normally) {
    auto ws = open("/echo/a");
    EXPECT_EQ(ask(**ws, "bye"), "not read: closed by the peer: 1000");
    // And it stays so.
    EXPECT_EQ(read(**ws).error().what, "closed by the peer: 1000");
    EXPECT_EQ(write(**ws, "x").error().kind, errc::transient);
}

TEST_F(websocket_test, a_handler_that_throws_closes_as_an_internal_error) {
    auto ws = open("/echo/a");
    EXPECT_EQ(ask(**ws, "throw"), "not read: closed by the peer: 1011");
}

TEST_F(websocket_test, a_close_has_a_code_and_a_reason_and_may_be_said_twice) {
    auto ws = open("/echo/a");
    const auto before = std::chrono::steady_clock::now();
    run(io, (*ws)->close(close_code::policy, std::string(200, 'x')));
    run(io, (*ws)->close(close_code::normal, "again"));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 3s);
    EXPECT_EQ(read(**ws).error().what, "closed by us");
}

awaitable<void> read_into(websocket& ws, std::optional<result<frame>>& got) {
    auto r = co_await ws.read();
    got.emplace(std::move(r));
}

TEST_F(websocket_test, closing_ends_a_read_that_waits) {
    auto ws = open("/echo/a");
    std::optional<result<frame>> got;
    tasks.spawn("reader", read_into(**ws, got));
    test::settle(io);
    run(io, (*ws)->close(close_code::normal, "enough"));
    ASSERT_TRUE(test::run_until(io, [&] { return got.has_value(); }));
    EXPECT_EQ(got->error().kind, errc::transient);
}

TEST_F(websocket_test, aborting_or_destroying_it_ends_a_read_that_waits) {
    for (const bool destroy : {false, true}) {
        auto ws = open("/echo/a");
        std::optional<result<frame>> got;
        tasks.spawn("reader", read_into(**ws, got));
        test::settle(io);
        if (destroy)
            ws->reset();
        else
            (*ws)->abort();
        ASSERT_TRUE(test::run_until(io, [&] { return got.has_value(); }));
        EXPECT_EQ(got->error().kind, errc::transient);
    }
}

awaitable<void> cancelled_read(websocket& ws, bool& went_on) {
    co_await ws.read();
    co_await sleep_for(0ms);
    went_on = true;
}

TEST_F(websocket_test, a_read_can_be_cancelled_and_the_link_is_over_then) {
    auto ws = open("/echo/a");
    bool went_on = false;
    task_group group(io.get_executor(), nullptr);
    group.spawn("reader", cancelled_read(**ws, went_on));
    test::settle(io);
    group.emit();
    run(io, group.wait(), 2s);
    EXPECT_FALSE(went_on);
    EXPECT_TRUE(write(**ws, "x").has_error());
}

awaitable<void> write_number(websocket& ws, int i, int& sent) {
    const auto r = co_await ws.write(std::to_string(i));
    if (!r.has_error()) ++sent;
}

TEST_F(websocket_test, many_writers_are_queued_in_order) {
    auto ws = open("/echo/a");
    int sent = 0;
    task_group group(io.get_executor(), nullptr);
    for (int i = 0; i < 200; ++i) group.spawn("writer", write_number(**ws, i, sent));
    for (int i = 0; i < 200; ++i) {
        const auto got = read(**ws);
        ASSERT_FALSE(got.has_error()) << got.error().what;
        EXPECT_EQ(got->data, std::to_string(i));
    }
    run(io, group.wait());
    EXPECT_EQ(sent, 200);
}

TEST_F(websocket_test, a_cancelled_writer_spoils_nothing_for_the_others) {
    auto ws = open("/echo/a");
    int sent = 0;
    task_group cancelled(io.get_executor(), nullptr), kept(io.get_executor(), nullptr);
    for (int i = 0; i < 50; ++i) (i % 2 ? cancelled : kept).spawn("writer", write_number(**ws, i, sent));
    io.poll_one();
    cancelled.emit();
    run(io, cancelled.wait());
    run(io, kept.wait());
    EXPECT_GE(sent, 25);
    EXPECT_EQ(ask(**ws, "still here").substr(0, 3) == "not", false);
}

// ---- handshakes

TEST_F(websocket_test, a_refused_upgrade_is_sorted_by_its_status) {
    const std::pair<const char*, errc> all[] = {{"401", errc::unauthorised}, {"403", errc::unauthorised},
                                                {"429", errc::limited},      {"400", errc::refused},
                                                {"404", errc::refused},      {"503", errc::transient},
                                                {"302", errc::transient}};
    for (const auto& [status, kind] : all) {
        const auto ws = open(std::string("/echo/a?status=") + status);
        ASSERT_TRUE(ws.has_error()) << status;
        EXPECT_EQ(ws.error().kind, kind) << status << ws.error().what;
        EXPECT_EQ(ws.error().retry_at.has_value(), kind == errc::limited) << status;
    }
    EXPECT_EQ(open("/nowhere").error().kind, errc::refused);
    EXPECT_EQ(open("/plain").error().kind, errc::transient);
    EXPECT_EQ(open(websocket_request("http://a/")).error().kind, errc::invalid);
    websocket_request split(url("/echo/a", "ws"));
    split.headers.add("X", "a\r\nY: b");
    EXPECT_EQ(open(std::move(split)).error().kind, errc::invalid);
}

TEST_F(websocket_test, a_subprotocol_is_agreed_on_or_the_upgrade_refused) {
    websocket_request same(url("/spoken", "ws")), other(url("/spoken", "ws")), none(url("/spoken", "ws"));
    same.subprotocol = "kith.v1";
    other.subprotocol = "kith.v2";
    EXPECT_FALSE(open(std::move(same)).has_error());
    EXPECT_FALSE(open(std::move(none)).has_error());
    EXPECT_EQ(open(std::move(other)).error().kind, errc::refused);
}

TEST_F(websocket_test, a_websockets_path_without_an_upgrade_is_426) {
    const auto r = get("/echo/a");
    ASSERT_FALSE(r.has_error());
    EXPECT_EQ(r->status, 426u);
    EXPECT_EQ(r->headers.get("Upgrade"), "websocket");
}

awaitable<void> never_answer(tcp::socket&) {
    co_await sleep_for(1h);
}

TEST_F(websocket_test, a_handshake_that_takes_too_long_is_transient) {
    fake_server silent(io, [](tcp::socket& s, int) { return never_answer(s); });
    at_client.handshake = 1s;
    const auto ws = open(websocket_request(silent.url("/", "ws")));
    ASSERT_TRUE(ws.has_error());
    EXPECT_EQ(ws.error().kind, errc::transient);
}

// ---- by hand: what a peer may do to the server

const std::string upgrade_head =
    "GET /echo/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
    "13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A masked frame (with a mask of zeros, which is one like any other).
std::string masked(unsigned char first, const std::string& payload) {
    std::string out(1, static_cast<char>(first));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size() & 255);
    }
    return out + std::string(4, '\0') + payload;
}

struct raw_websocket_test : websocket_test {
    test::raw_socket upgraded() {
        auto s = raw();
        s.send(upgrade_head);
        const auto answer = s.read_to("\r\n\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
        EXPECT_NE(answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
        return s;
    }
    /// The code with which the server closes after these bytes; 0: no close frame.
    unsigned closed_with(const std::string& bytes) {
        auto s = upgraded();
        s.send(bytes);
        s.close_writing();
        const auto answer = s.read_all();
        if (answer.size() < 4 || static_cast<unsigned char>(answer[0]) != 0x88) return 0;
        return static_cast<unsigned char>(answer[2]) * 256u + static_cast<unsigned char>(answer[3]);
    }
};

TEST_F(raw_websocket_test, what_breaks_the_protocol_is_closed_with_the_right_code_and_harms_nobody_else) {
    auto other = open("/echo/b");
    EXPECT_EQ(ask(**other, "before"), "before");
    EXPECT_EQ(closed_with(masked(0x81, std::string(1001, 'x'))), 1009u);
    EXPECT_EQ(closed_with(masked(0x01, std::string(900, 'x')) + masked(0x80, std::string(900, 'x'))), 1009u);
    EXPECT_EQ(closed_with(masked(0x81, "\xff\xfe")), 1007u);
    EXPECT_EQ(closed_with(masked(0x81, "\xc3")), 1007u);
    EXPECT_EQ(closed_with(std::string("\x81\x01x", 3)), 1002u);            // not masked
    EXPECT_EQ(closed_with(masked(0xc1, "x")), 1002u);                      // a reserved bit
    EXPECT_EQ(closed_with(masked(0x83, "x")), 1002u);                      // a reserved opcode
    EXPECT_EQ(closed_with(masked(0x80, "x")), 1002u);                      // the continuation of nothing
    EXPECT_EQ(closed_with(masked(0x01, "x") + masked(0x81, "y")), 1002u);  // a message within a message
    EXPECT_EQ(closed_with(masked(0x89, std::string(126, 'x'))), 1002u);    // a control frame too long
    EXPECT_EQ(closed_with(masked(0x09, "x")), 1002u);                      // a control frame in parts
    EXPECT_EQ(closed_with(masked(0x88, "x")), 1002u);                      // half a close code
    EXPECT_EQ(closed_with(masked(0x88, std::string("\x03\xe8", 2))), 1000u);
    EXPECT_EQ(ask(**other, "after"), "after");
}

TEST_F(raw_websocket_test, pings_are_answered) {
    auto s = upgraded();
    s.send(masked(0x89, "marco"));
    EXPECT_EQ(s.read_to("marco"), "\x8a\x05marco");
}

TEST_F(raw_websocket_test, binary_messages_come_as_binary) {
    auto s = upgraded();
    s.send(masked(0x82, "abc"));
    EXPECT_EQ(s.read_to("abc"),
              "\x81\x0a"
              "binary abc");
}

TEST_F(raw_websocket_test, bytes_that_come_before_the_answer_are_refused) {
    const auto answer = raw().ask(upgrade_head + masked(0x81, "early"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer.substr(0, 80);
}

TEST_F(raw_websocket_test, a_bad_upgrade_is_refused) {
    auto head = upgrade_head;
    head.replace(head.find("Version: 13"), 11, "Version: 12");
    EXPECT_TRUE(raw().ask(head).starts_with("HTTP/1.1 426 "));
    auto no_key = upgrade_head;
    no_key.replace(no_key.find("Sec-WebSocket-Key"), 17, "Sec-WebSocket-Kee");
    EXPECT_TRUE(raw().ask(no_key).starts_with("HTTP/1.1 400 "));
}

struct impatient_test : raw_websocket_test {
    void SetUp() override {
        at_server.idle = 1s;
        raw_websocket_test::SetUp();
    }
};

TEST_F(impatient_test, half_a_frame_and_then_silence_ends_the_link_and_harms_nobody_else) {
    auto other = open("/echo/b");
    std::optional<result<frame>> pings_answered_here;
    auto half = upgraded(), silent = upgraded();
    half.send(masked(0x81, std::string(100, 'x')).substr(0, 50));
    tasks.spawn("reader", read_into(**other, pings_answered_here));
    // Both get a ping after half a second, to which nobody answers.
    EXPECT_EQ(half.read_all(5s), std::string("\x89\x00", 2));
    EXPECT_EQ(silent.read_all(5s), std::string("\x89\x00", 2));
    EXPECT_FALSE(pings_answered_here);
    write(**other, "alive");
    ASSERT_TRUE(test::run_until(io, [&] { return pings_answered_here.has_value(); }));
    ASSERT_FALSE(pings_answered_here->has_error()) << pings_answered_here->error().what;
    EXPECT_EQ((*pings_answered_here)->data, "alive");
}

// ---- from the client: what a server may do

enum class then { vanish, wait_for_the_close, stay };

/// Upgrades by hand, says its bytes and does what it should next.
awaitable<void> upgrade_and(tcp::socket& s, std::string bytes, then next) {
    const auto head = co_await test::read_head(s);
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    const auto key = head.substr(at, head.find("\r\n", at) - at);
    const auto answer = test::upgrade_answer(key) + bytes;
    co_await test::say(s, answer);
    char close_frame[64];
    if (next == then::wait_for_the_close) co_await s.async_read_some(asio::buffer(close_frame), as_tuple);
    if (next == then::stay) co_await sleep_for(1h);
}

TEST_F(websocket_test, a_server_that_breaks_the_protocol_is_invalid_and_one_that_vanishes_transient) {
    at_client.message_bytes = 1000;
    at_client.idle = 1s;
    const std::tuple<std::string, then, errc, const char*> all[] = {
        {std::string("\x81\x7e\x03\xe9", 4) + std::string(1001, 'x'), then::wait_for_the_close, errc::invalid,
         "larger than 1000 bytes"},
        {"\x81\x02\xff\xfe", then::wait_for_the_close, errc::invalid, "not UTF-8"},
        {std::string("\x83\x00", 2), then::wait_for_the_close, errc::invalid, "not the WebSocket protocol"},
        {"\x81\x81xxxxx", then::wait_for_the_close, errc::invalid, "not the WebSocket protocol"},
        {"\x88\x06\x03\xe9"
         "away",
         then::wait_for_the_close, errc::transient, "closed by the peer: 1001 away"},
        {"\x88\x06\x03\xe9"
         "away",
         then::vanish, errc::transient, "closed by the peer: 1001 away"},
        {"\x81\x05he", then::vanish, errc::transient, "the link broke"},
        {"", then::vanish, errc::transient, "the link broke"},
        {"\x81\x05he", then::stay, errc::transient, "no sign of life for 1 s"},
    };
    for (const auto& [bytes, next, kind, words] : all) {
        fake_server server(io, [&](tcp::socket& s, int) { return upgrade_and(s, bytes, next); });
        auto ws = open(websocket_request(server.url("/", "ws")));
        ASSERT_FALSE(ws.has_error()) << ws.error().what;
        const auto got = read(**ws, 5s);
        ASSERT_TRUE(got.has_error());
        EXPECT_EQ(got.error().kind, kind) << got.error().what;
        EXPECT_NE(got.error().what.find(words), std::string::npos) << got.error().what;
    }
}

TEST_F(websocket_test, binary_frames_arrive_whole_and_marked) {
    fake_server server(io, [&](tcp::socket& s, int) {
        return upgrade_and(s, std::string("\x02\x02\x00\xff\x80\x01\x01", 7), then::stay);
    });
    auto ws = open(websocket_request(server.url("/", "ws")));
    const auto got = read(**ws);
    ASSERT_FALSE(got.has_error()) << got.error().what;
    EXPECT_TRUE(got->binary);
    EXPECT_EQ(got->data, std::string("\x00\xff\x01", 3));
}

awaitable<void> flood(websocket& ws, std::optional<error>& why) {
    const auto r = co_await ws.write(std::string(100'000, 'x'));
    if (r.has_error() && r.error().kind == errc::limited) why = r.error();
}

TEST_F(websocket_test, a_peer_that_does_not_read_is_dropped_when_too_much_waits_for_it) {
    at_client.queued_bytes = 1 << 20;
    fake_server server(io, [&](tcp::socket& s, int) { return upgrade_and(s, "", then::stay); });
    auto ws = open(websocket_request(server.url("/", "ws")));
    ASSERT_FALSE(ws.has_error());
    std::optional<error> why;
    task_group group(io.get_executor(), nullptr);
    for (int i = 0; i < 1000 && !why; ++i) {
        group.spawn("writer", flood(**ws, why));
        io.poll();
    }
    ASSERT_TRUE(why);
    run(io, group.wait(), 2s);
    EXPECT_EQ(read(**ws).error().kind, errc::transient);
}

TEST_F(websocket_test, a_goodbye_that_is_not_answered_ends_within_its_limit) {
    fake_server server(io, [&](tcp::socket& s, int) { return upgrade_and(s, "", then::stay); });
    auto ws = open(websocket_request(server.url("/", "ws")));
    ASSERT_FALSE(ws.has_error());
    const auto before = std::chrono::steady_clock::now();
    run(io, (*ws)->close(close_code::normal, ""), 8s);
    EXPECT_LT(std::chrono::steady_clock::now() - before, 7s);
}

// ---- stopping

TEST_F(websocket_test, stop_says_going_away) {
    auto ws = open("/echo/a");
    std::optional<result<frame>> got;
    task_group group(io.get_executor(), nullptr);
    group.spawn("reader", read_into(**ws, got));
    test::settle(io);
    run(io, server->stop(3s));
    run(io, group.wait());
    ASSERT_TRUE(got);
    EXPECT_EQ(got->error().what, "closed by the peer: 1001 the server is stopping");
}

TEST_F(raw_websocket_test, stop_does_not_wait_longer_than_the_grace_for_a_peer_that_does_not_answer) {
    auto s = upgraded();
    const auto before = std::chrono::steady_clock::now();
    run(io, server->stop(100ms));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 3s);
    EXPECT_TRUE(s.read_all().starts_with("\x88"));
}

}  // namespace
}  // namespace kith::net
