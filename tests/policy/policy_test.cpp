#include "daemon/policy/policy.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

class policies : public ::testing::Test {
   protected:
    policies() {
        message_.what.written_at = message_.received_at = at_ - std::chrono::hours{1};
        thread_.target_revision = "1";
    }
    verdict judged() const {
        const judgement_input in{"Use the link.", kind_, message_, thread_, length_, at_};
        return judge(in);
    }
    /// What the rule of that name says.
    decision said(std::string_view rule) const {
        for (const auto& r : judged().reasons)
            if (r.rule == rule) return r.says;
        ADD_FAILURE() << "no rule " << rule;
        return decision::allow;
    }
    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();
    stored_message message_;
    thread thread_;
    std::string kind_ = "help";
    text_length length_{13, 300, "graphemes"};
};

TEST_F(policies, allow_a_helpful_answer_and_say_why) {
    EXPECT_EQ(judged().decision, decision::allow);
    for (const auto& r : judged().reasons) EXPECT_FALSE(r.why.empty()) << r.rule;
}

TEST_F(policies, deny_one_too_many_characters_and_nothing) {
    length_.used = 300;
    EXPECT_EQ(said("house.length"), decision::allow);
    length_.used = 301;
    EXPECT_EQ(said("house.length"), decision::deny);
    length_.used = 0;
    EXPECT_EQ(said("house.length"), decision::deny);
}

TEST_F(policies, deny_an_answer_to_a_bot) {
    message_.what.author.bot = true;
    EXPECT_EQ(said("house.not-to-bots"), decision::deny);
    EXPECT_EQ(judged().decision, decision::deny);
}

TEST_F(policies, deny_an_answer_to_what_is_gone) {
    thread_.target_revision.clear();
    EXPECT_EQ(said("house.target-exists"), decision::deny);
    thread_.target_revision = "1";
    message_.deleted_at = at_;
    EXPECT_EQ(said("house.target-exists"), decision::deny);
}

TEST_F(policies, deny_where_no_reply_is_wanted) {
    message_.contact_blocked = true;
    EXPECT_EQ(said("house.replies-wanted"), decision::deny);
    message_.contact_blocked = false;
    thread_.may_reply = false;
    EXPECT_EQ(said("house.replies-wanted"), decision::deny);
}

TEST_F(policies, deny_what_comes_a_week_late) {
    message_.what.written_at = message_.received_at = at_ - std::chrono::hours{24 * 7};
    EXPECT_EQ(said("house.age"), decision::allow);
    message_.what.written_at -= std::chrono::seconds{1};
    EXPECT_EQ(said("house.age"), decision::allow) << "received a week ago: a backdated message is not older than that";
    message_.received_at -= std::chrono::seconds{1};
    EXPECT_EQ(said("house.age"), decision::deny);
}

TEST_F(policies, deny_every_offer) {
    kind_ = "offer";
    EXPECT_EQ(judged().decision, decision::deny);
}

}  // namespace
}  // namespace kith
