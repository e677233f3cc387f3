#include "tests/policy/judged.hpp"

namespace kith::test {
namespace {

using policies = judged_by_packs;

TEST_F(policies, allow_a_helpful_answer_and_say_why) {
    EXPECT_EQ(judged().decision, allow);
    EXPECT_GE(judged().reasons.size(), 4U);
    for (const auto& r : judged().reasons) EXPECT_FALSE(r.why.empty()) << r.rule;
}

TEST_F(policies, deny_one_too_many_characters_and_nothing) {
    length_.used = 300;
    EXPECT_EQ(said("kith.length"), allow);
    length_.used = 301;
    EXPECT_EQ(said("kith.length"), deny);
    length_.used = 0;
    EXPECT_EQ(said("kith.length"), deny);
}

TEST_F(policies, deny_an_answer_to_what_is_gone) {
    thread_.target_revision.clear();
    EXPECT_EQ(said("kith.target-exists"), deny);
    thread_.target_revision = "1";
    EXPECT_EQ(said("kith.target-exists"), allow);
    message_.deleted_at = at_;
    EXPECT_EQ(said("kith.target-exists"), deny);
}

TEST_F(policies, deny_where_no_reply_is_wanted) {
    message_.contact_blocked = true;
    EXPECT_EQ(said("kith.replies-wanted"), deny);
    message_.contact_blocked = false;
    EXPECT_EQ(said("kith.replies-wanted"), allow);
    thread_.may_reply = false;
    thread_.why_not = "closed";
    EXPECT_EQ(said("kith.replies-wanted"), deny);
    EXPECT_EQ(why("kith.replies-wanted"), "closed");
}

TEST_F(policies, deny_who_asked_us_to_stop) {
    EXPECT_EQ(said("kith.opted-out"), allow);
    standing_.opted_out = true;
    EXPECT_EQ(said("kith.opted-out"), deny);
    EXPECT_EQ(judged().decision, deny);
}

TEST_F(policies, hold_back_what_is_stopped_and_keep_its_approval) {
    const auto free = judged().digest();
    standing_.stopped = {"playbook another", "account elsewhere"};
    EXPECT_FALSE(judged().not_before.has_value());
    for (const char* brake : {"all", "account square", "playbook sign-in"}) {
        standing_.stopped = {brake};
        EXPECT_EQ(judged().not_before, at_ + std::chrono::seconds{30}) << brake;
        EXPECT_EQ(judged().digest(), free) << brake;
    }
}

TEST_F(policies, deny_everything_without_a_pack_and_say_how_to_mend_it) {
    packs_.packs.erase("loopback");
    EXPECT_EQ(said("loopback.in-force"), deny);
    EXPECT_EQ(why("loopback.in-force"), "the pack 'loopback' is missing: write policies/loopback.yaml");
    EXPECT_EQ(judged().again_with, "packs");
    pack_of("loopback");
    EXPECT_EQ(judged().decision, allow);
    packs_.packs.erase("house");
    EXPECT_EQ(said("house.in-force"), deny);
}

TEST_F(policies, deny_everything_under_a_broken_pack) {
    packs_.packs.erase("house");
    packs_.broken["house"] = "house.yaml:3:1: unknown key 'rulez'; did you mean 'rules'?";
    EXPECT_EQ(said("house.in-force"), deny);
    EXPECT_NE(why("house.in-force").find("house.yaml:3:1"), std::string::npos);
}

TEST_F(policies, deny_everything_from_the_day_after_a_pack_expired) {
    at_ = from_rfc3339("2027-05-23T23:59:59.999999Z").value();
    EXPECT_EQ(judged().decision, allow);
    at_ = from_rfc3339("2027-05-24T00:00:00Z").value();
    EXPECT_EQ(said("house.in-force"), deny);
    EXPECT_EQ(said("loopback.in-force"), deny);
    EXPECT_EQ(judged().again_with, "packs");
}

TEST_F(policies, let_the_strictest_word_win) {
    house(rules::any_reply{}).then = rule::consequence::second;
    EXPECT_EQ(judged().decision, second);
    standing_.opted_out = true;
    EXPECT_EQ(judged().decision, deny);
}

TEST_F(policies, speak_only_where_the_filter_lets_them) {
    auto& r = house(rules::any_reply{});
    r.only.kinds = {"thank"};
    EXPECT_EQ(said(), std::nullopt);
    r.only.kinds = {"thank", "help"};
    EXPECT_EQ(said(), deny);
    r.only.ways = {way::direct};
    EXPECT_EQ(said(), std::nullopt);
    r.only.ways = {way::mention};
    EXPECT_EQ(said(), deny);
    r.only.communities = {"r/dogs"};
    EXPECT_EQ(said(), std::nullopt);
    message_.what.community = "r/dogs";
    EXPECT_EQ(said(), deny);
    r.only.accounts = {"another"};
    EXPECT_EQ(said(), std::nullopt);
    r.only.accounts = {"square"};
    EXPECT_EQ(said(), deny);
}

TEST_F(policies, bind_an_approval_to_the_packs_revisions) {
    const auto before = judged().digest();
    EXPECT_NE(before.find("house@0123"), std::string::npos);
    pack_of("loopback").revision = "4567";
    EXPECT_NE(judged().digest(), before);
}

TEST_F(policies, do_not_bind_an_approval_to_the_hour) {
    rules::quiet_hours night;
    night.from = std::chrono::hours{21};
    night.to = std::chrono::hours{8};
    house(night).then = rule::consequence::wait;
    const auto by_day = judged();
    at_ += std::chrono::hours{10};
    const auto by_night = judged();
    EXPECT_FALSE(by_day.not_before.has_value());
    EXPECT_EQ(by_night.not_before, from_rfc3339("2026-11-24T08:00:00Z"));
    EXPECT_EQ(by_night.decision, allow);
    EXPECT_EQ(by_day.digest(), by_night.digest());
}

TEST_F(policies, tell_under_which_caps_a_reply_is) {
    auto& r = house(rules::cap{{tally::of::contact, std::chrono::hours{1}, false}, 3, 0});
    const auto under = [&] {
        const judgement_input in{text_,      kind_,  "sign-in", department_, message_, thread_, length_,
                                 "loopback", packs_, standing_, house_,      label_,   at_};
        return room_left(in);
    };
    standing_.tallies = {{2, {}}};
    ASSERT_EQ(under().size(), 1U);
    EXPECT_EQ(under()[0].of.per, tally::of::contact);
    EXPECT_EQ(under()[0].at_most, 3);
    standing_.tallies = {{3, {}}};
    EXPECT_TRUE(under().empty()) << "reached: its consequence is in the verdict";
    standing_.tallies = {{2, {}}};
    r.only.kinds = {"offer"};
    EXPECT_TRUE(under().empty()) << "not about this one";
}

}  // namespace
}  // namespace kith::test
