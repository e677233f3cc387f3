/// Customers and occasions in the store.
#include "daemon/store/sqlite/customers.hpp"

#include "tests/store/fixture.hpp"

namespace kith {
namespace {

using namespace std::chrono_literals;
using test::batch_of;

class customers_in_store : public test::store_fixture {
 protected:
    customer_entry entry(const std::string& who, const std::string& product = "pro") {
        customer_entry e;
        e.account = "acc";
        e.identity = who;
        e.product = product;
        e.bought_at = now() - 24h;
        e.consent = {"by letter", now() - 48h};
        return e;
    }
    imported import(std::vector<customer_entry> all) {
        return get(store_->customers().import(std::move(all), "ann"));
    }
    std::vector<customer> all() { return get(store_->customers().list(0, 100)); }

    proposed_occasion occasion(const stored_message& m, const std::string& key = "first-week welcome pro") {
        proposed_occasion o;
        o.contact = get(store_->customers().list(0, 100)).at(0).contact;
        o.key = key;
        o.playbook = "welcome";
        o.event = "first-week";
        o.message_id = m.id;
        o.revision = m.what.revision;
        o.trace = "{}";
        o.suggestions = {test::sample_suggestion(m, "How is it going?")};
        o.suggestions[0].purpose = purpose::occasion;
        return o;
    }
    std::vector<change> propose(proposed_occasion o, std::int64_t at_most = 1) {
        const occasion_limits l{at_most, 24h * 30};
        return get(store_->customers().propose(std::move(o), l));
    }
};

TEST_F(customers_in_store, are_kept_with_their_consent_and_what_they_bought) {
    EXPECT_EQ(import({entry("ann"), entry("ann", "extra"), entry("bob")}).added, 2);
    reopen();
    const auto found = all();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].identity, "ann");
    EXPECT_EQ(found[0].consent.how, "by letter");
    EXPECT_EQ(found[0].purchases.size(), 2U);
    EXPECT_EQ(found[0].added_by, "ann");
}

TEST_F(customers_in_store, imported_twice_are_there_once) {
    const auto e = entry("ann");
    import({e});
    EXPECT_EQ(import({e}).updated, 1);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].purchases.size(), 1U);
}

TEST_F(customers_in_store, one_entry_that_is_wrong_and_nothing_is_imported) {
    auto wrong = entry("");
    wrong.handle = "nobody.here";
    const auto done = import({entry("ann"), wrong});
    ASSERT_EQ(done.complaints.size(), 1U);
    EXPECT_EQ(done.complaints[0].entry, 1U);
    EXPECT_EQ(done.complaints[0].field, "handle");
    EXPECT_TRUE(all().empty());
}

TEST_F(customers_in_store, are_found_by_the_handle_under_which_they_wrote) {
    receive("m1");
    auto e = entry("");
    e.handle = "ANN";
    EXPECT_EQ(import({e}).added, 1);
    EXPECT_EQ(all().at(0).identity, "ann");
}

TEST_F(customers_in_store, a_consent_that_ended_comes_back_only_by_a_newer_one) {
    import({entry("ann")});
    get(store_->customers().end_consent(all().at(0).id, "asked us to", "bob"));
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(import({entry("ann")}).left_alone, 1);
    EXPECT_TRUE(all().empty());
    auto newer = entry("ann");
    newer.consent.at = now();
    EXPECT_EQ(import({newer}).added, 1);
    EXPECT_EQ(all().size(), 1U);
}

TEST_F(customers_in_store, a_block_ends_the_consent_at_once) {
    const auto m = receive("m1");
    import({entry("ann")});
    const auto id = propose(occasion(m)).at(0).suggestion_id;
    get(store_->accept("acc", batch_of(contact_blocked{"ann"}, "2")));
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
}

