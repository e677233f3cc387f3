/// Canaries in the store: shown, caught or missed, and never sent.
#include "daemon/store/sqlite/canaries.hpp"

#include "tests/store/fixture.hpp"

#include <random>
#include <set>

namespace kith {
namespace {

const std::string wrong_text = "Use the link, Maria.";

canary_draft draft(std::string text = wrong_text) {
    canary_draft d;
    d.fault = "wrong-name";
    d.wrong = "it calls ann Maria";
    d.text = std::move(text);
    d.verdict.decision = decision::allow;
    d.verdict.reasons = {{"house.length", decision::allow, "20 of 500 characters"}};
    return d;
}

class canaries_in_store : public test::store_fixture {
 protected:
    placed_canary canary(std::int64_t id) { return get(store_->canaries().find(id)).value(); }
    decided_canary decide(std::int64_t id, const std::string& act) {
        const auto c = canary(id);
        canary_act a{act, c.what.hash(c.in_place_of), c.in_place_of.version, "ann"};
        return get(store_->canaries().decide(id, std::move(a)));
    }
};

TEST_F(canaries_in_store, stand_in_the_place_of_the_first_suggestion_under_a_number_like_its_own) {
    const auto before = suggest(receive("m1"));
    const auto id = suggest(receive("m2"), draft());
    EXPECT_EQ(id, before + 1) << "what is told is the canary's number";
    const auto after = suggest(receive("m3"));
    EXPECT_EQ(after, before + 3);
    const auto open = get(store_->canaries().open());
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].what.id, id);
    EXPECT_EQ(open[0].what.draft.text, wrong_text);
    EXPECT_EQ(open[0].in_place_of.id, id + 1);
    EXPECT_EQ(open[0].what.department, "support");
    EXPECT_EQ(open[0].what.hash(open[0].in_place_of).size(), open[0].in_place_of.hash.size());
}

TEST_F(canaries_in_store, the_very_first_one_takes_a_number_too) {
    EXPECT_EQ(suggest(receive("m1"), draft()), 1);
    EXPECT_EQ(find(2).state, suggestion_state::open);
}

TEST_F(canaries_in_store, are_no_suggestions_to_any_call_that_leads_to_a_send) {
    const auto id = suggest(receive("m1"), draft());
    const auto c = canary(id);
    EXPECT_EQ(why(store_->approve(id, c.what.hash(c.in_place_of), "ann")), errc::not_found);
    EXPECT_EQ(why(store_->edit(id, 1, "x", {}, "ann")), errc::not_found);
    EXPECT_EQ(why(store_->settle(id, 1, true, "ann")), errc::not_found);
    EXPECT_EQ(why(store_->find_suggestion(id)), errc::not_found);
}

TEST_F(canaries_in_store, hide_the_true_one_from_every_decision_until_they_are_decided) {
    const auto id = suggest(receive("m1"), draft()), hidden = id + 1;
    EXPECT_EQ(get(store_->canaries().shown_as(hidden)), id);
    EXPECT_EQ(why(store_->approve(hidden, find(hidden).hash, "ann")), errc::not_found);
    EXPECT_EQ(why(store_->edit(hidden, 1, "x", {}, "ann")), errc::not_found);
    EXPECT_EQ(why(store_->reject(hidden, 1, "no", "ann")), errc::not_found);
    EXPECT_EQ(why(store_->settle(hidden, 1, true, "ann")), errc::not_found);
    decide(id, "rejected");
    EXPECT_EQ(get(store_->canaries().shown_as(hidden)), hidden);
    approve(hidden);
    EXPECT_EQ(state(hidden), suggestion_state::approved);
}

TEST_F(canaries_in_store, stand_for_the_best_suggestion_or_for_none) {
    const auto m = receive("m1");
    get(store_->brakes().stop("playbook sign-in-trouble", "the page has moved", "bob"));
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {test::sample_suggestion(m), test::sample_suggestion(m, "Your invoice is there.", 1)};
    j.suggestions[1].basis.playbook = "billing-question";
    j.canary = draft();
    const auto made = get(store_->judge(std::move(j)));
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(find(made[0].suggestion_id).basis.playbook, "billing-question") << "shown as itself";
    EXPECT_TRUE(get(store_->canaries().open()).empty()) << "it was made from the other";
    EXPECT_EQ(made[0].suggestion_id, 1) << "no number is missing";
}

static_assert(!std::is_convertible_v<canary, suggestion> && !std::is_convertible_v<canary, approval_basis>);

