// The record as a chain, in the store: what is in it, and what becomes of it when somebody meddles.
#include "tests/store/decisions.hpp"

#include <algorithm>

namespace kith::sqlite {
namespace {

class audit_record : public test::decisions {
 protected:
    std::string verified(const std::string& head = {}) {
        audit::verifier v(head);
        for (const auto& e : record_entries(db, 0, 1000, true)) v.take(e);
        const auto f = v.finish();
        return f ? f->what : "whole";
    }
    void some_decisions() {
        const auto first = suggest("m1");
        post(first);
        reject(suggest("m2"), "ann does not live here");
    }
    /// Their numbers, part by part.
    std::vector<std::int64_t> found(audit_filter f, std::size_t at_once = 2) {
        std::vector<std::int64_t> out;
        f.most = at_once;
        for (;;) {
            const auto part = find_entries(db, f);
            for (const auto& e : part) out.push_back(e.number);
            if (part.size() < at_once) return out;
            f.after = part.back().number;
            f.after_at = part.back().at;
        }
    }
    std::string detail_of(std::int64_t number) {
        const auto e = record_entries(db, number - 1, 1, true).at(0);
        return e.detail ? e.detail->detail : "";
    }
};

TEST_F(audit_record, holds_every_decision_in_order_and_is_whole) {
    some_decisions();
    EXPECT_EQ(acts(), (std::vector<std::string>{"kith received", "kith suggested", "ann approved",
                                                "kith attempted", "kith delivered", "kith received",
                                                "kith suggested", "ann rejected"}));
    EXPECT_EQ(verified(), "whole");
    EXPECT_EQ(record_head(db).number, 8);
}

TEST_F(audit_record, is_looked_through_from_its_newest_entry_in_parts) {
    some_decisions();
    using numbers = std::vector<std::int64_t>;
    EXPECT_EQ(found({}), (numbers{8, 7, 6, 5, 4, 3, 2, 1}));
    audit_filter of_ann;
    of_ann.actor = "ann";
    EXPECT_EQ(found(of_ann), (numbers{8, 3}));
    EXPECT_EQ(found(of_ann, 1), (numbers{8, 3}));
    of_ann.newest_first = false;
    EXPECT_EQ(found(of_ann, 1), (numbers{3, 8}));
    of_ann.act = "approved";
    EXPECT_EQ(found(of_ann), (numbers{3}));
    audit_filter of_kith;
    of_kith.actor = "kith";
    EXPECT_EQ(found(of_kith), (numbers{7, 6, 5, 4, 2, 1}));
    audit_filter received;
    received.act = "received";
    EXPECT_EQ(found(received), (numbers{6, 1}));
    audit_filter about;
    about.suggestion_id = 2;
    EXPECT_EQ(found(about), (numbers{8, 7}));
    about.message_id = 1;
    EXPECT_EQ(found(about), numbers{});
    about.suggestion_id = 0;
    EXPECT_EQ(found(about), (numbers{5, 4, 3, 2, 1}));
    audit_filter then;
    then.from = record_entries(db, 2, 1, false).at(0).at;
    then.until = record_entries(db, 5, 1, false).at(0).at;
    EXPECT_EQ(found(then), (numbers{5, 4, 3}));
}

TEST_F(audit_record, of_one_moment_are_parted_by_their_numbers) {
    const auto when = next();
    for (int i = 0; i < 5; ++i) note(db, when, "ann", "approved", 1, 1, "");
    EXPECT_EQ(found({}), (std::vector<std::int64_t>{5, 4, 3, 2, 1}));
}

TEST_F(audit_record, an_empty_one_has_a_head_too) {
    EXPECT_EQ(record_head(db).number, 0);
    EXPECT_EQ(record_head(db).hash, audit::beginning);
    EXPECT_EQ(verified(std::string(audit::beginning)), "whole");
}

TEST_F(audit_record, a_changed_row_is_named) {
    some_decisions();
    db.script("UPDATE record SET actor = 'bob' WHERE number = 3");
    EXPECT_EQ(verified(), "record 3 was changed");
}

TEST_F(audit_record, a_changed_detail_is_named) {
    some_decisions();
    db.script("UPDATE record_details SET detail = 'she asked for it' WHERE number = 8");
    EXPECT_EQ(verified(), "the detail of record 8 was changed");
}

TEST_F(audit_record, a_removed_row_is_named) {
    some_decisions();
    db.script("DELETE FROM record WHERE number = 4");
    EXPECT_EQ(verified(), "record 4 was removed");
}

TEST_F(audit_record, swapped_rows_are_named) {
    some_decisions();
    db.script(
        "UPDATE record SET number = -1 WHERE number = 3; UPDATE record SET number = 3 WHERE number = 4;"
        "UPDATE record SET number = 4 WHERE number = -1");
    EXPECT_NE(verified().find("reordered: record 3 stands in another place"), std::string::npos)
        << verified();
}

TEST_F(audit_record, a_tail_cut_off_shows_against_a_kept_head_and_once_something_follows) {
    some_decisions();
    const auto kept = record_head(db).hash;
    EXPECT_EQ(verified(kept), "whole");
    db.script("DELETE FROM record WHERE number = 8");
    EXPECT_EQ(verified(), "whole");
    EXPECT_NE(verified(kept).find("what came after record 7 was removed"), std::string::npos);
    receive("m3");
    EXPECT_EQ(verified(), "record 8 was removed");
}

TEST_F(audit_record, a_forgotten_message_leaves_the_chain_whole_and_no_words) {
    some_decisions();
    EXPECT_EQ(detail_of(8), "ann does not live here");
    erase_record_details(db, message_number(db, "m2"));
    EXPECT_EQ(verified(), "whole");
    EXPECT_EQ(detail_of(8), "");
    EXPECT_NE(detail_of(1), "") << "another message's";
    auto r = db.query("SELECT COUNT(*) FROM record_details WHERE detail LIKE '%live here%'");
    r.next();
    EXPECT_EQ(r.number(0), 0);
    const auto h = history(db, message_number(db, "m2"));
    ASSERT_FALSE(h.record.empty());
    EXPECT_EQ(h.record.back().act, "rejected");
    EXPECT_EQ(h.record.back().detail, "(erased)");
}

TEST_F(audit_record, without_details_an_entry_holds_no_words) {
    some_decisions();
    for (const auto& e : record_entries(db, 0, 100, false)) EXPECT_FALSE(e.detail);
    EXPECT_EQ(record_entries(db, 3, 2, false).at(0).number, 4);
}

TEST_F(audit_record, a_call_that_fails_leaves_no_hole) {
    some_decisions();
    db.script("SAVEPOINT job");
    receive("m3");
    db.script("ROLLBACK TO job; RELEASE job");
    receive("m4");
    EXPECT_EQ(record_head(db).number, 9);
    EXPECT_EQ(verified(), "whole");
}

TEST_F(audit_record, who_was_shown_a_version_is_noted_once) {
    const auto id = suggest("m1");
    note_shown(db, id, 1, "ann", next());
    note_shown(db, id, 1, "ann", next());
    EXPECT_EQ(acts().size(), 3U);
    note_shown(db, id, 1, "bob", next());
    edit(db, id, 1, "Another text.", find(id).verdict, "ann", next());
    note_shown(db, id, 2, "ann", next());
    const auto all = acts();
    EXPECT_EQ(std::count(all.begin(), all.end(), "ann shown"), 2);
    EXPECT_EQ(std::count(all.begin(), all.end(), "bob shown"), 1);
    EXPECT_EQ(verified(), "whole");
}

TEST_F(audit_record, a_block_is_a_decision_too) {
    receive("m1");
    const auto blocked = [&] { accept(db, "acc", test::batch_of(contact_blocked{"ann"}), next()); };
    blocked();
    blocked();
    EXPECT_EQ(acts(), (std::vector<std::string>{"kith received", "kith blocked by a contact",
                                                "kith opted out", "kith no suggestion"}));
}

class old_record : public ::testing::Test {
 protected:
    /// What the schema's migration leaves of a database from before the chain.
    void SetUp() override {
        migrate(db);
        db.script(
            "CREATE TABLE record_unlinked (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, "
            "actor TEXT,"
            " act TEXT, message_id INTEGER, suggestion_id INTEGER, detail TEXT);"
            "INSERT INTO record_unlinked VALUES (1, 1790000000000000, 'kith', 'received', 1, 0, 'revision "
            "1'),"
            " (2, 1790000000000001, 'ann', 'approved', 1, 1, '')");
    }
    database db{":memory:"};
};

TEST_F(old_record, is_taken_into_the_chain_once) {
    link_old_record(db);
    link_old_record(db);
    const auto all = record_entries(db, 0, 10, true);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].detail->detail, "revision 1");
    EXPECT_EQ(all[1].actor, "ann");
    EXPECT_EQ(all[1].commitment, "");
    audit::verifier v;
    for (const auto& e : all) v.take(e);
    EXPECT_FALSE(v.finish());
    EXPECT_EQ(v.newest().number, 2);
}

TEST_F(old_record, is_not_slipped_in_beside_a_chain_that_has_begun) {
    note(db, from_micros(1'790'000'000'000'000), "kith", "received", 1, 0, "");
    EXPECT_THROW(link_old_record(db), failure);
}

}  // namespace
}  // namespace kith::sqlite
