#include "platforms/bluesky/session.hpp"

#include "daemon/async/task_group.hpp"
#include "tests/platforms/bluesky/fakes.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

using test::answer;
using test::fake_server;

struct bluesky_session : testing::Test {
    asio::io_context io;
    fake_server server;
    wire over{server, "https://pds.test"};
    session us{io.get_executor(), over, "us.test", "pw"};

    result<std::string> access() { return kith::test::run(io, us.access()); }
    result<std::string> renew(std::string used) { return kith::test::run(io, us.renew(std::move(used))); }
    std::size_t sign_ins() const { return server.count("com.atproto.server.createSession"); }
    std::size_t refreshes() const { return server.count("com.atproto.server.refreshSession"); }
};

TEST_F(bluesky_session, signs_in_once_and_keeps_the_token) {
    const auto first = access();
    ASSERT_TRUE(first.has_value()) << first.error().what;
    EXPECT_EQ(access().value(), first.value());
    EXPECT_EQ(sign_ins(), 1U);
    EXPECT_EQ(us.did(), "did:plc:us");
    EXPECT_EQ(server.seen[0].body, R"({"identifier":"us.test","password":"pw"})");
    EXPECT_EQ(server.seen[0].headers.find("authorization"), std::nullopt);
}

TEST_F(bluesky_session, refreshes_ahead_of_the_tokens_end_by_its_own_word) {
    server.token_seconds = 0;
    const auto first = access();
    const auto second = access();
    ASSERT_TRUE(second.has_value());
    EXPECT_NE(first.value(), second.value());
    EXPECT_EQ(sign_ins(), 1U);
    EXPECT_EQ(refreshes(), 1U);
    EXPECT_EQ(server.seen.back().headers.get("Authorization"), "Bearer " + test::jwt(99999, "r1"));
}

TEST_F(bluesky_session, goes_on_with_the_old_token_while_refreshing_fails_for_now) {
    server.token_seconds = 0;
    const auto first = access();
    server.on["com.atproto.server.refreshSession"] = [](const auto&) { return answer(502, "<html>"); };
    EXPECT_EQ(access().value(), first.value());
    server.on["com.atproto.server.refreshSession"] = [](const auto&) { return answer(429, ""); };
    EXPECT_EQ(access().value(), first.value());
}

TEST_F(bluesky_session, has_no_token_to_go_on_with_once_it_was_revoked) {
    server.token_seconds = 0;
    ASSERT_TRUE(access().has_value());
    server.on["com.atproto.server.refreshSession"] = [](const auto&) {
        return answer(400, R"({"error":"ExpiredToken","message":"Token has been revoked"})");
    };
    server.on["com.atproto.server.createSession"] = [](const auto&) { return answer(503, ""); };
    EXPECT_TRUE(access().has_error());
}

TEST_F(bluesky_session, signs_in_again_when_the_refresh_token_was_revoked) {
    const auto first = access();
    server.on["com.atproto.server.refreshSession"] = [](const auto&) {
        return answer(400, R"({"error":"ExpiredToken","message":"Token has been revoked"})");
    };
    const auto second = renew(first.value());
    ASSERT_TRUE(second.has_value());
    EXPECT_NE(first.value(), second.value());
    EXPECT_EQ(sign_ins(), 2U);
}

TEST_F(bluesky_session, gives_the_successor_to_whoever_still_has_the_old_token) {
    const auto first = access();
    const auto second = renew(first.value());
    EXPECT_EQ(renew(first.value()).value(), second.value());
    EXPECT_EQ(refreshes(), 1U);
}

TEST_F(bluesky_session, lets_one_sign_in_for_all_who_ask_at_once) {
    asio::steady_timer gate(io, asio::steady_timer::time_point::max());
    server.hold = &gate;
    std::vector<std::string> tokens;
    task_group group(io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
    const auto ask = [&]() -> awaitable<void> {
        auto token = co_await us.access();
        tokens.push_back(token.has_value() ? *token : token.error().what);
    };
    for (int i = 0; i < 5; ++i) group.spawn("ask", ask());
    io.poll();
    server.hold = nullptr;
    gate.cancel();
    kith::test::run(io, group.wait());
    ASSERT_EQ(tokens.size(), 5U);
    for (const auto& each : tokens) EXPECT_EQ(each, test::jwt(7200, "a1"));
    EXPECT_EQ(sign_ins(), 1U);
}

TEST_F(bluesky_session, passes_the_turn_on_when_the_one_who_has_it_is_stopped) {
    asio::steady_timer gate(io, asio::steady_timer::time_point::max());
    server.hold = &gate;
    task_group stopped(io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
    const auto ask = [&]() -> awaitable<void> { co_await us.access(); };
    stopped.spawn("ask", ask());
    io.poll();
    stopped.emit();
    server.hold = nullptr;
    EXPECT_TRUE(access().has_value());
    kith::test::run(io, stopped.wait());
}

TEST_F(bluesky_session, says_unauthorised_to_a_wrong_password_and_does_not_try_it_again) {
    server.on["com.atproto.server.createSession"] = [](const auto&) {
        return answer(401,
                      R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})");
    };
    for (int i = 0; i < 3; ++i) {
        const auto token = access();
        ASSERT_TRUE(token.has_error());
        EXPECT_EQ(token.error().kind, errc::unauthorised);
    }
    EXPECT_EQ(sign_ins(), 1U);
}

TEST_F(bluesky_session, never_loops_on_signing_in) {
    server.on["com.atproto.server.createSession"] = [](const auto&) { return answer(503, ""); };
    errc last = errc::transient;
    for (int i = 0; i < 40; ++i) last = access().error().kind;
    EXPECT_EQ(last, errc::limited);
    EXPECT_LE(sign_ins(), 10U);
}

TEST_F(bluesky_session, takes_a_sign_in_of_unknown_outcome_for_one_to_repeat) {
    server.on["com.atproto.server.createSession"] = [](const auto&) -> result<net::client_response> {
        return fail(errc::unknown, "timed out");
    };
    EXPECT_EQ(access().error().kind, errc::transient);
}

TEST_F(bluesky_session, waits_as_long_as_the_server_asks) {
    server.on["com.atproto.server.createSession"] = [](const auto&) {
        return answer(429, R"({"error":"RateLimitExceeded"})", {{"retry-after", "120"}});
    };
    ASSERT_EQ(access().error().kind, errc::limited);
    const auto again = access();
    ASSERT_TRUE(again.error().retry_at);
    EXPECT_GT(*again.error().retry_at, now() + std::chrono::seconds(60));
    EXPECT_EQ(sign_ins(), 1U);
}

TEST(bluesky_token, tells_how_long_it_is_good_for_whatever_our_clock_says) {
    EXPECT_EQ(lifetime_of(test::jwt(7200, "x")), std::chrono::hours(2));
    for (const std::string& wrong : {std::string(), std::string("a.b"), std::string("a.!!.c"),
                                     std::string("a.e30.c"), "a." + base64(R"({"iat":5,"exp":4})") + ".c"})
        EXPECT_EQ(lifetime_of(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace kith::bluesky
