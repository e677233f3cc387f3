// What the store knows around a message when a reply to it is judged.
#include "daemon/model/sha256.hpp"
#include "daemon/store/store.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith {
namespace {

using namespace std::chrono_literals;
using test::batch_of;
using test::sample_message;
using test::sample_suggestion;

class standing_on_record : public ::testing::Test {
 protected:
    void SetUp() override {
        set_clock_for_tests(from_rfc3339("2026-11-23T12:00:00Z"));
        folder_ = std::filesystem::temp_directory_path() / ("kith-standing-" + random_base32(10));
        store_ = open_sqlite(folder_.string());
    }
    void TearDown() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
        set_clock_for_tests({});
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return test::run(io_, std::move(call)).value();
    }
    stored_message receive(const std::string& id, const std::string& author = "ann",
                           const std::string& thread = "", const std::string& account = "acc",
                           const std::string& community = "") {
        auto m = sample_message(id, "how?", author);
        if (!thread.empty()) m.thread_id = thread;
        m.community = community;
        get(store_->accept(account, batch_of(message_seen{m})));
        return get(store_->find_message(get(store_->message_number(id))));
    }
    stored_message receive_as(way w, const std::string& id, timestamp written_at) {
        auto m = sample_message(id);
        m.way = w;
        m.written_at = written_at;
        get(store_->accept("acc", batch_of(message_seen{m})));
        return get(store_->find_message(get(store_->message_number(id))));
    }
    std::int64_t suggest(const stored_message& m, const std::string& kind = "help",
                         const std::string& playbook = "sign-in-trouble", purpose p = purpose::answer) {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        auto s = sample_suggestion(m);
        s.kind = kind;
        s.purpose = p;
        s.basis.playbook = playbook;
        j.suggestions = {s};
        return get(store_->judge(j)).at(0).suggestion_id;
    }
    delivery approve(std::int64_t id) {
        get(store_->approve(id, get(store_->find_suggestion(id)).hash, "jo"));
        const auto about = get(store_->find_suggestion(id));
        for (auto& d : get(store_->due_deliveries(about.basis.account, now(), 50)))
            if (d.suggestion_id == id) return d;
        throw std::runtime_error("it is not due");
    }
    void begin(const delivery& d) { get(store_->begin_attempt(d.id, {"bytes", ""})); }
    void end(const delivery& d, const std::string& receipt) {
        outcome o;
        o.is = outcome::kind::delivered;
        o.receipt = kith::receipt{receipt, "", now()};
        get(store_->end_attempt(d.id, o));
    }
    void answer(const stored_message& m, const std::string& kind = "help",
                const std::string& playbook = "sign-in-trouble") {
        const auto d = approve(suggest(m, kind, playbook));
        begin(d);
        end(d, "r-" + m.what.native_id);
    }
    std::int64_t count(const stored_message& m, tally t, std::int64_t except = 0) {
        return get(store_->standing(m.id, except, {{t}}, now())).tallies.at(0).n;
    }

    asio::io_context io_;
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
};

TEST_F(standing_on_record, counts_what_left_the_house_and_nothing_else) {
    const auto m = receive("m1");
    const tally by_contact{tally::of::contact, 1h, false};
    const auto id = suggest(m);
    EXPECT_EQ(count(m, by_contact), 0) << "open";
    const auto d = approve(id);
    EXPECT_EQ(count(m, by_contact), 0) << "approved, not begun";
    begin(d);
    EXPECT_EQ(count(m, by_contact), 1) << "under way: it may have been posted";
    EXPECT_EQ(count(m, by_contact, id), 0) << "not against itself";
    end(d, "r1");
    EXPECT_EQ(count(m, by_contact), 1);
}

TEST_F(standing_on_record, counts_within_the_while_to_the_microsecond) {
    const auto m = receive("m1");
    answer(m);
    const tally hour{tally::of::contact, 1h, false};
    const auto sent = get(store_->standing(m.id, 0, {{hour}}, now())).tallies.at(0).frees_at.value() - 1h;
    const auto at = [&](timestamp t) { return get(store_->standing(m.id, 0, {{hour}}, t)).tallies.at(0).n; };
    EXPECT_EQ(at(sent + 1h - 1us), 1);
    EXPECT_EQ(at(sent + 1h), 0);
}

