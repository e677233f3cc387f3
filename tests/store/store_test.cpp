/// What every engine must do. One suite; each engine is a parameter.
#include "daemon/store/store.hpp"

#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace kith {
namespace {

using test::batch_of;
using test::sample_message;
using test::sample_suggestion;

class store_contract : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-store-" + random_base32(10));
        reopen();
    }
    void TearDown() override {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    /// As after a restart.
    void reopen() {
        store_.reset();
        store_ = open_sqlite(folder_.string());
    }
    template <class T>
    T get(awaitable<result<T>> call) {
        return test::run(io_, std::move(call)).value();
    }
    void get(awaitable<result<>> call) { test::run(io_, std::move(call)).value(); }
    template <class T>
    errc why(awaitable<result<T>> call) {
        const auto r = test::run(io_, std::move(call));
        EXPECT_TRUE(r.has_error()) << "this should have failed";
        return r.has_error() ? r.error().kind : errc::transient;
    }

    stored_message receive(const std::string& id) {
        get(store_->accept("acc", batch_of(message_seen{sample_message(id)})));
        const auto number = get(store_->message_number(id));
        return get(store_->find_message(number));
    }
    std::int64_t suggest(const stored_message& m, std::string text = "Use the link.") {
        judged_message j;
        j.message_id = m.id;
        j.revision = m.what.revision;
        j.trace = "{}";
        j.suggestions = {sample_suggestion(m, std::move(text))};
        const auto changes = get(store_->judge(std::move(j)));
        return changes.at(0).suggestion_id;
    }
    suggestion find(std::int64_t id) { return get(store_->find_suggestion(id)); }
    suggestion_state state(std::int64_t id) { return find(id).state; }
    void approve(std::int64_t id) { get(store_->approve(id, find(id).hash, "ann")); }
    std::vector<delivery> due() { return get(store_->due_deliveries("acc", now(), 10)); }
    delivery begun(std::int64_t id) {
        approve(id);
        const auto d = due().at(0);
        get(store_->begin_attempt(d.id, prepared_reply{"bytes", "ours-1"}));
        return due().at(0);
    }

    asio::io_context io_{1};
    std::filesystem::path folder_;
    std::unique_ptr<store> store_;
};

TEST_F(store_contract, keeps_a_message_once_and_moves_the_cursor_with_it) {
    const auto first = get(store_->accept("acc", batch_of(message_seen{sample_message("m1")}, "7")));
    EXPECT_EQ(first.fresh, 1U);
    const auto again = get(store_->accept("acc", batch_of(message_seen{sample_message("m1")}, "8")));
    EXPECT_EQ(again.fresh, 0U);
    EXPECT_EQ(again.known, 1U);
    reopen();
    const auto memory = get(store_->remembered("acc"));
    EXPECT_EQ(memory.cursor, "8");
    EXPECT_EQ(memory.messages, 1);
    EXPECT_EQ(get(store_->remembered("other")).cursor, "");
}

TEST_F(store_contract, the_same_address_on_two_accounts_is_two_messages) {
    get(store_->accept("a", batch_of(message_seen{sample_message("m1")})));
    EXPECT_EQ(get(store_->accept("b", batch_of(message_seen{sample_message("m1")}))).fresh, 1U);
}

TEST_F(store_contract, a_new_message_waits_to_be_judged_until_it_was) {
    const auto m = receive("m1");
    ASSERT_EQ(get(store_->unjudged("acc", now(), 10)).size(), 1U);
    EXPECT_TRUE(get(store_->unjudged("other", now(), 10)).empty());
    suggest(m);
    EXPECT_TRUE(get(store_->unjudged("acc", now(), 10)).empty());
}

TEST_F(store_contract, what_was_put_off_comes_back_at_its_time) {
    const auto m = receive("m1");
    get(store_->put_off(m.id, now() + std::chrono::hours{1}));
    EXPECT_TRUE(get(store_->unjudged("acc", now(), 10)).empty());
    EXPECT_EQ(get(store_->unjudged("acc", now() + std::chrono::hours{2}, 10)).size(), 1U);
}

