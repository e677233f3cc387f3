#include <gtest/gtest.h>

#include <set>

#include "daemon/model/suggestion.hpp"

namespace kith {
namespace {

approval_basis sample() {
    return {"Use the link.", "acc", "m1", "1", "m1", "allow house.length=allow", "sign-in", "0123", "steps"};
}

TEST(approval, binds_every_field) {
    const std::vector<std::string approval_basis::*> fields = {
        &approval_basis::text,   &approval_basis::account,  &approval_basis::target,
        &approval_basis::target_revision, &approval_basis::thread_tail, &approval_basis::verdict,
        &approval_basis::playbook, &approval_basis::playbook_revision, &approval_basis::reply};
    std::set<std::string> hashes{sample().hash()};
    for (const auto field : fields) {
        auto changed = sample();
        changed.*field += "x";
        EXPECT_TRUE(hashes.insert(changed.hash()).second);
        EXPECT_EQ(sample().differences(changed).size(), 1U);
    }
    EXPECT_TRUE(sample().differences(sample()).empty());
    EXPECT_EQ(sample().hash(), sample().hash());
}

TEST(approval, does_not_take_two_fields_for_one) {
    auto a = sample(), b = sample();
    a.target = "m1";
    a.target_revision = "23";
    b.target = "m12";
    b.target_revision = "3";
    EXPECT_NE(a.hash(), b.hash());
}

TEST(approval, a_verdict_by_other_rules_is_another_verdict) {
    verdict a, b;
    a.decision = b.decision = decision::allow;
    a.reasons = {{"house.length", decision::allow, "12 of 300"}};
    b.reasons = {{"house.length", decision::allow, "14 of 300"}};
    EXPECT_EQ(a.digest(), b.digest()) << "the words of a reason are not the verdict";
    b.reasons.push_back({"house.age", decision::allow, ""});
    EXPECT_NE(a.digest(), b.digest());
}

}  // namespace
}  // namespace kith