TEST_F(standing_on_record, counts_per_contact_thread_account_community_and_playbook) {
    const auto here = receive("m1", "ann", "t1", "acc", "dogs");
    const auto beside = receive("m2", "bob", "t1", "acc", "dogs");
    const auto elsewhere = receive("m3", "ann", "t2", "acc", "cats");
    const auto other = receive("m4", "ann", "t1", "other", "dogs");
    answer(here);
    using of = tally::of;
    EXPECT_EQ(count(beside, {of::contact, 1h, false}), 0);
    EXPECT_EQ(count(elsewhere, {of::contact, 1h, false}), 1);
    EXPECT_EQ(count(beside, {of::thread, 1h, false}), 1);
    EXPECT_EQ(count(elsewhere, {of::thread, 1h, false}), 0);
    EXPECT_EQ(count(elsewhere, {of::account, 1h, false}), 1);
    EXPECT_EQ(count(other, {of::account, 1h, false}), 0);
    EXPECT_EQ(count(beside, {of::community, 1h, false}), 1);
    EXPECT_EQ(count(elsewhere, {of::community, 1h, false}), 0);
    EXPECT_EQ(count(other, {of::community, 1h, false}), 0) << "another account's place of that name";
    const auto by_playbook =
        get(store_->standing(other.id, 0, {{tally{of::playbook, 1h, false}}}, now())).by_playbook.at(0);
    EXPECT_EQ(by_playbook.at("sign-in-trouble").n, 1) << "a playbook is the same everywhere";
    EXPECT_FALSE(by_playbook.contains("another"));
}

TEST_F(standing_on_record, tells_offers_from_help) {
    answer(receive("m1"));
    answer(receive("m2"), "thank");
    answer(receive("m3"), "offer", "pitch");
    const auto m = receive("m4");
    EXPECT_EQ(count(m, {tally::of::contact, 1h, true}), 1);
    const auto s = get(store_->standing(m.id, 0, {{}, true}, now()));
    EXPECT_EQ(s.with_contact.helpful, 2);
    EXPECT_EQ(s.with_contact.offers, 1);
    EXPECT_EQ(s.on_account.helpful, 2);
    EXPECT_EQ(s.in_community.helpful, 0) << "in no community";
    EXPECT_EQ(get(store_->standing(m.id, 0, {}, now())).with_contact.helpful, 0) << "nobody wants to know";
}

TEST_F(standing_on_record, an_offer_is_not_weighed_against_itself) {
    const auto m = receive("m1", "ann", "t1", "acc", "dogs");
    const auto id = suggest(m, "offer", "pitch");
    begin(approve(id));
    const auto offers = [&](std::int64_t except) {
        const auto s = get(store_->standing(m.id, except, {{}, true}, now()));
        return std::vector{s.with_contact.offers, s.on_account.offers, s.in_community.offers};
    };
    EXPECT_EQ(offers(0), (std::vector<std::int64_t>{1, 1, 1}));
    EXPECT_EQ(offers(id), (std::vector<std::int64_t>{0, 0, 0}));
}

TEST_F(standing_on_record, knows_whom_and_what_we_answered) {
    const auto first = receive("m1"), second = receive("m2", "bob");
    const auto of = [&](const stored_message& m) { return get(store_->standing(m.id, 0, {}, now())); };
    EXPECT_FALSE(of(first).ever_answered);
    answer(first);
    EXPECT_TRUE(of(first).ever_answered);
    EXPECT_TRUE(of(first).answered_this);
    EXPECT_EQ(of(first).own_replies, std::vector<std::string>{"r-m1"});
    EXPECT_FALSE(of(second).ever_answered);
    EXPECT_FALSE(of(second).answered_this);
    EXPECT_TRUE(of(second).own_replies.empty());
    const auto later = receive("m3");
    EXPECT_TRUE(of(later).ever_answered);
    EXPECT_FALSE(of(later).answered_this);
}

