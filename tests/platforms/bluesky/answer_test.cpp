#include "platforms/bluesky/answer.hpp"

#include "platforms/bluesky/budget.hpp"

#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

const timestamp at = *from_rfc3339("2026-11-23T04:12:00Z");

errc kind(unsigned status, const std::string& body, effect of = effect::reads) {
    return classify({status, {}, body}, of, at).why.kind;
}

TEST(bluesky_answer, is_sorted_by_its_name_first_and_its_status_then) {
    EXPECT_EQ(kind(400, R"({"error":"RecordNotFound","message":"x"})"), errc::not_found);
    EXPECT_EQ(kind(400, R"({"error":"InvalidSwap","message":"Record was at bafy"})", effect::writes),
              errc::refused);
    EXPECT_EQ(kind(400, R"({"error":"InvalidRequest","message":"x"})", effect::writes), errc::refused);
    EXPECT_EQ(kind(400, R"({"error":"AccountTakedown","message":"x"})"), errc::unauthorised);
    EXPECT_EQ(kind(401, R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})"),
              errc::unauthorised);
    EXPECT_EQ(kind(429, "slow down"), errc::limited);
    EXPECT_EQ(kind(400, R"({"error":"RateLimitExceeded"})"), errc::limited);
    EXPECT_EQ(kind(404, "<html>"), errc::refused);
    EXPECT_EQ(kind(301, ""), errc::refused);
}

TEST(bluesky_answer, leaves_a_write_open_where_a_server_gave_up) {
    for (const unsigned status : {408U, 500U, 502U, 503U, 504U}) {
        EXPECT_EQ(kind(status, "<html>bad gateway</html>", effect::writes), errc::unknown) << status;
        EXPECT_EQ(kind(status, R"({"error":"UpstreamFailure"})", effect::reads), errc::transient) << status;
    }
}

TEST(bluesky_answer, tells_the_token_from_the_account) {
    EXPECT_TRUE(is_token_trouble(400, "ExpiredToken"));
    EXPECT_TRUE(is_token_trouble(400, "InvalidToken"));
    EXPECT_TRUE(is_token_trouble(401, "AuthMissing"));
    EXPECT_FALSE(is_token_trouble(401, "AuthenticationRequired"));
    EXPECT_FALSE(is_token_trouble(400, "AccountTakedown"));
}

TEST(bluesky_answer, says_it_in_one_line) {
    const auto f = classify({502, {}, "<html>\n<body>Bad\ngateway"}, effect::reads, at);
    EXPECT_EQ(f.why.what, "HTTP 502: <html>");
    EXPECT_EQ(f.name, "");
    EXPECT_EQ(classify({400, {}, R"({"error":"A","message":"b\u0007c"})"}, effect::reads, at).why.what,
              "HTTP 400 A: b c");
}

TEST(bluesky_answer, knows_when_the_server_listens_again) {
    const auto seconds = std::to_string(to_micros(at) / 1'000'000 + 90);
    EXPECT_EQ(listens_again({{"Retry-After", "30"}, {"ratelimit-reset", seconds}}, at),
              at + std::chrono::seconds(30));
    EXPECT_EQ(listens_again({{"RateLimit-Reset", seconds}}, at), at + std::chrono::seconds(90));
    EXPECT_EQ(listens_again({{"retry-after", "soon"}}, at), std::nullopt);
    EXPECT_EQ(listens_again({{"ratelimit-reset", "5"}}, at), at + std::chrono::seconds(1))
        << "never in the past";
    EXPECT_EQ(listens_again({{"retry-after", "999999999"}}, at), at + std::chrono::hours(24));
    EXPECT_TRUE(classify({429, {}, ""}, effect::writes, at).why.retry_at) << "even without a header";
}

TEST(bluesky_budget, makes_writes_wait_before_the_server_has_to) {
    budget b(10);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(b.wait_until(points::put, at), std::nullopt) << i;
        b.spend(points::put, at + std::chrono::minutes(i));
    }
    const timestamp later = at + std::chrono::minutes(5);
    EXPECT_EQ(b.wait_until(points::put, later), at + std::chrono::hours(1))
        << "when the first leaves the hour";
    EXPECT_EQ(b.wait_until(points::create, later), at + std::chrono::hours(1) + std::chrono::minutes(1));
    EXPECT_EQ(b.wait_until(points::put, at + std::chrono::hours(1)), std::nullopt);
}

TEST(bluesky_budget, believes_the_server) {
    const auto reset = at + std::chrono::minutes(3);
    const net::http_fields headers{{"RateLimit-Remaining", "3"},
                                   {"RateLimit-Reset", std::to_string(to_micros(reset) / 1'000'000)}};
    budget b;
    b.learn(headers, at);
    EXPECT_EQ(b.wait_until(2, at), std::nullopt);
    b.spend(2, at);
    EXPECT_EQ(b.wait_until(2, at), reset);
    EXPECT_EQ(b.wait_until(2, reset), std::nullopt);
    b.hold(reset + std::chrono::minutes(1));
    EXPECT_EQ(b.wait_until(1, reset), reset + std::chrono::minutes(1));
}

TEST(bluesky_budget, does_not_stop_for_a_header_that_makes_no_sense) {
    budget b;
    b.learn({{"ratelimit-remaining", "0"}, {"ratelimit-reset", "99999999999999"}}, at);
    b.learn({{"ratelimit-remaining", "x"}, {"ratelimit-reset", "1"}}, at);
    EXPECT_EQ(b.wait_until(3, at), std::nullopt);
}

}  // namespace
}  // namespace kith::bluesky