TEST_F(store_contract, an_edit_withdraws_what_was_suggested_and_is_judged_anew) {
    const auto m = receive("m1");
    const auto id = suggest(m);
    auto edited = sample_message("m1", "never mind");
    edited.revision = "2";
    const auto done = get(store_->accept("acc", batch_of(message_seen{edited})));
    EXPECT_EQ(done.fresh, 1U);
    ASSERT_EQ(done.changes.size(), 1U);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    const auto waiting = get(store_->unjudged("acc", now(), 10));
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0].what.text, "never mind");
}

TEST_F(store_contract, a_replayed_older_revision_does_not_undo_an_edit) {
    receive("m1");
    auto edited = sample_message("m1", "never mind");
    edited.revision = "2";
    get(store_->accept("acc", batch_of(message_seen{edited})));
    const auto replay = get(store_->accept("acc", batch_of(message_seen{sample_message("m1")})));
    EXPECT_EQ(replay.known, 1U);
    EXPECT_EQ(get(store_->find_message(get(store_->message_number("m1")))).what.text, "never mind");
}

TEST_F(store_contract, what_is_judged_for_an_older_revision_is_dropped) {
    const auto m = receive("m1");
    auto edited = sample_message("m1", "never mind");
    edited.revision = "2";
    get(store_->accept("acc", batch_of(message_seen{edited})));
    judged_message j;
    j.message_id = m.id;
    j.revision = "1";
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m)};
    EXPECT_TRUE(get(store_->judge(std::move(j))).empty());
    EXPECT_EQ(get(store_->unjudged("acc", now(), 10)).size(), 1U);
}

TEST_F(store_contract, a_deletion_withdraws_what_is_approved_and_forgets_the_text) {
    const auto m = receive("m1");
    const auto id = suggest(m);
    approve(id);
    get(store_->accept("acc", batch_of(message_deleted{"m1"})));
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    EXPECT_TRUE(due().empty());
    const auto gone = get(store_->find_message(m.id));
    EXPECT_TRUE(gone.deleted_at);
    EXPECT_EQ(gone.what.text, "");
}

TEST_F(store_contract, a_block_withdraws_all_for_that_contact_and_nothing_else) {
    const auto first = suggest(receive("m1"));
    const auto second = suggest(receive("m2"));
    auto other = sample_message("m3", "hello", "bob");
    get(store_->accept("acc", batch_of(message_seen{other})));
    const auto third = suggest(get(store_->find_message(get(store_->message_number("m3")))));
    get(store_->accept("acc", batch_of(contact_blocked{"ann"})));
    EXPECT_EQ(state(first), suggestion_state::withdrawn);
    EXPECT_EQ(state(second), suggestion_state::withdrawn);
    EXPECT_EQ(state(third), suggestion_state::open);
    EXPECT_TRUE(get(store_->find_message(1)).contact_blocked);
}

TEST_F(store_contract, an_approval_needs_the_hash_of_what_is_there_now) {
    const auto id = suggest(receive("m1"));
    const auto shown = find(id);
    get(store_->edit(id, shown.version, "Another text.", shown.verdict, "ann"));
    EXPECT_EQ(why(store_->approve(id, shown.hash, "ann")), errc::conflict);
    EXPECT_TRUE(due().empty());
    approve(id);
    ASSERT_EQ(due().size(), 1U);
    EXPECT_EQ(due()[0].approved.text, "Another text.");
    EXPECT_EQ(due()[0].approved.hash(), due()[0].hash);
    EXPECT_EQ(due()[0].approved_by, "ann");
}

TEST_F(store_contract, a_denied_suggestion_cannot_be_approved) {
    const auto id = suggest(receive("m1"));
    verdict no;
    no.decision = decision::deny;
    get(store_->edit(id, 1, "Too long.", no, "ann"));
    EXPECT_EQ(why(store_->approve(id, find(id).hash, "ann")), errc::conflict);
    EXPECT_TRUE(due().empty());
}

TEST_F(store_contract, what_needs_two_people_is_not_sent_for_one) {
    const auto id = suggest(receive("m1"));
    verdict two;
    two.decision = decision::second;
    get(store_->edit(id, 1, "Risky.", two, "ann"));
    approve(id);
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(why(store_->approve(id, find(id).hash, "ann")), errc::refused);
    reopen();
    get(store_->approve(id, find(id).hash, "bob"));
    EXPECT_EQ(due().size(), 1U);
}

