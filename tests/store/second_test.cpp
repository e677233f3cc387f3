// A verdict of `second`: two different people, the same thing.
#include "tests/store/decisions.hpp"

namespace kith::sqlite {
namespace {

class second_approval : public test::decisions {
 protected:
    std::int64_t open() { return suggest(receive("m1"), decision::second); }
    verdict second() {
        verdict v;
        v.decision = decision::second;
        return v;
    }
};

TEST_F(second_approval, one_yes_is_kept_and_sends_nothing) {
    const auto id = open();
    const auto changed = approve(id, "ann");
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].state, suggestion_state::open);
    EXPECT_EQ(find(id).state, suggestion_state::open);
    EXPECT_EQ(find(id).first_approval_by, "ann");
    EXPECT_EQ(find(id).version, 2);
    EXPECT_TRUE(due().empty());
}

TEST_F(second_approval, two_people_make_the_delivery) {
    const auto id = open();
    approve(id, "ann");
    approve(id, "bob");
    EXPECT_EQ(find(id).state, suggestion_state::approved);
    EXPECT_EQ(find(id).decided_by, "ann and bob");
    ASSERT_EQ(due().size(), 1U);
    EXPECT_EQ(due()[0].approved_by, "ann and bob");
    EXPECT_EQ(acts(),
              (std::vector<std::string>{"kith received", "kith suggested", "ann approved", "bob approved"}));
}

TEST_F(second_approval, the_same_person_twice_is_refused_and_told_why) {
    const auto id = open();
    approve(id, "ann");
    EXPECT_EQ(said([&] { approve(id, "ann"); }),
              "suggestion 1 needs two people, and ann has approved it already: somebody else must agree");
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(find(id).first_approval_by, "ann");
}

TEST_F(second_approval, a_login_in_other_letters_is_the_same_person) {
    const auto id = open();
    approve(id, "mia");
    EXPECT_NE(said([&] { approve(id, "MIA"); }).find("needs two people"), std::string::npos);
    EXPECT_TRUE(due().empty());
}

TEST_F(second_approval, an_edit_drops_the_first_yes_even_if_it_is_undone) {
    const auto id = open();
    const auto text = find(id).basis.text;
    approve(id, "ann");
    edit(db, id, find(id).version, "Another text.", second(), "bob", next());
    EXPECT_EQ(find(id).first_approval_by, "");
    edit(db, id, find(id).version, text, find(id).verdict, "bob", next());
    EXPECT_EQ(find(id).first_approval_by, "");
    approve(id, "bob");
    EXPECT_TRUE(due().empty()) << "bob is the first now";
    EXPECT_EQ(find(id).first_approval_by, "bob");
}

TEST_F(second_approval, a_thread_that_went_on_drops_the_first_yes) {
    const auto id = open();
    approve(id, "ann");
    rebind(db, id, "m9", {}, {}, next());
    EXPECT_EQ(find(id).first_approval_by, "");
    approve(id, "bob");
    EXPECT_TRUE(due().empty());
}

TEST_F(second_approval, the_second_must_have_seen_what_the_first_saw) {
    const auto id = open();
    approve(id, "ann");
    const auto seen = find(id).hash;
    edit(db, id, find(id).version, "Another text.", second(), "cid", next());
    EXPECT_NE(said([&] { sqlite::approve(db, id, seen, "bob", next()); }).find("changed since it was shown"),
              std::string::npos);
    EXPECT_TRUE(due().empty());
}

TEST_F(second_approval, what_comes_back_needs_two_people_again) {
    const auto id = open();
    approve(id, "ann");
    approve(id, "bob");
    const auto d = due().at(0);
    give_back(db, d.id, d.approved, find(id).verdict, {}, {"it could not be sent within 24 hours"}, next());
    EXPECT_EQ(find(id).state, suggestion_state::open);
    EXPECT_EQ(find(id).first_approval_by, "");
    approve(id, "bob");
    EXPECT_TRUE(due().empty());
}

TEST_F(second_approval, an_edit_that_needs_no_second_person_needs_one) {
    const auto id = open();
    approve(id, "ann");
    verdict fine;
    fine.decision = decision::allow;
    edit(db, id, find(id).version, "Harmless.", fine, "ann", next());
    approve(id, "ann");
    EXPECT_EQ(due().size(), 1U);
}

TEST_F(second_approval, a_rejection_needs_one_person) {
    const auto id = open();
    approve(id, "ann");
    reject(id);
    EXPECT_EQ(find(id).state, suggestion_state::rejected);
}

}  // namespace
}  // namespace kith::sqlite