TEST_F(customers_in_store, the_end_of_the_consent_withdraws_what_was_approved_and_leaves_the_answer) {
    const auto m = receive("m1");
    const auto answer = suggest(m);
    import({entry("ann")});
    const auto id = propose(occasion(m)).at(0).suggestion_id;
    approve(id);
    get(store_->customers().end_consent(all().at(0).id, "asked us to", "bob"));
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(state(answer), suggestion_state::open);
}

TEST_F(customers_in_store, an_attempt_does_not_begin_once_the_consent_is_gone) {
    const auto m = receive("m1");
    import({entry("ann")});
    begun(propose(occasion(m)).at(0).suggestion_id);  // under way: too late to withdraw it
    const auto d = due().at(0);
    get(store_->customers().end_consent(all().at(0).id, "asked us to", "bob"));
    EXPECT_EQ(why(store_->begin_attempt(d.id, prepared_reply{"bytes", "ours-1"})), errc::conflict);
}

TEST_F(customers_in_store, an_occasion_is_told_once_also_after_a_restart) {
    const auto m = receive("m1");
    import({entry("ann")});
    const auto id = propose(occasion(m)).at(0).suggestion_id;
    EXPECT_EQ(find(id).purpose, purpose::occasion);
    EXPECT_TRUE(propose(occasion(m), 5).empty());
    get(store_->reject(id, find(id).version, "not now", "ann"));
    reopen();
    EXPECT_TRUE(propose(occasion(receive("m2")), 5).empty()) << "rejected is over, too";
}

TEST_F(customers_in_store, the_limits_hold_in_the_store_as_well) {
    import({entry("ann")});
    EXPECT_EQ(propose(occasion(receive("m1"), "one")).size(), 1U);
    EXPECT_TRUE(propose(occasion(receive("m2"), "two"), 1).empty());
    EXPECT_EQ(propose(occasion(receive("m2"), "two"), 2).size(), 1U);
}

TEST_F(customers_in_store, a_message_carries_one_answer_and_one_occasion) {
    const auto m = receive("m1");
    const auto answer = suggest(m);
    import({entry("ann")});
    const auto id = propose(occasion(m, "one")).at(0).suggestion_id;
    EXPECT_TRUE(propose(occasion(m, "two"), 5).empty());
    approve(answer);
    EXPECT_EQ(state(id), suggestion_state::open) << "the answer decides nothing about the occasion";
    approve(id);
    EXPECT_EQ(due().size(), 2U);
    EXPECT_EQ(get(store_->customers().counts()).approved, 1);
}

TEST_F(customers_in_store, nothing_is_proposed_without_a_consent_or_for_an_older_revision) {
    const auto m = receive("m1");
    import({entry("ann")});
    auto old = occasion(m);
    old.revision = "0";
    EXPECT_TRUE(propose(old).empty());
    const auto o = occasion(m);
    get(store_->customers().end_consent(all().at(0).id, "asked us to", "bob"));
    EXPECT_TRUE(propose(o).empty());
}

TEST_F(customers_in_store, what_the_policies_denied_is_on_record_and_may_come_later) {
    const auto m = receive("m1");
    import({entry("ann")});
    auto denied = occasion(m);
    denied.suggestions.clear();
    denied.why = "house.age";
    EXPECT_TRUE(propose(denied).empty());
    EXPECT_EQ(get(store_->customers().counts()).denied, 1);
    EXPECT_EQ(get(store_->customers().occasions_of(all().at(0).id)).at(0).why, "house.age");
    EXPECT_EQ(propose(occasion(m)).size(), 1U);
    EXPECT_EQ(get(store_->customers().counts()).denied, 0);
}