TEST_F(canaries_in_store, can_be_named_by_no_delivery) {
    const auto id = suggest(receive("m1"), draft());
    sqlite::database db((folder_ / "kith.db").string());
    const auto insert = [&](std::int64_t suggestion_id) {
        db.run(
            "INSERT INTO deliveries (suggestion_id, message_id, account, state, key, hash, text, target,"
            " target_revision, thread_tail, verdict, playbook, playbook_revision, reply, approved_by,"
            " approved_at, due_at) VALUES (?, 1, 'acc', 'approved', 'k', '', '', '', '', '', '', '', '', '', "
            "'',"
            " 0, 0)",
            suggestion_id);
    };
    EXPECT_THROW(insert(id), failure);
    EXPECT_NO_THROW(insert(id + 1));
}

TEST_F(canaries_in_store, keep_no_word_of_a_contact_who_is_forgotten) {
    const auto id = suggest(receive("m1"), draft());
    decide(id, "rejected");
    sqlite::database db((folder_ / "kith.db").string());
    sqlite::erase_canaries(db, 1);
    EXPECT_EQ(canary(id).what.draft.text, "");
    EXPECT_EQ(canary(id).what.draft.wrong, "");
    EXPECT_TRUE(canary(id).what.draft.verdict.reasons.empty());
    EXPECT_EQ(canary(id).what.draft.verdict.decision, decision::allow);
    EXPECT_EQ(get(store_->canaries().counts()).people.at(0).caught, 1);
}

TEST_F(canaries_in_store, approved_are_missed_and_the_true_one_waits) {
    const auto id = suggest(receive("m1"), draft());
    const auto done = decide(id, "approved");
    EXPECT_EQ(done.canary.what.state, canary_state::missed);
    ASSERT_EQ(done.changes.size(), 2U);
    EXPECT_EQ(done.changes[0].suggestion_id, id);
    EXPECT_EQ(done.changes[1].suggestion_id, id + 1);
    EXPECT_EQ(state(id + 1), suggestion_state::open);
    EXPECT_TRUE(due().empty());
    EXPECT_TRUE(get(store_->canaries().open()).empty());
}

TEST_F(canaries_in_store, rejected_or_edited_are_caught_and_counted_by_person_and_department) {
    decide(suggest(receive("m1"), draft()), "rejected");
    decide(suggest(receive("m2"), draft()), "edited");
    decide(suggest(receive("m3"), draft()), "approved");
    suggest(receive("m4"), draft());
    reopen();
    const auto n = get(store_->canaries().counts());
    EXPECT_EQ(n.open, 1);
    for (const auto* all : {&n.people, &n.departments, &n.faults}) {
        ASSERT_EQ(all->size(), 1U);
        EXPECT_EQ(all->at(0).caught, 2);
        EXPECT_EQ(all->at(0).missed, 1);
    }
    EXPECT_EQ(n.people[0].of, "ann");
    EXPECT_EQ(n.departments[0].of, "support");
}

TEST_F(canaries_in_store, are_counted_for_those_alone_who_may_see_them) {
    decide(suggest(receive("m1"), draft()), "rejected");
    suggest(receive("m2"), draft());
    const auto of = [&](std::vector<std::string> departments, std::vector<std::string> accounts) {
        const auto n = get(store_->canaries().counts(std::move(departments), std::move(accounts)));
        EXPECT_EQ(n.people.size(), n.faults.size());
        EXPECT_EQ(n.people.size(), n.departments.size());
        return std::pair(n.open, n.people.size());
    };
    EXPECT_EQ(of({"support", "sales"}, {"acc"}), std::pair(std::int64_t{1}, std::size_t{1}));
    EXPECT_EQ(of({"sales"}, {}), std::pair(std::int64_t{0}, std::size_t{0}));
    EXPECT_EQ(of({}, {"other"}), std::pair(std::int64_t{0}, std::size_t{0}));
}

TEST_F(canaries_in_store, are_decided_once) {
    const auto id = suggest(receive("m1"), draft());
    decide(id, "rejected");
    const auto c = canary(id);
    canary_act again{"approved", c.what.hash(c.in_place_of), 0, "bob"};
    EXPECT_EQ(why(store_->canaries().decide(id, again)), errc::conflict);
}

TEST_F(canaries_in_store, answer_a_stale_decision_as_a_suggestion_does) {
    const auto id = suggest(receive("m1"), draft());
    const auto before = canary(id);
    const auto told = get(store_->rebind(id + 1, "m2", {}, {}));
    EXPECT_EQ(told.at(0).suggestion_id, id) << "who listens hears of the canary";
    canary_act stale{"approved", before.what.hash(before.in_place_of), 0, "ann"};
    EXPECT_EQ(why(store_->canaries().decide(id, stale)), errc::conflict);
    canary_act old{"rejected", {}, before.in_place_of.version, "ann"};
    EXPECT_EQ(why(store_->canaries().decide(id, old)), errc::conflict);
    EXPECT_EQ(decide(id, "rejected").canary.what.state, canary_state::caught);
}

