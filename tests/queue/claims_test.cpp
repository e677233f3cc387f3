/// Who is deciding on which message.
#include "daemon/queue/claims.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace kith {
namespace {

using namespace std::chrono_literals;

class claims_on_a_message : public ::testing::Test {
 protected:
    claims_on_a_message() {
        all.on_change([this](std::int64_t message, std::int64_t) { told.push_back(message); });
    }
    result<claim> take(const std::string& login, bool over = false) {
        return all.take(7, {login, login, {}, 70}, at, over);
    }

    claims all;
    std::vector<std::int64_t> told;
    timestamp at = from_micros(1'790'000'000'000'000);
};

TEST_F(claims_on_a_message, are_held_for_a_minute_and_renewed_by_calling_again) {
    EXPECT_EQ(take("ann")->until, at + 60s);
    at += 50s;
    EXPECT_EQ(take("ann")->until, at + 60s);
    at += 59s;
    EXPECT_TRUE(all.find(7, at));
    at += 1s;
    EXPECT_FALSE(all.find(7, at)) << "run out";
    EXPECT_EQ(told.size(), 1U) << "a renewal is no news";
}

TEST_F(claims_on_a_message, keep_others_away_until_they_are_given_back_taken_over_or_run_out) {
    ASSERT_TRUE(take("ann"));
    const auto refused = take("bob");
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().kind, errc::conflict);
    EXPECT_NE(refused.error().what.find("ann"), std::string::npos) << refused.error().what;
    all.give_back(7, "bob");
    EXPECT_EQ(all.held_by_other(7, "bob", at)->login, "ann") << "it was not bob's to give back";
    all.give_back(7, "ann");
    EXPECT_TRUE(take("bob"));
    EXPECT_EQ(take("cat", true)->login, "cat");
    EXPECT_FALSE(all.held_by_other(7, "cat", at));
    at += claims::lease;
    EXPECT_TRUE(take("ann"));
}

TEST_F(claims_on_a_message, that_run_out_are_told_once) {
    take("ann").value();
    told.clear();
    all.expire(at + 59s);
    EXPECT_TRUE(told.empty());
    all.expire(at + 60s);
    all.expire(at + 61s);
    EXPECT_EQ(told, std::vector<std::int64_t>{7});
}

}  // namespace
}  // namespace kith