TEST_F(customers_in_store, what_was_denied_is_looked_at_again_after_an_hour_or_when_they_write) {
    const auto m = receive("m1");
    import({entry("ann")});
    auto denied = occasion(m);
    denied.suggestions.clear();
    propose(denied);
    const auto at = get(store_->customers().occasions_of(all().at(0).id)).at(0).at;
    const auto told = [&](timestamp when) {
        return get(store_->customers().histories(0, 10, when)).at(0).told.contains(denied.key);
    };
    EXPECT_TRUE(told(at + 1h - 1us));
    EXPECT_FALSE(told(at + 1h));
    receive("m2");
    EXPECT_FALSE(told(at + 1us));
    EXPECT_TRUE(get(store_->customers().histories(0, 10, at)).at(0).proposed.empty());
}

TEST_F(customers_in_store, a_history_has_the_messages_to_us_and_whether_they_were_answered) {
    const auto m = receive("m1");
    suggest(m);
    receive("m2");
    import({entry("ann")});
    const auto h = get(store_->customers().histories(0, 10, now())).at(0);
    ASSERT_EQ(h.messages.size(), 2U);
    EXPECT_EQ(h.messages[0].message.what.native_id, "m2");
    EXPECT_FALSE(h.messages[0].answered);
    EXPECT_TRUE(h.messages[1].answered);
    EXPECT_TRUE(get(store_->customers().histories(h.customer.id, 10, now())).empty());
}

TEST_F(customers_in_store, a_question_is_too_old_after_180_days) {
    const auto m = receive("m1");
    import({entry("ann")});
    const auto at = m.received_at + 24h * 180;
    EXPECT_EQ(get(store_->customers().histories(0, 10, at)).at(0).messages.size(), 1U);
    EXPECT_TRUE(get(store_->customers().histories(0, 10, at + 1us)).at(0).messages.empty());
}

TEST_F(customers_in_store, an_answer_is_as_old_as_the_day_on_which_it_was_first_seen) {
    const auto one = from_rfc3339("2026-11-01T00:00:00Z").value();
    const auto two = from_rfc3339("2026-11-02T00:00:00Z").value();
    auto seen = get(store_->customers().answers_seen({"a@1"}, one));
    EXPECT_EQ(seen.at("a@1"), timestamp{}) << "nobody knows how long it had been there";
    seen = get(store_->customers().answers_seen({"a@1", "b@1"}, one));
    EXPECT_EQ(seen.at("b@1"), one);
    seen = get(store_->customers().answers_seen({"a@2", "b@1"}, two));
    EXPECT_EQ(seen.at("a@2"), two);
    EXPECT_EQ(seen.at("b@1"), one);
}

TEST_F(customers_in_store, are_forgotten_with_every_word_and_are_not_told_again) {
    const auto m = receive("m1");
    import({entry("ann", "the seeded product")});
    const auto id = propose(occasion(m, "first-week welcome the seeded product")).at(0).suggestion_id;
    sqlite::database db((folder_ / "kith.db").string());
    sqlite::changes changed;
    sqlite::forget_customer(db, all().at(0).contact, now(), changed);
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(state(id), suggestion_state::withdrawn);
    EXPECT_TRUE(all().empty());
    for (const char* text : {"SELECT product FROM purchases", "SELECT key || why FROM occasions",
                             "SELECT consent_how || zone || ended_why FROM customers"}) {
        auto r = db.query(text);
        while (r.next()) EXPECT_EQ(r.text(0).find("seeded"), std::string::npos) << r.text(0);
    }
}

TEST_F(customers_in_store, a_fix_has_a_number_a_time_and_a_person) {
    const auto m = receive("m1");
    fix f;
    f.message_id = m.id;
    f.note = "mended";
    f.by = "ann";
    EXPECT_EQ(get(store_->customers().note_fix(f)).id, 1);
    f.message_id = 0;
    f.playbook = "bugs";
    get(store_->customers().note_fix(f));
    const auto all = get(store_->customers().fixes());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].message_id, m.id);
    EXPECT_EQ(all[1].playbook, "bugs");
    EXPECT_EQ(all[1].message_id, 0);
    EXPECT_EQ(all[1].by, "ann");
}

}  // namespace
}  // namespace kith