TEST_F(standing_on_record, what_is_told_beneath_a_message_for_another_reason_does_not_answer_it) {
    const auto m = receive("m1");
    customer_entry ann;
    ann.account = "acc";
    ann.identity = "ann";
    ann.consent = {"by letter", now()};
    get(store_->customers().import({ann}, "op"));
    const auto d = approve(suggest(m, "help", "welcome", purpose::occasion));
    begin(d);
    end(d, "r1");
    EXPECT_FALSE(get(store_->standing(m.id, 0, {}, now())).answered_this);
    EXPECT_TRUE(get(store_->standing(m.id, 0, {}, now())).ever_answered);
}

TEST_F(standing_on_record, takes_the_last_word_of_the_same_kind_in_public_or_in_private) {
    const auto before = now() - 30h;
    const auto in_private = receive_as(way::direct, "m1", before);
    const auto in_public = receive_as(way::comment, "m2", now() - 1h);
    EXPECT_EQ(get(store_->standing(in_private.id, 0, {}, now())).last_from_contact, before)
        << "a comment opens no private window";
    receive_as(way::direct, "m3", now() - 1min);
    EXPECT_EQ(get(store_->standing(in_private.id, 0, {}, now())).last_from_contact,
              get(store_->find_message(get(store_->message_number("m3")))).what.written_at);
    receive_as(way::mention, "m4", in_public.what.written_at + 1min);
    EXPECT_EQ(get(store_->standing(in_public.id, 0, {}, now())).last_from_contact,
              in_public.what.written_at + 1min)
        << "public is public";
}

TEST_F(standing_on_record, the_last_room_under_a_cap_goes_to_one_of_two_accounts) {
    const auto here = receive("m1"), there = receive("m2", "bob", "", "other");
    const auto first = approve(suggest(here)), second = approve(suggest(there));
    for (const auto per : {tally::of::playbook, tally::of::thread}) {
        const std::vector<room> under{{{per, 1h, false}, 1}};
        EXPECT_TRUE(test::run(io_, store_->begin_attempt(first.id, {"bytes", ""}, under)).has_value())
            << "an attempt does not stand in its own way";
    }
    const std::vector<room> per_playbook{{{tally::of::playbook, 1h, false}, 1}};
    const auto late = test::run(io_, store_->begin_attempt(second.id, {"bytes", ""}, per_playbook));
    ASSERT_TRUE(late.has_error());
    EXPECT_EQ(late.error().kind, errc::conflict);
    EXPECT_EQ(get(store_->find_suggestion(second.suggestion_id)).state, suggestion_state::approved);
    const std::vector<room> two{{{tally::of::playbook, 1h, false}, 2}, {{tally::of::account, 1h, false}, 1}};
    EXPECT_TRUE(test::run(io_, store_->begin_attempt(second.id, {"bytes", ""}, two)).has_value());
}

TEST_F(standing_on_record, knows_who_asked_us_to_stop) {
    const auto before = receive("m1");
    const auto other = receive("m2", "bob");
    batch b;
    b.events = {message_seen{sample_message("m3", "stop")}, contact_opted_out{"ann", "m3", "stop", "en"}};
    EXPECT_FALSE(get(store_->standing(before.id, 0, {}, now())).opted_out);
    get(store_->accept("acc", b));
    EXPECT_TRUE(get(store_->standing(before.id, 0, {}, now())).opted_out);
    EXPECT_FALSE(get(store_->standing(other.id, 0, {}, now())).opted_out);
}

TEST_F(standing_on_record, takes_the_earlier_clock_for_the_last_word) {
    const auto m = receive("m1");
    const auto s = get(store_->standing(m.id, 0, {}, now()));
    EXPECT_EQ(s.last_from_contact, std::min(m.what.written_at, m.received_at));
}

