#include "daemon/relations/signals.hpp"

#include "tests/relations/support.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using enum contact_signal;
using std::chrono::hours;
using test::fake_words;

const timestamp noon = from_rfc3339("2026-03-02T12:00:00Z").value();

stored_message said(std::string text, bool addressed = true) {
    stored_message m;
    m.id = 7;
    m.account = "square";
    m.what.native_id = "m7";
    m.what.author.id = "ann";
    m.what.addressed = addressed;
    m.what.text = std::move(text);
    m.received_at = noon;
    return m;
}

std::vector<contact_signal> heard_in(const stored_message& m, const signal_context& about = {},
                                     const signal_options& options = {}) {
    const fake_words words;
    return signals_of(m, about, &words, options);
}

using signals_list = std::vector<contact_signal>;

TEST(signals, a_strangers_words_that_a_playbook_wanted_speak_of_us) {
    signal_context about;
    about.matched = true;
    EXPECT_EQ(heard_in(said("their app is down again", false), about), signals_list{spoke_of_us});
    about.matched = false;
    EXPECT_EQ(heard_in(said("their app is down again", false), about), signals_list{});
}

TEST(signals, what_is_addressed_speaks_to_us_and_an_answer_answers_us) {
    EXPECT_EQ(heard_in(said("how do I sign in?")), signals_list{spoke_to_us});
    signal_context about;
    about.answers_us = true;
    EXPECT_EQ(heard_in(said("that did not work"), about), signals_list{answered_us});
}

TEST(signals, thanks_count_only_after_we_helped) {
    signal_context about;
    EXPECT_EQ(heard_in(said("how do I sign in? thanks"), about), signals_list{spoke_to_us});
    about.was_helped = true;
    EXPECT_EQ(heard_in(said("thanks"), about), (signals_list{spoke_to_us, thanked}));
    EXPECT_EQ(heard_in(said("thanks, everybody", false), about), signals_list{});
}

TEST(signals, who_complains_neither_thanks_nor_recommends_nor_helps) {
    signal_context about;
    about.was_helped = true;
    EXPECT_EQ(heard_in(said("thanks for nothing, a complaint"), about), signals_list{spoke_to_us});
    EXPECT_EQ(heard_in(said("recommend, complaint"), about), signals_list{spoke_to_us});
    about.answers_question = true;
    EXPECT_EQ(heard_in(said("complaint", false), about), signals_list{});
}

TEST(signals, comes_back_with_a_new_thread_after_two_days_and_not_a_second_before) {
    signal_context about;
    about.last_elsewhere = noon - hours{48};
    EXPECT_EQ(heard_in(said("hello"), about), (signals_list{spoke_to_us, came_back}));
    about.last_elsewhere = noon - hours{48} + std::chrono::seconds{1};
    EXPECT_EQ(heard_in(said("hello"), about), signals_list{spoke_to_us});
    about.last_elsewhere = noon - hours{48};
    about.first_in_thread = false;
    EXPECT_EQ(heard_in(said("hello"), about), signals_list{spoke_to_us});
}

TEST(signals, in_one_endless_thread_a_pause_is_a_coming_back) {
    signal_context about;
    about.first_in_thread = false;
    about.last_before = noon - hours{49};
    signal_options options;
    EXPECT_EQ(heard_in(said("hello"), about, options), signals_list{spoke_to_us});
    options.one_thread = true;
    EXPECT_EQ(heard_in(said("hello"), about, options), (signals_list{spoke_to_us, came_back}));
}

TEST(signals, a_recommendation_is_to_us_or_names_us) {
    signal_options options;
    options.house_name = "Acme Tools";
    EXPECT_EQ(heard_in(said("I recommend them", false), {}, options), signals_list{});
    EXPECT_EQ(heard_in(said("I recommend acme  tools, really", false), {}, options),
              signals_list{recommended});
    EXPECT_EQ(heard_in(said("I recommend acme toolsets", false), {}, options), signals_list{});
    EXPECT_EQ(heard_in(said("I recommend them"), {}, options), (signals_list{spoke_to_us, recommended}));
}

TEST(signals, helps_another_who_answers_a_question_that_a_playbook_matched) {
    signal_context about;
    about.answers_question = true;
    EXPECT_EQ(heard_in(said("you can reset it on the page", false), about), signals_list{helped_another});
    EXPECT_EQ(heard_in(said("you can reset it on the page", true), about), signals_list{spoke_to_us});
}

TEST(signals, bots_and_deleted_messages_have_none) {
    auto m = said("hello");
    m.what.author.bot = true;
    EXPECT_EQ(heard_in(m), signals_list{});
    m = said("hello");
    m.deleted_at = noon;
    EXPECT_EQ(heard_in(m), signals_list{});
}

TEST(signals, without_words_nothing_that_words_tell_is_heard) {
    signal_context about;
    about.was_helped = true;
    EXPECT_EQ(signals_of(said("thanks"), about, nullptr, {}), signals_list{spoke_to_us});
}

TEST(signals, have_names_that_lead_back_to_them) {
    for (int i = 0; i <= static_cast<int>(helped_another); ++i) {
        const auto s = static_cast<contact_signal>(i);
        EXPECT_EQ(signal_from(to_string(s)), s);
    }
    EXPECT_FALSE(signal_from("liked"));
}

}  // namespace
}  // namespace kith
