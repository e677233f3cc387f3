#include "daemon/relations/stage_rules.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith {
namespace {

/// A file in which everything is right, but for what is put in its place.
std::string rules_with(const std::string& affinity) {
    return "stages:\n  attention: {any: [spoke_of_us]}\n  attraction: {any: [spoke_to_us]}\n  affinity: " +
           affinity + "\n  audience: {any: [followed]}\n  advocate: {any: [recommended]}\n";
}

std::string complaints(const std::string& text) {
    yaml::findings found;
    const auto made = read_stage_rules(text, "stages.yaml", found);
    EXPECT_EQ(made == nullptr, !found.empty());
    return found.text();
}

TEST(stage_rules, are_read_with_counts_times_and_floors) {
    yaml::findings found;
    const auto made = read_stage_rules(rules_with("{any: [thanked, {signal: came_back, count: 2, within: "
                                                  "30d, from: attraction}], after: 90d, until: "
                                                  "unfollowed}"),
                                       "stages.yaml", found);
    ASSERT_TRUE(made) << found.text();
    const auto& rule = made->at(stage::affinity);
    ASSERT_EQ(rule.any.size(), 2U);
    EXPECT_EQ(rule.any[0].signal, contact_signal::thanked);
    EXPECT_EQ(rule.any[1].count, 2);
    EXPECT_EQ(rule.any[1].within, std::chrono::hours{24 * 30});
    EXPECT_EQ(rule.any[1].from, stage::attraction);
    EXPECT_EQ(rule.after, std::chrono::hours{24 * 90});
    EXPECT_EQ(rule.until, std::vector<contact_signal>{contact_signal::unfollowed});
    EXPECT_FALSE(made->at(stage::audience).after);
    EXPECT_FALSE(made->revision.empty());
}

TEST(stage_rules, name_every_mistake_with_its_place_and_how_to_mend_it) {
    EXPECT_EQ(complaints(rules_with("{any: [thankd]}")),
              "stages.yaml:4:20: there is no signal 'thankd'; did you mean thanked?\n");
    EXPECT_NE(
        complaints(rules_with("{any: [{signal: came_back, count: 2}]}")).find("`count` without `within`"),
        std::string::npos);
    EXPECT_NE(
        complaints(rules_with("{any: [{signal: came_back, within: 2d}]}")).find("`within` says nothing"),
        std::string::npos);
    EXPECT_NE(complaints(rules_with("{any: [{signal: thanked, from: affinity}]}"))
                  .find("`from` is not below affinity"),
              std::string::npos);
    EXPECT_NE(
        complaints(rules_with("{any: [{signal: thanked, from: friendship}]}")).find("no stage 'friendship'"),
        std::string::npos);
    EXPECT_NE(complaints(rules_with("{any: []}")).find("no list of signals"), std::string::npos);
    EXPECT_NE(complaints(rules_with("{any: [thanked], affter: 90d}")).find("affter"), std::string::npos);
    EXPECT_NE(complaints("stages: {attention: {any: [spoke_of_us]}}").find("advocate"), std::string::npos);
}

TEST(stage_rules, that_ship_are_built_in_where_there_is_no_file) {
    yaml::findings found;
    const auto built_in = load_stage_rules("/nonexistent", found);
    const auto shipped = load_stage_rules(std::string(KITH_SOURCE_DIR) + "/policies", found);
    ASSERT_TRUE(built_in && shipped) << found.text();
    EXPECT_EQ(built_in->revision, shipped->revision);
}

}  // namespace
}  // namespace kith