TEST_F(standing_on_record, keeps_the_way_the_tool_and_the_place_of_a_message) {
    auto m = sample_message("m1");
    m.way = way::quote;
    m.automated = true;
    m.community = "dogs";
    get(store_->accept("acc", batch_of(message_seen{m})));
    auto kept = get(store_->find_message(get(store_->message_number("m1"))));
    EXPECT_EQ(kept.what.way, way::quote);
    EXPECT_TRUE(kept.what.automated);
    EXPECT_EQ(kept.what.community, "dogs");
    m.revision = "2";
    m.way = way::mention;
    m.automated = false;
    get(store_->accept("acc", batch_of(message_seen{m})));
    kept = get(store_->find_message(kept.id));
    EXPECT_EQ(kept.what.way, way::mention);
    EXPECT_FALSE(kept.what.automated);
}

TEST_F(standing_on_record, has_messages_judged_again_once_what_denied_them_is_mended) {
    const auto m = receive("m1");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.again_with = "packs";
    get(store_->judge(j));
    EXPECT_TRUE(get(store_->unjudged("acc", now(), 9)).empty());
    get(store_->judge_again("acc", "label"));
    get(store_->judge_again("other", "packs"));
    EXPECT_TRUE(get(store_->unjudged("acc", now(), 9)).empty()) << "that was not what it waits for";
    get(store_->judge_again("acc", "packs"));
    EXPECT_EQ(get(store_->unjudged("acc", now(), 9)).size(), 1U);
    suggest(m);
    get(store_->judge_again("acc", "packs"));
    EXPECT_TRUE(get(store_->unjudged("acc", now(), 9)).empty()) << "once";
}

TEST_F(standing_on_record,
       what_a_person_rejected_is_not_judged_again_and_what_is_open_waits_for_the_next_time) {
    const auto said_no = receive("m1"), open = receive("m2", "bob"), told = receive("m3", "cid");
    const auto judged = [&](const stored_message& m, purpose p = purpose::answer) {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        j.again_with = "packs";
        j.suggestions = {sample_suggestion(m)};
        j.suggestions[0].purpose = p;
        return get(store_->judge(j)).at(0).suggestion_id;
    };
    judged(told, purpose::occasion);
    const auto rejected = judged(said_no), waits = judged(open);
    get(store_->reject(rejected, 1, "not ours to answer", "jo"));
    get(store_->judge_again("acc", "packs"));
    const auto once = get(store_->unjudged("acc", now(), 9));
    ASSERT_EQ(once.size(), 1U);
    EXPECT_EQ(once[0].id, told.id) << "what is told beneath it is no answer to it";
    suggest(told);
    const auto d = approve(waits);
    get(store_->withdraw(d.id, "the playbook is gone"));
    get(store_->judge_again("acc", "packs"));
    const auto again = get(store_->unjudged("acc", now(), 9));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].id, open.id) << "it still waited for the packs";
    get(store_->judge_again("acc", ""));
    EXPECT_EQ(get(store_->unjudged("acc", now(), 9)).size(), 1U) << "nothing waits for nothing";
}

TEST_F(standing_on_record, takes_back_a_denied_suggestion_when_its_message_is_judged_again) {
    const auto m = receive("m1");
    const auto id = suggest(m);
    const auto d = approve(id);
    verdict denied;
    denied.decision = decision::deny;
    denied.reasons = {{"house.in-force", decision::deny, "expired"}};
    denied.again_with = "packs";
    auto basis = d.approved;
    basis.verdict = denied.digest();
    get(store_->give_back(d.id, basis, denied, {}, {"the verdict changed"}));
    EXPECT_EQ(get(store_->find_suggestion(id)).verdict.again_with, "packs");
    get(store_->judge_again("acc", "packs"));
    EXPECT_EQ(get(store_->find_suggestion(id)).state, suggestion_state::withdrawn);
    EXPECT_EQ(get(store_->unjudged("acc", now(), 9)).size(), 1U);
}

}  // namespace
}  // namespace kith
