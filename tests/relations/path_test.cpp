#include "daemon/relations/path.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>

namespace kith {
namespace {

using enum contact_signal;
using std::chrono::hours;

const timestamp start = from_rfc3339("2026-03-02T12:00:00Z").value();
constexpr hours a_day{24};

/// What Kith ships.
std::shared_ptr<const stage_rules> shipped() {
    yaml::findings found;
    auto made = load_stage_rules(std::string(KITH_SOURCE_DIR) + "/policies", found);
    EXPECT_TRUE(found.empty()) << found.text();
    return made;
}

std::vector<stage_evidence> signals_at(std::vector<std::pair<contact_signal, timestamp>> all) {
    std::vector<stage_evidence> out;
    for (const auto& [s, at] : all) out.push_back({static_cast<std::int64_t>(out.size()) + 1, s, at});
    return out;
}

std::optional<stage> stage_after(std::vector<std::pair<contact_signal, timestamp>> all, timestamp at) {
    return walk(signals_at(std::move(all)), *shipped(), at).now;
}

TEST(path, has_five_stages_each_with_its_evidence) {
    const auto all = signals_at({{spoke_of_us, start},
                                 {answered_us, start + a_day},
                                 {thanked, start + 14 * a_day},
                                 {followed, start + 15 * a_day},
                                 {helped_another, start + 20 * a_day}});
    const auto path = walk(all, *shipped(), start + 21 * a_day);
    ASSERT_EQ(path.moves.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(path.moves[i].to, static_cast<stage>(i));
        EXPECT_EQ(path.moves[i].evidence, std::vector<std::int64_t>{static_cast<std::int64_t>(i) + 1});
        EXPECT_EQ(path.moves[i].at, all[i].at);
        EXPECT_EQ(path.moves[i].why, to_string(all[i].signal));
    }
    EXPECT_FALSE(path.moves[0].from);
    EXPECT_EQ(path.moves[4].from, stage::audience);
    EXPECT_EQ(path.now, stage::advocate);
    EXPECT_EQ(path.until, start + 385 * a_day);
}

TEST(path, of_nobody_leads_nowhere) {
    const auto path = walk({}, *shipped(), start);
    EXPECT_FALSE(path.now);
    EXPECT_FALSE(path.until);
    EXPECT_TRUE(path.moves.empty());
}

TEST(path, a_stage_is_lost_after_its_time_and_not_before) {
    const auto end = start + 180 * a_day;  // affinity's `after`
    EXPECT_EQ(stage_after({{thanked, start}}, end - std::chrono::microseconds{1}), stage::affinity);
    const auto path = walk(signals_at({{thanked, start}}), *shipped(), end);
    EXPECT_EQ(path.now, stage::attraction);
    ASSERT_EQ(path.moves.size(), 2U);
    EXPECT_EQ(path.moves[1].at, end);
    EXPECT_EQ(path.moves[1].why, "no evidence for 180 days");
    EXPECT_TRUE(path.moves[1].evidence.empty());
}

TEST(path, stages_are_lost_one_by_one_until_none_is_left) {
    const auto path = walk(signals_at({{thanked, start}}), *shipped(), start + 2000 * a_day);
    ASSERT_EQ(path.moves.size(), 4U);
    EXPECT_EQ(path.moves[2].to, stage::attention);
    EXPECT_EQ(path.moves[2].at, start + 360 * a_day);
    EXPECT_FALSE(path.moves[3].to);
    EXPECT_EQ(path.moves[3].at, start + 725 * a_day);
    EXPECT_FALSE(path.now);
    EXPECT_FALSE(path.until);
}

TEST(path, any_evidence_keeps_a_stage) {
    EXPECT_EQ(stage_after({{thanked, start}, {spoke_to_us, start + 179 * a_day}}, start + 358 * a_day),
              stage::affinity);
    EXPECT_EQ(stage_after({{thanked, start}, {spoke_to_us, start + 179 * a_day}}, start + 359 * a_day),
              stage::attraction);
}

TEST(path, a_count_is_reached_within_its_time_and_not_a_moment_later) {
    const auto third = start + 90 * a_day;
    EXPECT_EQ(stage_after({{came_back, start}, {came_back, start + a_day}, {came_back, third}}, third),
              stage::audience);
    EXPECT_EQ(
        stage_after(
            {{came_back, start}, {came_back, start + a_day}, {came_back, third + std::chrono::seconds{1}}},
            third + a_day),
        stage::affinity);
}

TEST(path, a_move_by_several_names_all_of_them) {
    const auto path = walk(signals_at({{came_back, start},
                                       {spoke_to_us, start},
                                       {came_back, start + a_day},
                                       {came_back, start + 2 * a_day}}),
                           *shipped(), start + 3 * a_day);
    ASSERT_EQ(path.moves.size(), 2U);
    EXPECT_EQ(path.moves[1].evidence, (std::vector<std::int64_t>{1, 3, 4}));
    EXPECT_EQ(path.moves[1].why, "came_back, 3 times within 90 days");
}

TEST(path, a_strangers_praise_makes_no_advocate_but_a_known_contacts_does) {
    EXPECT_EQ(stage_after({{helped_another, start}}, start), std::nullopt);
    EXPECT_EQ(stage_after({{spoke_of_us, start}, {recommended, start}}, start), stage::attention);
    EXPECT_EQ(stage_after({{spoke_to_us, start}, {recommended, start}}, start), stage::advocate);
}

TEST(path, an_unfollow_takes_the_audience_down_and_nobody_else) {
    EXPECT_EQ(stage_after({{followed, start}, {unfollowed, start + a_day}}, start + a_day), stage::affinity);
    EXPECT_EQ(stage_after({{thanked, start}, {unfollowed, start + a_day}}, start + a_day), stage::affinity);
}

TEST(path, lower_signals_do_not_take_a_stage_away) {
    EXPECT_EQ(stage_after({{followed, start}, {spoke_of_us, start + a_day}, {thanked, start + a_day}},
                          start + a_day),
              stage::audience);
}

TEST(path, what_lies_ahead_is_not_looked_at) {
    EXPECT_EQ(stage_after({{spoke_to_us, start}, {thanked, start + a_day}},
                          start + a_day - std::chrono::seconds{1}),
              stage::attraction);
    EXPECT_EQ(stage_after({{spoke_to_us, start}, {thanked, start + a_day}}, start + a_day), stage::affinity);
}

std::vector<stage_evidence> any_evidence() {
    const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 11));
    std::vector<stage_evidence> out;
    auto at = start;
    for (const int k : kinds) {
        at += hours{*rc::gen::inRange(0, 24 * 200)};
        out.push_back({static_cast<std::int64_t>(out.size()) + 1, static_cast<contact_signal>(k), at});
    }
    return out;
}

