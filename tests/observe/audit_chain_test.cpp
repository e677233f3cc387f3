#include "daemon/observe/audit_chain.hpp"

#include "daemon/observe/audit_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace kith::audit {
namespace {

constexpr auto noon = from_micros(1'790'000'000'000'000);

/// A chain of `n` entries, each with a detail.
std::vector<entry> chain_of(std::int64_t n) {
    std::vector<entry> out;
    std::string previous(beginning);
    for (std::int64_t i = 1; i <= n; ++i) {
        entry e;
        e.number = i;
        e.at = noon + std::chrono::seconds{i};
        e.actor = "ann";
        e.act = "approved";
        e.message_id = i;
        e.suggestion_id = i + 100;
        e.detail = erasable{"salt" + std::to_string(i), "hash " + std::to_string(i)};
        e.commitment = commit_to(*e.detail);
        e.previous = previous;
        e.hash = hash_of(e);
        previous = e.hash;
        out.push_back(std::move(e));
    }
    return out;
}

std::optional<fault> check(const std::vector<entry>& all, const std::string& head = {}) {
    verifier v(head);
    for (const auto& e : all) v.take(e);
    return v.finish();
}

std::string said(const std::vector<entry>& all, const std::string& head = {}) {
    const auto f = check(all, head);
    return f ? f->what : "whole";
}

TEST(audit_chain, is_whole_as_it_was_written) {
    EXPECT_EQ(said(chain_of(5)), "whole");
    EXPECT_EQ(said({}), "whole");
}

/// Written down once: a chain of an older kithd must verify with every newer one.
TEST(audit_chain, hashes_as_it_always_did) {
    const auto first = chain_of(1)[0];
    EXPECT_EQ(first.commitment, "6ec2e7382799189b7f873615f4f0fde7f96bb6f3674ca1ec03a1b2ec45fb367d");
    EXPECT_EQ(first.hash, "a866fe5691f93e03eabcef1b719508237c6a8638511272d993bec4c3fe1e1e28");
}

TEST(audit_chain, names_the_record_that_was_changed_whatever_was_changed) {
    const auto changed = [](auto change) {
        auto all = chain_of(5);
        change(all[2]);
        return said(all);
    };
    const std::string third = "record 3 was changed";
    EXPECT_EQ(changed([](entry& e) { e.actor = "bob"; }), third);
    EXPECT_EQ(changed([](entry& e) { e.act = "rejected"; }), third);
    EXPECT_EQ(changed([](entry& e) { e.at += std::chrono::microseconds{1}; }), third);
    EXPECT_EQ(changed([](entry& e) { e.message_id = 9; }), third);
    EXPECT_EQ(changed([](entry& e) { e.suggestion_id = 9; }), third);
    EXPECT_EQ(changed([](entry& e) { e.commitment[0] ^= 1; }), third);
    EXPECT_EQ(changed([](entry& e) { e.previous[0] ^= 1; }), third);
    EXPECT_EQ(changed([](entry& e) { e.hash[0] ^= 1; }), third);
    EXPECT_EQ(changed([](entry& e) { e.detail->detail = "hash 4"; }), "the detail of record 3 was changed");
}

TEST(audit_chain, fields_cannot_flow_into_each_other) {
    auto e = chain_of(1)[0];
    e.actor = "an";
    e.act = "napproved";
    EXPECT_NE(hash_of(e), chain_of(1)[0].hash);
}

TEST(audit_chain, names_a_record_that_was_changed_and_given_a_fitting_hash) {
    auto all = chain_of(5);
    all[2].actor = "bob";
    all[2].hash = hash_of(all[2]);
    const auto f = check(all);
    ASSERT_TRUE(f);
    EXPECT_EQ(f->number, 3);
    EXPECT_EQ(f->what, "record 3 was replaced: record 4 was made after a different one");
}

TEST(audit_chain, names_what_was_removed) {
    auto all = chain_of(6);
    all.erase(all.begin() + 2);
    EXPECT_EQ(said(all), "record 3 was removed");
    all.erase(all.begin() + 2);
    EXPECT_EQ(said(all), "records 3 to 4 were removed");
    all = chain_of(3);
    all.erase(all.begin());
    EXPECT_EQ(said(all), "record 1 was removed");
}

TEST(audit_chain, names_what_was_reordered) {
    auto all = chain_of(6);
    std::swap(all[2], all[4]);
    const auto f = check(all);
    ASSERT_TRUE(f);
    EXPECT_EQ(f->number, 3);
    EXPECT_NE(f->what.find("reordered: record 3 stands in another place"), std::string::npos) << f->what;
}

TEST(audit_chain, names_what_was_reordered_and_numbered_anew) {
    auto all = chain_of(6);
    std::swap(all[2], all[3]);
    std::swap(all[2].number, all[3].number);
    const auto f = check(all);
    ASSERT_TRUE(f);
    EXPECT_EQ(f->number, 3);
    EXPECT_NE(f->what.find("reordered"), std::string::npos) << f->what;
}

TEST(audit_chain, one_that_stands_twice_is_named) {
    auto all = chain_of(4);
    all.insert(all.begin() + 2, all[1]);
    EXPECT_EQ(said(all), "record 2 stands after record 2");
}

TEST(audit_chain, a_cut_off_end_shows_only_against_a_head_kept_elsewhere) {
    auto all = chain_of(5);
    const auto head = all[4].hash, earlier = all[2].hash;
    EXPECT_EQ(said(all, head), "whole");
    EXPECT_EQ(said(all, earlier), "whole") << "a head kept some time ago is in the chain still";
    all.pop_back();
    EXPECT_EQ(said(all), "whole");
    EXPECT_EQ(said(all, earlier), "whole");
    const auto f = check(all, head);
    ASSERT_TRUE(f);
    EXPECT_EQ(f->number, 5);
    EXPECT_NE(f->what.find("what came after record 4 was removed"), std::string::npos) << f->what;
    EXPECT_FALSE(check({}, std::string(beginning))) << "the head of an empty record";
}

TEST(audit_chain, details_can_be_erased_and_are_counted) {
    auto all = chain_of(4);
    all[1].detail.reset();
    verifier v;
    for (const auto& e : all) v.take(e);
    EXPECT_FALSE(v.finish());
    EXPECT_EQ(v.without_detail(), 1);
    EXPECT_EQ(v.entries(), 4);
    EXPECT_EQ(v.newest().hash, all[3].hash);
}

TEST(audit_chain, a_detail_put_where_none_was_is_found) {
    auto e = chain_of(1)[0];
    e.detail.reset();
    e.commitment.clear();
    e.hash = hash_of(e);
    EXPECT_EQ(said({e}), "whole");
    e.detail = erasable{"salt", "made up"};
    EXPECT_EQ(said({e}), "the detail of record 1 was changed");
}

TEST(audit_chain, the_same_detail_has_another_commitment_each_time) {
    EXPECT_NE(commit_to({random_salt(), "yes"}), commit_to({random_salt(), "yes"}));
}

TEST(audit_chain, goes_through_json_and_back) {
    const auto all = chain_of(2);
    const auto text = boost::json::serialize(to_json(all[1]));
    const auto back = entry_from_json(boost::json::parse(text));
    ASSERT_TRUE(back.has_value()) << back.error().what;
    EXPECT_EQ(back->hash, all[1].hash);
    EXPECT_EQ(hash_of(*back), all[1].hash);
    EXPECT_EQ(back->detail->detail, "hash 2");
}

TEST(audit_chain, what_is_no_record_is_refused_with_the_field) {
    auto o = to_json(chain_of(1)[0]);
    o.erase("previous");
    EXPECT_EQ(entry_from_json(o).error().what, "no record: its 'previous' is missing or wrong");
    o = to_json(chain_of(1)[0]);
    o["at"] = "yesterday";
    EXPECT_EQ(entry_from_json(o).error().what, "no record: its 'at' is missing or wrong");
    EXPECT_TRUE(entry_from_json(boost::json::value(3)).has_error());
}

}  // namespace
}  // namespace kith::audit
