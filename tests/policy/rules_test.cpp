// Each rule from both sides of its border, at a fixed time.
#include "tests/policy/judged.hpp"

namespace kith::test {
namespace {

using namespace std::chrono_literals;
using rule_of_packs = judged_by_packs;
constexpr auto moment = std::chrono::microseconds{1};

TEST_F(rule_of_packs, age_counts_from_when_it_was_written_however_late_it_came) {
    house(rules::age{7 * 24h});
    wrote(at_ - 7 * 24h);
    EXPECT_EQ(said(), allow);
    message_.what.written_at -= moment;
    EXPECT_EQ(said(), deny);
    message_.received_at = at_;
    EXPECT_EQ(said(), deny) << "handed over just now, and a week old";
    message_.what.written_at += moment;
    EXPECT_EQ(said(), allow);
}

TEST_F(rule_of_packs, age_believes_no_date_after_the_one_on_which_it_came) {
    house(rules::age{7 * 24h});
    wrote(at_ - 7 * 24h);
    message_.what.written_at = at_ + 365 * 24h;
    EXPECT_EQ(said(), allow);
    message_.received_at -= moment;
    EXPECT_EQ(said(), deny) << "a date in the future keeps nothing young";
}

TEST_F(rule_of_packs, window_counts_from_the_earlier_of_two_clocks) {
    house(rules::window{24h});
    wrote(at_ - 24h);
    EXPECT_EQ(said(), allow);
    wrote(at_ - 24h - moment);
    EXPECT_EQ(said(), deny);
    message_.what.written_at = at_ + 48h;
    EXPECT_EQ(said(), deny) << "a time in the future stretches no window";
    standing_.last_from_contact = at_ - 24h;
    EXPECT_EQ(said(), allow) << "they wrote again since";
    at_ += moment;
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, meta_takes_a_person_after_a_day_and_nobody_after_a_week) {
    house(rules::window{24h}).then = rule::consequence::second;
    auto& p = pack_of("loopback");
    p.rules.resize(1);
    p.rules[0].id = "loopback.week";
    p.rules[0].kind = rules::window{7 * 24h};
    wrote(at_ - 24h);
    EXPECT_EQ(judged().decision, allow);
    wrote(at_ - 24h - moment);
    EXPECT_EQ(judged().decision, second);
    wrote(at_ - 7 * 24h);
    EXPECT_EQ(judged().decision, second);
    wrote(at_ - 7 * 24h - moment);
    EXPECT_EQ(judged().decision, deny);
}

TEST_F(rule_of_packs, engaged_first_takes_the_ways_that_it_names) {
    house(rules::engaged_first{{way::mention, way::reply}});
    for (const auto w : {way::mention, way::reply, way::quote, way::direct, way::comment}) {
        message_.what.way = w;
        EXPECT_EQ(said(), w == way::mention || w == way::reply ? allow : deny) << to_string(w);
    }
    message_.what.way = way::mention;
    message_.what.addressed = false;
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, not_to_bots_knows_authors_and_tools) {
    house(rules::not_to_bots{});
    EXPECT_EQ(said(), allow);
    message_.what.author.bot = true;
    EXPECT_EQ(said(), deny);
    message_.what.author.bot = false;
    message_.what.automated = true;
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, one_reply_lets_no_second_one_follow) {
    house(rules::one_reply{});
    EXPECT_EQ(said(), allow);
    standing_.answered_this = true;
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, cap_lets_so_many_pass_and_no_more) {
    for (const auto per : {tally::of::contact, tally::of::thread, tally::of::account, tally::of::community}) {
        house(rules::cap{{per, 3600s, false}, 3, 0});
        standing_.tallies = {{2, at_ + 5min}};
        EXPECT_EQ(said(), allow);
        standing_.tallies = {{3, at_ + 5min}};
        EXPECT_EQ(said(), deny);
    }
}

TEST_F(rule_of_packs, cap_per_playbook_counts_that_playbook) {
    house(rules::cap{{tally::of::playbook, 3600s, false}, 3, 0});
    standing_.by_playbook = {{{"sign-in", {2, {}}}, {"another", {9, {}}}}};
    EXPECT_EQ(said(), allow);
    standing_.by_playbook = {{{"sign-in", {3, {}}}}};
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, cap_that_nobody_counted_denies) {
    house(rules::cap{{tally::of::contact, 3600s, false}, 3, 7});
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, cap_may_wait_until_one_of_them_no_longer_counts) {
    house(rules::cap{{tally::of::account, 3600s, false}, 3, 0}).then = rule::consequence::wait;
    standing_.tallies = {{3, at_ + 5min}};
    EXPECT_EQ(said(), allow);
    EXPECT_EQ(judged().not_before, at_ + 5min);
    standing_.tallies = {{2, at_ + 5min}};
    EXPECT_FALSE(judged().not_before.has_value());
}

TEST_F(rule_of_packs, message_says_stops_at_its_topics) {
    house(rules::message_says{{"people-only.legal"}});
    message_.what.text = "this is terrible";
    EXPECT_EQ(said(), allow);
    message_.what.text = "you will hear from my lawyer";
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, reply_says_finds_promotion_in_other_kinds) {
    house(rules::reply_says{{"promotion"}}).only.kinds = {"help", "ask", "thank", "handoff"};
    EXPECT_EQ(said(), allow);
    text_ = "Use the link and buy now.";
    EXPECT_EQ(said(), deny);
    kind_ = "offer";
    EXPECT_EQ(said(), std::nullopt);
}

TEST_F(rule_of_packs, links_go_to_hosts_on_the_list) {
    house(rules::links{{"example.com", "*.example.com"}});
    text_ = "See https://example.com/reset and status.example.com";
    EXPECT_EQ(said(), allow);
    text_ = "See https://example.com.evil.net/reset";
    EXPECT_EQ(said(), deny);
    text_ = "See https://example.com@evil.net/reset";
    EXPECT_EQ(said(), deny);
    text_ = "See evil.com";
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, mentions_leave_the_contact_out) {
    house(rules::mentions{0});
    text_ = "@ann, that is it";
    EXPECT_EQ(said(), allow);
    text_ = "@ann and @bob, that is it";
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, hashtags_are_counted) {
    house(rules::hashtags{1});
    text_ = "#help for order #4711";
    EXPECT_EQ(said(), allow);
    text_ = "#help #now";
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, length_may_be_stricter_than_the_platform) {
    house(rules::length{13});
    EXPECT_EQ(said(), allow);
    length_.used = 14;
    EXPECT_EQ(said(), deny);
}

TEST_F(rule_of_packs, languages_are_those_that_the_department_reads) {
    house(rules::languages{});
    EXPECT_EQ(said(), allow) << "a department that is not listed reads all";
    house_.departments["support"] = {"de", "en-GB"};
    EXPECT_EQ(said(), allow);
    message_.what.language = "en-US";
    EXPECT_EQ(said(), allow);
    message_.what.language = "fr";
    EXPECT_EQ(said(), deny);
    message_.what.language = "";
    EXPECT_EQ(said(), allow) << "nobody knows which it is";
}

TEST_F(rule_of_packs, disclosure_is_looked_for_whatever_its_case) {
    house(rules::disclosure{{"written with software"}, false});
    EXPECT_EQ(said(), deny);
    text_ = "Use the link. Written with Software, read by Jo.";
    EXPECT_EQ(said(), allow);
    text_ = "Use the link.";
    house(rules::disclosure{{"written with software"}, true});
    EXPECT_EQ(said(), deny);
    standing_.ever_answered = true;
    EXPECT_EQ(said(), allow) << "only the first reply needs it";
}

TEST_F(rule_of_packs, automation_label_must_be_there) {
    house(rules::automation_label{});
    EXPECT_EQ(said(), allow);
    using enum automation_label;
    for (const auto l : {absent, unknown, not_asked}) {
        label_ = l;
        EXPECT_EQ(said(), deny);
        EXPECT_EQ(judged().again_with, "label");
    }
}

TEST_F(rule_of_packs, no_colleague_counts_what_kith_did_not_post) {
    house(rules::no_colleague{30min});
    kith::message theirs;
    theirs.native_id = "h1";
    theirs.ours = true;
    theirs.written_at = at_ - 50min;
    thread_.messages.push_back(theirs);
    EXPECT_EQ(said(), deny) << "after the message, however long ago";
    standing_.own_replies = {"h1"};
    EXPECT_EQ(said(), allow) << "that was Kith itself";
    standing_.own_replies.clear();
    std::swap(thread_.messages[0], thread_.messages[1]);
    EXPECT_EQ(said(), allow) << "before the message, and long ago";
    thread_.messages[0].written_at = at_ - 30min;
    EXPECT_EQ(said(), allow);
    thread_.messages[0].written_at = at_ - 30min + moment;
    EXPECT_EQ(said(), deny) << "before the message, just now";
    message_.what.thread_id = "h1";
    EXPECT_EQ(said(), allow) << "it began the thread: that is no answer to anybody";
}

class quiet_hours : public judged_by_packs {
 protected:
    quiet_hours() {
        night_.from = 21h;
        night_.to = 8h;
        night_.zone = rules::quiet_hours::whose::house;
        use();
    }
    void use() { house(night_).then = rule::consequence::wait; }
    std::string until(const char* now) {
        at_ = from_rfc3339(now).value();
        const auto v = judged();
        return v.not_before ? to_rfc3339(*v.not_before, 0) : "";
    }
    rules::quiet_hours night_;
};

TEST_F(quiet_hours, begin_and_end_to_the_microsecond) {
    EXPECT_EQ(until("2026-11-23T20:59:59.999999Z"), "");
    EXPECT_EQ(until("2026-11-23T21:00:00Z"), "2026-11-24T08:00:00Z");
    EXPECT_EQ(until("2026-11-24T07:59:59.999999Z"), "2026-11-24T08:00:00Z");
    EXPECT_EQ(until("2026-11-24T08:00:00Z"), "");
}

TEST_F(quiet_hours, are_the_contacts_where_their_zone_is_known) {
    night_.zone = rules::quiet_hours::whose::contact;
    use();
    house_.zone = "Europe/Berlin";
    EXPECT_EQ(until("2026-11-23T20:00:00Z"), "2026-11-24T07:00:00Z") << "21:00 in Berlin";
    standing_.zone = "America/New_York";
    EXPECT_EQ(until("2026-11-23T20:00:00Z"), "") << "15:00 in New York";
    EXPECT_EQ(until("2026-11-24T02:00:00Z"), "2026-11-24T13:00:00Z");
    standing_.zone = "Mars/Olympus";
    EXPECT_EQ(until("2026-11-23T20:00:00Z"), "2026-11-24T07:00:00Z") << "no such zone: the house's";
}

TEST_F(quiet_hours, end_at_the_clock_on_the_wall_when_summer_time_begins_and_ends) {
    house_.zone = "Europe/Berlin";
    pack_of("house").expires = pack_of("loopback").expires = std::chrono::year{2030} / 1 / 1;
    EXPECT_EQ(until("2027-03-27T22:00:00Z"), "2027-03-28T06:00:00Z") << "8:00 is an hour earlier on that day";
    EXPECT_EQ(until("2026-10-24T20:00:00Z"), "2026-10-25T07:00:00Z");
}

TEST_F(quiet_hours, that_end_at_a_time_which_the_clocks_leave_out_end_when_they_do) {
    house_.zone = "Europe/Berlin";
    pack_of("house").expires = pack_of("loopback").expires = std::chrono::year{2030} / 1 / 1;
    night_.to = 150min;
    use();
    EXPECT_EQ(until("2027-03-27T22:00:00Z"), "2027-03-28T01:00:00Z")
        << "from 1:59:59 to 3:00: there is no 2:30";
    EXPECT_EQ(until("2027-03-28T00:59:59.999999Z"), "2027-03-28T01:00:00Z");
    EXPECT_EQ(until("2027-03-28T01:00:00Z"), "");
    EXPECT_EQ(until("2026-10-24T22:00:00Z"), "2026-10-25T00:30:00Z") << "the first of two times 2:30";
    EXPECT_EQ(until("2026-10-25T01:10:00Z"), "2026-10-25T01:30:00Z")
        << "quiet again from 2:00 to the second 2:30";
}

TEST_F(quiet_hours, may_begin_and_end_where_a_whole_day_is_left_out) {
    house_.zone = "Pacific/Apia";  // which went from 29 to 31 December 2011
    night_.from = 0h;
    night_.to = 24h;
    night_.days = {false, false, false, false, true, false, false};
    use();
    EXPECT_EQ(until("2011-12-30T09:59:59Z"), "") << "Thursday";
    EXPECT_EQ(until("2011-12-30T10:00:00Z"), "") << "Saturday";
    night_.days = {false, false, false, true, false, false, false};
    use();
    EXPECT_EQ(until("2011-12-30T09:00:00Z"), "2011-12-30T10:00:00Z");
}

TEST(zone, names_the_first_moment_of_two_that_look_alike_and_then_the_second) {
    const auto berlin = zone::find("Europe/Berlin").value();
    const auto next = [&](const char* from) {
        return to_rfc3339(berlin.next(from_rfc3339(from).value(), 150min), 0);
    };
    EXPECT_EQ(next("2026-10-25T00:30:00Z"), "2026-10-25T00:30:00Z") << "at or after";
    EXPECT_EQ(next("2026-10-25T00:30:00.000001Z"), "2026-10-25T01:30:00Z");
    EXPECT_EQ(next("2026-10-25T01:30:00.000001Z"), "2026-10-26T01:30:00Z");
}

TEST_F(quiet_hours, may_be_days_and_follow_one_another) {
    night_.from = 0h;
    night_.to = 24h;
    night_.days = {false, false, false, false, false, true, true};
    use();
    EXPECT_EQ(until("2026-11-27T23:59:59Z"), "");
    EXPECT_EQ(until("2026-11-28T00:00:00Z"), "2026-11-30T00:00:00Z") << "Saturday, then Sunday";
    EXPECT_EQ(until("2026-11-29T23:59:59Z"), "2026-11-30T00:00:00Z");
    EXPECT_EQ(until("2026-11-30T00:00:00Z"), "");
}

TEST_F(quiet_hours, spare_who_wrote_just_now) {
    night_.unless_wrote_within = 2h;
    use();
    wrote(from_rfc3339("2026-11-23T21:00:00Z").value());
    EXPECT_EQ(until("2026-11-23T23:00:00Z"), "");
    EXPECT_EQ(until("2026-11-23T23:00:00.000001Z"), "2026-11-24T08:00:00Z");
}

}  // namespace
}  // namespace kith::test