TEST_F(store_contract, a_stop_outlives_a_restart) {
    approve(suggest(receive("m1")));
    get(store_->brakes().stop("all", "a reason", "bob"));
    reopen();
    EXPECT_TRUE(due().empty());
    ASSERT_EQ(get(store_->brakes().brakes()).size(), 1U);
    get(store_->brakes().resume("all", "", "bob"));
    EXPECT_EQ(due().size(), 1U);
}

TEST_F(store_contract, the_audit_chain_goes_on_after_a_restart) {
    const auto id = suggest(receive("m1"));
    get(store_->audit().shown(id, 1, "ann"));
    const auto before = get(store_->audit().head());
    reopen();
    EXPECT_EQ(get(store_->audit().head()).hash, before.hash);
    approve(id);
    const auto next = get(store_->audit().entries(before.number, 10, false));
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].previous, before.hash);
}

TEST_F(store_contract, of_two_people_one_decides) {
    const auto id = suggest(receive("m1"));
    const auto shown = find(id);
    approve(id);
    EXPECT_EQ(why(store_->approve(id, shown.hash, "bob")), errc::conflict);
    EXPECT_EQ(why(store_->reject(id, shown.version, "no", "bob")), errc::conflict);
    EXPECT_EQ(due().size(), 1U);
}

TEST_F(store_contract, an_approval_withdraws_the_other_replies_to_the_same_message) {
    const auto m = receive("m1");
    judged_message j;
    j.message_id = m.id;
    j.revision = "1";
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m, "One."), sample_suggestion(m, "Two.", 1)};
    const auto made = get(store_->judge(std::move(j)));
    ASSERT_EQ(made.size(), 2U);
    approve(made[1].suggestion_id);
    EXPECT_EQ(state(made[0].suggestion_id), suggestion_state::withdrawn);
    EXPECT_EQ(state(made[1].suggestion_id), suggestion_state::approved);
}

TEST_F(store_contract, a_message_is_never_answered_twice) {
    const auto m = receive("m1");
    const auto d = begun(suggest(m));
    get(store_->end_attempt(d.id,
                            outcome{outcome::kind::delivered, receipt{"ours-1", "", now()}, "", {}, false}));
    auto edited = sample_message("m1", "how do I reset it?");
    edited.revision = "2";
    get(store_->accept("acc", batch_of(message_seen{edited})));
    judged_message j;
    j.message_id = m.id;
    j.revision = "2";
    j.trace = "{}";
    j.suggestions = {sample_suggestion(get(store_->find_message(m.id)))};
    EXPECT_TRUE(get(store_->judge(std::move(j))).empty()) << "it is answered: nothing more is suggested";
}

TEST_F(store_contract, an_edit_heard_after_the_approval_stops_the_attempt) {
    const auto d = begun(suggest(receive("m1")));
    auto edited = sample_message("m1", "never mind");
    edited.revision = "2";
    get(store_->accept("acc", batch_of(message_seen{edited})));
    EXPECT_EQ(why(store_->begin_attempt(d.id, prepared_reply{})), errc::conflict);
}

TEST_F(store_contract, a_strangers_words_are_kept_only_as_an_edit_of_what_is_known) {
    message_seen stranger{sample_message("m1"), true};
    EXPECT_EQ(get(store_->accept("acc", batch_of(stranger))).fresh, 0U);
    EXPECT_EQ(why(store_->message_number("m1")), errc::not_found);
    const auto id = suggest(receive("m1"));
    stranger.what.revision = "2";
    EXPECT_EQ(get(store_->accept("acc", batch_of(stranger))).fresh, 1U);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
}

TEST_F(store_contract, the_intent_and_its_bytes_are_there_after_a_restart) {
    const auto d = begun(suggest(receive("m1")));
    reopen();
    ASSERT_EQ(due().size(), 1U);
    const auto after = due()[0];
    EXPECT_TRUE(after.attempt_open);
    EXPECT_EQ(after.attempts, 1);
    EXPECT_EQ(after.key.value, d.key.value);
    EXPECT_EQ(after.prepared.bytes, "bytes");
    get(store_->begin_attempt(d.id, prepared_reply{"other bytes", "ours-2"}));
    EXPECT_EQ(due()[0].prepared.bytes, "bytes") << "the bytes are fixed at the first attempt";
}

