/// Until when a reply may be sent, as far as time alone says.
#include "tests/policy/judged.hpp"

namespace kith {
namespace {

using namespace std::chrono_literals;

class reply_until_by_packs : public test::judged_by_packs {
 protected:
    std::optional<timestamp> until() const {
        const judgement_input in{text_,      kind_,  "sign-in", department_, message_, thread_, length_,
                                 "loopback", packs_, standing_, house_,      label_,   at_};
        return reply_until(in);
    }
    void platform(rules::kind kind) {
        auto& p = pack_of("loopback");
        p.rules.resize(1);
        p.rules[0].kind = std::move(kind);
    }
};

TEST_F(reply_until_by_packs, is_open_where_no_rule_looks_at_the_time) {
    house(rules::links{});
    EXPECT_EQ(until(), std::nullopt);
}

TEST_F(reply_until_by_packs, is_the_first_of_the_age_and_the_window_and_the_verdict_agrees) {
    house(rules::age{.at_most = 48h});
    EXPECT_EQ(until(), message_.received_at + 48h);
    platform(rules::window{.within = 24h});
    ASSERT_EQ(until(), message_.received_at + 24h);
    at_ = *until();
    EXPECT_EQ(judged().decision, decision::allow) << "at the very end";
    at_ += 1s;
    EXPECT_EQ(judged().decision, decision::deny) << "and not after it";
}

TEST_F(reply_until_by_packs, goes_by_the_earlier_of_two_clocks_as_the_verdict_does) {
    house(rules::age{.at_most = 48h});
    for (const auto off : {-3h, 3h}) {  // the platform's clock, against ours
        message_.what.written_at = message_.received_at + off;
        ASSERT_TRUE(until());
        at_ = *until();
        EXPECT_EQ(judged().decision, decision::allow) << "at the very end";
        EXPECT_EQ(judged().until, until());
        at_ += 1s;
        EXPECT_EQ(judged().decision, decision::deny) << "and not after it";
    }
}

TEST_F(reply_until_by_packs, goes_on_when_the_contact_writes_again) {
    house(rules::window{.within = 24h});
    standing_.last_from_contact = message_.received_at + 2h;
    EXPECT_EQ(until(), message_.received_at + 26h);
}

TEST_F(reply_until_by_packs, is_not_moved_by_a_rule_that_speaks_elsewhere_or_only_wants_two_people) {
    house(rules::age{.at_most = 1h}).only.accounts = {"another"};
    EXPECT_EQ(until(), std::nullopt);
    house(rules::age{.at_most = 1h}).then = rule::consequence::second;
    EXPECT_EQ(until(), std::nullopt);
}

}  // namespace
}  // namespace kith