TEST_F(canaries_in_store, go_with_the_suggestion_and_count_for_nobody) {
    const auto id = suggest(receive("m1"), draft());
    const auto done = get(store_->accept("acc", test::batch_of(message_deleted{"m1"}, "2")));
    EXPECT_EQ(done.changes.at(0).suggestion_id, id);
    EXPECT_TRUE(get(store_->canaries().open()).empty());
    canary_act late{"rejected", {}, 1, "ann"};
    EXPECT_EQ(why(store_->canaries().decide(id, late)), errc::conflict);
    EXPECT_TRUE(get(store_->canaries().counts()).people.empty());
}

/// Whatever anybody calls in whatever order, with the numbers and hashes of canaries among the true ones:
/// what is to be sent is never a canary's text.
class any_sequence : public canaries_in_store, public ::testing::WithParamInterface<unsigned> {};

class caller {
 public:
    caller(unsigned seed, store& s, asio::io_context& io) : random_(seed), store_(s), io_(io) {}

    std::int64_t number(std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(1, most)(random_);
    }
    template <class T>
    void try_it(awaitable<result<T>> call) {
        test::run(io_, std::move(call));
    }
    /// A hash that somebody could have seen under this number.
    std::string hash(std::int64_t id) {
        const auto c = test::run(io_, store_.canaries().find(id)).value();
        if (c) return number(2) == 1 ? c->what.hash(c->in_place_of) : c->in_place_of.hash;
        const auto s = test::run(io_, store_.find_suggestion(id));
        return s.has_value() ? s->hash : "";
    }
    void step(int n) {
        const auto id = number(24);
        switch (number(12)) {
            case 1:
            case 2:
                return receive(n);
            case 3:
            case 4:
                return try_it(store_.approve(id, hash(id), "ann"));
            case 5:
                return try_it(store_.canaries().decide(id, {"approved", hash(id), number(3), "bob"}));
            case 6:
                return try_it(store_.canaries().decide(id, {"rejected", hash(id), number(3), "bob"}));
            case 7:
                return try_it(store_.edit(id, number(3), "true: edited", allowed(), "ann"));
            case 8:
                return try_it(store_.rebind(id, "tail " + std::to_string(n), {}, {}));
            case 9:
                return try_it(store_.settle(id, number(4), number(2) == 1, "ann"));
            case 10:
                return give_back(id);
            default:
                return deliver();
        }
    }

    std::set<std::string> sent;

 private:
    static verdict allowed() {
        verdict v;
        v.decision = decision::allow;
        return v;
    }
    void receive(int n) {
        const auto name = "m" + std::to_string(n);
        try_it(store_.accept("acc", test::batch_of(message_seen{test::sample_message(name)})));
        for (const auto& m : test::run(io_, store_.unjudged("acc", now(), 10)).value()) {
            judged_message j;
            j.message_id = m.id;
            j.revision = m.what.revision;
            j.trace = "{}";
            j.suggestions = {test::sample_suggestion(m, "true: one"),
                             test::sample_suggestion(m, "true: two", 1)};
            if (number(2) == 1) j.canary = draft("canary: " + name);
            try_it(store_.judge(std::move(j)));
        }
    }
    void give_back(std::int64_t id) {
        const auto c = test::run(io_, store_.canaries().find(id)).value();
        auto basis = test::sample_suggestion({}, "true: given back").basis;
        if (c) basis = c->in_place_of.basis;
        try_it(store_.give_back(number(8), basis, allowed(), {}, {"changed"}));
    }
    void deliver() {
        for (const auto& d : test::run(io_, store_.due_deliveries("acc", now(), 10)).value()) {
            sent.insert(d.approved.text);
            const prepared_reply p{"bytes " + d.approved.text, "r" + std::to_string(d.id)};
            try_it(store_.begin_attempt(d.id, p));
            outcome o;
            o.is = static_cast<outcome::kind>(number(4) - 1);
            o.receipt = receipt{"r", "", now()};
            try_it(store_.end_attempt(d.id, o));
        }
    }

    std::mt19937 random_;
    store& store_;
    asio::io_context& io_;
};

TEST_P(any_sequence, of_calls_never_gets_a_canary_sent) {
    caller c(GetParam(), *store_, io_);
    for (int n = 0; n < 80; ++n) c.step(n);
    for (const auto& text : c.sent) EXPECT_TRUE(text.starts_with("true: ")) << text;
    for (const auto& d : due()) EXPECT_TRUE(d.approved.text.starts_with("true: ")) << d.approved.text;
}

INSTANTIATE_TEST_SUITE_P(seeds, any_sequence, ::testing::Range(0U, 40U));

}  // namespace
}  // namespace kith