TEST_F(store_contract, a_withdrawn_approval_cannot_begin) {
    const auto id = suggest(receive("m1"));
    approve(id);
    const auto d = due().at(0);
    get(store_->accept("acc", batch_of(message_deleted{"m1"})));
    EXPECT_EQ(why(store_->begin_attempt(d.id, prepared_reply{})), errc::conflict);
}

TEST_F(store_contract, an_outcome_is_final) {
    const auto id = suggest(receive("m1"));
    const auto d = begun(id);
    get(store_->end_attempt(
        d.id, outcome{outcome::kind::delivered, receipt{"ours-1", "url", now()}, "", {}, false}));
    EXPECT_EQ(state(id), suggestion_state::delivered);
    EXPECT_EQ(find(id).receipt.value().url, "url");
    EXPECT_EQ(why(store_->end_attempt(d.id, outcome{outcome::kind::refused, {}, "late", {}, false})),
              errc::conflict);
    EXPECT_EQ(why(store_->begin_attempt(d.id, prepared_reply{})), errc::conflict);
    EXPECT_TRUE(due().empty());
}

TEST_F(store_contract, a_failed_attempt_comes_back_at_its_time) {
    const auto id = suggest(receive("m1"));
    const auto d = begun(id);
    outcome o{outcome::kind::retry, {}, "transient", now() + std::chrono::hours{1}, false};
    get(store_->end_attempt(d.id, o));
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(state(id), suggestion_state::approved);
    const auto later = get(store_->due_deliveries("acc", now() + std::chrono::hours{2}, 10));
    ASSERT_EQ(later.size(), 1U);
    EXPECT_FALSE(later[0].attempt_open);
}

TEST_F(store_contract, an_unknown_outcome_stays_open_and_is_not_withdrawn_by_a_deletion) {
    const auto id = suggest(receive("m1"));
    const auto d = begun(id);
    get(store_->end_attempt(d.id, outcome{outcome::kind::retry, {}, "timed out", now(), true}));
    EXPECT_TRUE(due().at(0).attempt_open);
    get(store_->accept("acc", batch_of(message_deleted{"m1"})));
    EXPECT_EQ(state(id), suggestion_state::sending)
        << "it may have been posted: that is still to be found out";
}

TEST_F(store_contract, our_reply_deleted_on_the_platform_is_not_sent_again) {
    const auto id = suggest(receive("m1"));
    begun(id);
    get(store_->accept("acc", batch_of(message_deleted{"ours-1"})));
    EXPECT_EQ(state(id), suggestion_state::delivered);
    EXPECT_TRUE(due().empty());
}

TEST_F(store_contract, given_back_it_is_open_again_with_what_changed) {
    const auto id = suggest(receive("m1"));
    approve(id);
    const auto d = due().at(0);
    auto basis = d.approved;
    basis.thread_tail = "m9";
    const auto before = find(id);
    get(store_->give_back(d.id, basis, before.verdict, {}, d.approved.differences(basis)));
    const auto after = find(id);
    EXPECT_EQ(after.state, suggestion_state::open);
    EXPECT_NE(after.hash, before.hash);
    ASSERT_EQ(after.changed.size(), 1U);
    EXPECT_EQ(after.changed[0], "the newest message in the thread changed from 'm1' to 'm9'");
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(why(store_->approve(id, before.hash, "ann")), errc::conflict);
    approve(id);
    EXPECT_EQ(due().size(), 1U);
}

TEST_F(store_contract, a_new_message_in_the_thread_rebinds_what_is_open) {
    const auto m = receive("m1");
    const auto id = suggest(m);
    const auto before = find(id);
    auto next = sample_message("m2", "and how long does it take?");
    next.thread_id = m.what.thread_id;
    get(store_->accept("acc", batch_of(message_seen{next})));
    const auto beside = get(store_->open_beside(get(store_->message_number("m2"))));
    ASSERT_EQ(beside.size(), 1U);
    EXPECT_EQ(beside[0].id, id);
    get(store_->rebind(id, "m2", {}, {}));
    EXPECT_EQ(find(id).basis.thread_tail, "m2");
    EXPECT_EQ(why(store_->approve(id, before.hash, "ann")), errc::conflict);
}

