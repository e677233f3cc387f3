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
    std::int64_t suggest(const stored_message& m, const std::string& kind = "help",
                         const std::string& playbook = "sign-in-trouble") {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        auto s = sample_suggestion(m);
        s.kind = kind;
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
        return get(store_->standing(m.id, except, {t}, now())).tallies.at(0).n;
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
    const auto sent = get(store_->standing(m.id, 0, {hour}, now())).tallies.at(0).frees_at.value() - 1h;
    const auto at = [&](timestamp t) { return get(store_->standing(m.id, 0, {hour}, t)).tallies.at(0).n; };
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
        get(store_->standing(other.id, 0, {tally{of::playbook, 1h, false}}, now())).by_playbook.at(0);
    EXPECT_EQ(by_playbook.at("sign-in-trouble").n, 1) << "a playbook is the same everywhere";
    EXPECT_FALSE(by_playbook.contains("another"));
}

TEST_F(standing_on_record, tells_offers_from_help) {
    answer(receive("m1"));
    answer(receive("m2"), "thank");
    answer(receive("m3"), "offer", "pitch");
    const auto m = receive("m4");
    EXPECT_EQ(count(m, {tally::of::contact, 1h, true}), 1);
    const auto s = get(store_->standing(m.id, 0, {}, now()));
    EXPECT_EQ(s.with_contact.helpful, 2);
    EXPECT_EQ(s.with_contact.offers, 1);
    EXPECT_EQ(s.on_account.helpful, 2);
    EXPECT_EQ(s.in_community.helpful, 0) << "in no community";
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