/// However often and whenever it is looked at meanwhile, the way is the one that the evidence alone gives.
TEST(path, worked_out_step_by_step_is_the_same_as_at_once) {
    const auto rules = shipped();
    EXPECT_TRUE(rc::check([&] {
        const auto all = any_evidence();
        const auto last = all.empty() ? start : all.back().at;
        const auto end = last + hours{*rc::gen::inRange(0, 24 * 2000)};
        const auto whole = walk(all, *rules, end);
        std::vector<stage_move> kept;
        const auto look = [&](std::size_t n, timestamp at) {
            const auto now = walk(std::span(all).first(n), *rules, at);
            RC_ASSERT(now.moves.size() >= kept.size());
            for (std::size_t i = 0; i < kept.size(); ++i) RC_ASSERT(now.moves[i] == kept[i]);
            kept = now.moves;
        };
        for (std::size_t n = 1; n <= all.size(); ++n) {
            look(n, all[n - 1].at);
            const auto until = n < all.size() ? all[n].at : end;
            if (until > all[n - 1].at) look(n, until - std::chrono::microseconds{1});
        }
        look(all.size(), end);
        RC_ASSERT(kept == whole.moves);
    }));
}

TEST(path, every_move_up_names_evidence_and_follows_on_the_one_before) {
    const auto rules = shipped();
    EXPECT_TRUE(rc::check([&] {
        const auto all = any_evidence();
        const auto path = walk(all, *rules, (all.empty() ? start : all.back().at) + a_day);
        std::optional<stage> at;
        for (const auto& m : path.moves) {
            RC_ASSERT(m.from == at);
            RC_ASSERT(m.from != m.to);
            if (m.to > m.from) RC_ASSERT(!m.evidence.empty());
            at = m.to;
        }
        RC_ASSERT(path.now == at);
    }));
}

}  // namespace
}  // namespace kith
