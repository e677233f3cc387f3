#include "tests/policy/judged.hpp"

namespace kith::test {
namespace {

class pitch_firewall : public judged_by_packs {
 protected:
    pitch_firewall() {
        kind_ = "offer";
        message_.what.text = "what does it cost";
        standing_.stage = stage::audience;
        standing_.ever_answered = true;
        firewall();
    }
    rules::offer& firewall() {
        auto& r = house(rules::offer{stage::audience, {"asks-for-offer"}, {"complaint"}, {}});
        return std::get<rules::offer>(r.kind);
    }
};

TEST_F(pitch_firewall, lets_an_offer_through_that_was_asked_for) {
    EXPECT_EQ(said(), allow);
    EXPECT_EQ(judged().decision, allow);
}

TEST_F(pitch_firewall, denies_every_offer_without_a_house_that_says_from_where) {
    pack_of("house").rules.clear();
    EXPECT_EQ(said("house.offer"), deny);
    kind_ = "help";
    EXPECT_EQ(said("house.offer"), std::nullopt);
}

TEST_F(pitch_firewall, names_the_stage_from_which_offers_begin) {
    for (const auto s :
         {stage::attention, stage::attraction, stage::affinity, stage::audience, stage::advocate}) {
        standing_.stage = s;
        EXPECT_EQ(said(), s < stage::audience ? deny : allow) << to_string(s);
    }
    standing_.stage.reset();
    EXPECT_EQ(said(), deny) << "nothing is known of them";
}

TEST_F(pitch_firewall, lets_nothing_be_the_opening) {
    standing_.ever_answered = false;
    standing_.stage = stage::advocate;
    EXPECT_EQ(said(), deny);
}

TEST_F(pitch_firewall, stops_at_a_complaint_even_if_asked) {
    message_.what.text = "terrible. what does it cost";
    EXPECT_EQ(said(), deny);
}

TEST_F(pitch_firewall, lets_nothing_through_unasked_by_default) {
    message_.what.text = "hello";
    standing_.with_contact = standing_.on_account = {1000, 0};
    EXPECT_EQ(said(), deny);
}

TEST_F(pitch_firewall, counts_help_against_offers_with_the_contact_the_account_and_the_community) {
    message_.what.text = "hello";
    firewall().helpful_per_offer = 20;
    message_.what.community = "r/dogs";
    auto& s = standing_;
    for (auto* side : {&s.with_contact, &s.on_account, &s.in_community}) {
        s.with_contact = s.on_account = s.in_community = {20, 0};
        EXPECT_EQ(said(), allow);
        *side = {19, 0};
        EXPECT_EQ(said(), deny);
        *side = {39, 1};
        EXPECT_EQ(said(), deny);
        *side = {40, 1};
        EXPECT_EQ(said(), allow);
    }
    message_.what.community.clear();
    s.in_community = {};
    EXPECT_EQ(said(), allow) << "where there are no communities, none is counted";
}

TEST_F(pitch_firewall, finds_at_lint_what_it_denies_at_the_send) {
    const few_words words;
    EXPECT_EQ(hidden_promotion(words, {"promotion"}, "so buy now, please"), "buy now");
    EXPECT_EQ(hidden_promotion(words, {"promotion"}, "so use the link"), "");
}

}  // namespace
}  // namespace kith::test
