#include "daemon/ingest/wish.hpp"

#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

/// Hears the topics by their own names.
class named final : public word_lists {
 public:
    std::vector<heard> find(std::string_view text) const override {
        std::vector<heard> out;
        for (const char* topic : {"opt-in", "opt-out", "thanks"})
            if (text.find(topic) != std::string_view::npos) out.push_back({topic, "en", topic, 0, 0});
        return out;
    }
    bool knows(std::string_view) const override { return true; }
};

std::vector<event> heard_in(const message& m) {
    return with_wishes(named(), {message_seen{m}, message_deleted{"other"}});
}

TEST(wishes, follow_the_message_that_they_stand_in) {
    const auto events = heard_in(test::sample_message("m1", "opt-out thanks"));
    ASSERT_EQ(events.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<message_seen>(events[0]));
    const auto& out = std::get<contact_opted_out>(events[1]);
    EXPECT_EQ(out.identity_id, "ann");
    EXPECT_EQ(out.native_id, "m1");
    EXPECT_EQ(out.words, "opt-out");
    EXPECT_TRUE(std::holds_alternative<message_deleted>(events[2]));
}

TEST(wishes, are_heard_both_ways) {
    const auto events = heard_in(test::sample_message("m1", "opt-in"));
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(std::get<contact_opted_in>(events[1]).identity_id, "ann");
}

TEST(wishes, to_stop_win_over_wishes_to_go_on) {
    const auto events = heard_in(test::sample_message("m1", "opt-in opt-out"));
    EXPECT_TRUE(std::holds_alternative<contact_opted_out>(events.at(1)));
}

TEST(wishes, are_not_heard_in_other_messages) {
    EXPECT_EQ(heard_in(test::sample_message("m1", "thanks")).size(), 2U);
    auto m = test::sample_message("m1", "opt-out");
    m.addressed = false;
    EXPECT_EQ(heard_in(m).size(), 2U) << "it was not said to us";
    m.addressed = true;
    m.ours = true;
    EXPECT_EQ(heard_in(m).size(), 2U) << "we said it";
}

}  // namespace
}  // namespace kith
