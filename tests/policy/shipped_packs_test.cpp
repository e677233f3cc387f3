// What the packs that ship make of a reply, at their borders, at a fixed time.
#include "daemon/policy/policy.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

constexpr auto moment = std::chrono::microseconds{1};
const std::vector<std::string> everywhere = {"bluesky",  "discord",  "discourse", "facebook",   "instagram",
                                             "loopback", "mastodon", "matrix",    "mattermost", "reddit",
                                             "slack",    "telegram", "webchat",   "wordpress",  "x"};

class shipped_packs : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        yaml::findings out;
        set() = load_packs(KITH_SOURCE_DIR "/policies", everywhere, out);
        ASSERT_TRUE(out.empty()) << out.text();
    }
    static pack_set& set() {
        static pack_set all;
        return all;
    }
    shipped_packs() {
        message_.account = "acc";
        message_.what.native_id = "m1";
        message_.what.author.id = message_.what.author.handle = "ann";
        message_.what.addressed = true;
        message_.what.way = way::mention;
        message_.what.language = "en";
        message_.what.text = "how do I reset my password?";
        message_.what.written_at = message_.received_at = at_ - 1h;
        thread_.target_revision = "1";
        thread_.messages = {message_.what};
        standing_.tallies.resize(set().wanted.tallies.size());
        standing_.by_playbook.resize(set().wanted.tallies.size());
    }
    decision said(std::string_view platform, std::string_view rule) const {
        const judgement_input in{
            text_,    kind_, "sign-in", "support", message_, thread_, {13, 300, "characters"},
            platform, set(), standing_, house_,    label_,   at_};
        for (const auto& r : judge(in).reasons)
            if (r.rule == rule) return r.says;
        return decision::allow;  // it is silent
    }
    decision said(std::string_view rule) const { return said(rule.substr(0, rule.find('.')), rule); }
    void wrote(timestamp t) { message_.what.written_at = message_.received_at = t; }

    timestamp at_ = from_rfc3339("2026-11-23T12:00:00Z").value();
    stored_message message_;
    kith::thread thread_;
    kith::standing standing_;
    house_facts house_;
    std::string text_ = "Use the link.", kind_ = "help";
    automation_label label_ = automation_label::present;
};

TEST_F(shipped_packs, are_there_for_every_platform_and_expire_within_half_a_year_or_so) {
    for (const auto& name : everywhere) {
        const auto& p = set().packs.at(name);
        EXPECT_EQ(set().trouble(name, at_), "");
        if (name == "loopback") continue;  // nobody has rules for it
        EXPECT_LE(std::chrono::sys_days{p.expires} - std::chrono::sys_days{p.checked}, std::chrono::days{366})
            << name;
        for (const auto& r : p.rules) EXPECT_FALSE(r.why.empty() || r.source.empty()) << r.id;
    }
}

TEST_F(shipped_packs, answer_only_who_spoke_to_us) {
    for (const auto& name : everywhere) {
        if (name == "loopback") continue;
        message_.what.addressed = false;
        message_.what.way = way::none;
        EXPECT_EQ(said(name, name + ".engaged-first"), decision::deny) << name;
        message_.what.addressed = true;
        message_.what.way = name == "webchat"     ? way::direct
                            : name == "wordpress" ? way::comment
                                                  : way::mention;
        EXPECT_EQ(said(name, name + ".engaged-first"), decision::allow) << name;
    }
}

TEST_F(shipped_packs, keep_metas_windows_for_direct_messages) {
    for (const std::string name : {"facebook", "instagram"}) {
        message_.what.way = way::direct;
        wrote(at_ - 24h);
        EXPECT_EQ(said(name + ".window"), decision::allow);
        wrote(at_ - 24h - moment);
        EXPECT_EQ(said(name + ".window"), decision::second);
        wrote(at_ - 7 * 24h);
        EXPECT_EQ(said(name + ".week"), decision::allow);
        wrote(at_ - 7 * 24h - moment);
        EXPECT_EQ(said(name + ".week"), decision::deny);
        message_.what.way = way::comment;
        EXPECT_EQ(said(name + ".week"), decision::allow) << "that is about direct messages";
        EXPECT_EQ(said(name + ".comments"), decision::deny);
        wrote(at_ - 7 * 24h);
        EXPECT_EQ(said(name + ".comments"), decision::allow);
    }
}

TEST_F(shipped_packs, let_nobody_advertise_where_the_platform_forbids_it) {
    for (const std::string name : {"discord", "slack", "telegram", "reddit", "mastodon", "matrix",
                                   "mattermost", "facebook", "instagram", "discourse"}) {
        EXPECT_EQ(said(name + ".no-offers"), decision::allow) << name;
        kind_ = "offer";
        EXPECT_EQ(said(name + ".no-offers"), decision::deny) << name;
        kind_ = "help";
    }
    for (const std::string name : {"discord", "slack", "reddit"}) {
        EXPECT_EQ(said(name + ".no-advertising"), decision::allow) << name;
        text_ = "Sign up today and save 20%!";
        EXPECT_EQ(said(name + ".no-advertising"), decision::deny) << name;
        text_ = "Use the link.";
    }
}

TEST_F(shipped_packs, say_nothing_on_x_before_x_has_approved_it) {
    for (const char* kind : {"help", "ask", "thank", "handoff", "offer"}) {
        kind_ = kind;
        EXPECT_EQ(said("x.prior-approval"), decision::deny) << kind;
    }
}

TEST_F(shipped_packs, want_the_label_of_automation_where_there_is_one) {
    for (const std::string name : {"mastodon", "x", "bluesky"}) {
        label_ = automation_label::present;
        EXPECT_EQ(said(name + ".automation-label"), decision::allow) << name;
        label_ = automation_label::absent;
        EXPECT_EQ(said(name + ".automation-label"), decision::deny) << name;
    }
}

TEST_F(shipped_packs, answer_once_where_the_platform_says_so) {
    for (const std::string name : {"x", "facebook", "instagram", "reddit", "discord"}) {
        standing_.answered_this = false;
        EXPECT_EQ(said(name + ".one-reply"), decision::allow) << name;
        standing_.answered_this = true;
        EXPECT_EQ(said(name + ".one-reply"), decision::deny) << name;
    }
}

TEST_F(shipped_packs, count_what_a_place_can_bear) {
    struct border {
        const char* rule;
        std::int64_t at_most;
    };
    for (const border b :
         {border{"reddit.thread-day", 3}, border{"discourse.topic-day", 3}, border{"slack.thread-hour", 5},
          border{"wordpress.thread-day", 10}, border{"facebook.contact-day", 5}}) {
        for (auto& t : standing_.tallies) t.n = b.at_most - 1;
        EXPECT_EQ(said(b.rule), decision::allow) << b.rule;
        for (auto& t : standing_.tallies) t.n = b.at_most;
        EXPECT_EQ(said(b.rule), decision::deny) << b.rule;
    }
}

}  // namespace
}  // namespace kith
