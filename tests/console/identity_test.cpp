#include "daemon/console/identity.hpp"

#include <gtest/gtest.h>

namespace kith::console {
namespace {

TEST(identities, see_their_own_departments_and_accounts_and_all_where_none_are_named) {
    identity who;
    EXPECT_TRUE(may(who, "support", "square"));
    who.departments = {"support", "billing"};
    EXPECT_TRUE(may(who, "billing", "square"));
    EXPECT_FALSE(may(who, "sales", "square"));
    EXPECT_TRUE(may(who, "", "square")) << "what belongs to no department belongs to all";
    who.accounts = {"square"};
    EXPECT_TRUE(may(who, "billing", "square"));
    EXPECT_FALSE(may(who, "billing", "circle"));
    EXPECT_FALSE(may(who, "sales", "square"));
}

TEST(roles, are_read_as_they_are_written_and_stand_in_order) {
    auto before = std::optional<role>{};
    for (const char* name : {"viewer", "drafter", "approver", "lead", "admin"}) {
        const auto r = role_from(name);
        ASSERT_TRUE(r) << name;
        EXPECT_EQ(to_string(*r), name);
        EXPECT_TRUE(!before || *before < *r);
        before = r;
    }
    for (const char* name : {"", "Admin", "admins", "boss"}) EXPECT_FALSE(role_from(name)) << name;
}

}  // namespace
}  // namespace kith::console