TEST_F(store_contract, an_unsure_reply_waits_for_a_person) {
    const auto id = suggest(receive("m1"));
    const auto d = begun(id);
    get(store_->end_attempt(d.id, outcome{outcome::kind::unsure, {}, "look", {}, false}));
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(get(store_->counts()).unsure, 1);
    get(store_->settle(id, find(id).version, true, "ann"));
    EXPECT_EQ(state(id), suggestion_state::delivered);
}

TEST_F(store_contract, all_that_happened_is_on_record_without_the_words) {
    const auto m = receive("m1");
    const auto id = suggest(m, "A secret text.");
    approve(id);
    const auto h = get(store_->history(m.id));
    std::vector<std::string> acts;
    for (const auto& line : h.record) {
        acts.push_back(line.act);
        EXPECT_EQ(line.detail.find("secret"), std::string::npos);
    }
    EXPECT_EQ(acts, (std::vector<std::string>{"received", "suggested", "approved"}));
    EXPECT_EQ(h.record[2].actor, "ann");
}

TEST_F(store_contract, a_message_is_found_by_number_address_and_link) {
    auto m = sample_message("at://did/1");
    m.url = "https://example.com/1";
    get(store_->accept("acc", batch_of(message_seen{m})));
    EXPECT_EQ(get(store_->message_number("at://did/1")), 1);
    EXPECT_EQ(get(store_->message_number("https://example.com/1")), 1);
    EXPECT_EQ(get(store_->message_number("1")), 1);
    EXPECT_EQ(why(store_->message_number("2")), errc::not_found);
}

TEST_F(store_contract, the_queue_lists_what_is_asked_for) {
    const auto m = receive("m1");
    judged_message j;
    j.message_id = m.id;
    j.revision = "1";
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m, "One."), sample_suggestion(m, "Two.", 1)};
    get(store_->judge(std::move(j)));
    suggest(receive("m2"));
    suggestion_filter f;
    f.states = {suggestion_state::open};
    EXPECT_EQ(get(store_->suggestions(f)).size(), 3U);
    f.best_only = true;
    EXPECT_EQ(get(store_->suggestions(f)).size(), 2U);
    f.states = {suggestion_state::rejected};
    EXPECT_TRUE(get(store_->suggestions(f)).empty());
}

TEST_F(store_contract, a_journal_keeps_each_id_once_and_in_order) {
    const auto first = get(store_->journal_append("acc", "ann", "id-1", "hello"));
    const auto again = get(store_->journal_append("acc", "ann", "id-1", "something else"));
    EXPECT_EQ(again.number, first.number);
    EXPECT_EQ(again.body, "hello");
    get(store_->journal_append("acc", "bob", "id-2", "hi"));
    get(store_->journal_append("other", "ann", "id-3", "elsewhere"));
    EXPECT_EQ(get(store_->journal_read("acc", "", 0, 10)).size(), 2U);
    EXPECT_EQ(get(store_->journal_read("acc", "bob", 0, 10)).size(), 1U);
    EXPECT_TRUE(get(store_->journal_read("acc", "ann", first.number, 10)).empty());
    EXPECT_TRUE(get(store_->journal_find("acc", "id-2")));
    EXPECT_FALSE(get(store_->journal_find("acc", "id-3")));
}

TEST_F(store_contract, a_call_that_fails_changes_nothing_and_the_others_go_on) {
    const auto id = suggest(receive("m1"));
    EXPECT_EQ(why(store_->reject(id, 99, "no", "ann")), errc::conflict);
    EXPECT_EQ(state(id), suggestion_state::open);
    EXPECT_EQ(get(store_->history(1)).record.size(), 2U);
}

TEST_F(store_contract, two_daemons_do_not_share_a_state_folder) {
    EXPECT_THROW(open_sqlite(folder_.string()), failure);
}

}  // namespace
}  // namespace kith
