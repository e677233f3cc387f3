/// The queue in the store: the order in which people are asked, and what they do beside yes and no.
#include "daemon/store/sqlite/canaries.hpp"
#include "daemon/store/sqlite/queue_items.hpp"
#include "tests/store/decisions.hpp"

#include <deque>

namespace kith {
namespace {

using namespace std::chrono_literals;

class queue_in_store : public test::decisions {
 protected:
    /// A message in a thread, and a suggestion for it that expires so long after now.
    std::int64_t waits(const std::string& id, const std::string& thread,
                       std::optional<std::chrono::seconds> expires = {}, const std::string& author = "ann") {
        auto m = test::sample_message(id, "how do I?", author);
        m.thread_id = thread;
        sqlite::accept(db, "acc", test::batch_of(message_seen{m}), next());
        const auto stored = sqlite::read_message(db, sqlite::message_number(db, id));
        auto s = test::sample_suggestion(stored);
        if (expires) s.expires_at = at + *expires;
        judged_message j;
        j.message_id = stored.id;
        j.revision = stored.what.revision;
        j.trace = "{}";
        j.suggestions = {std::move(s)};
        return sqlite::judge(db, j, next()).at(0).suggestion_id;
    }
    queue_part list(queue_filter f = {}) { return sqlite::list_queue(db, f); }
    std::vector<std::string> order(queue_filter f = {}) {
        std::vector<std::string> out;
        for (const auto& item : list(std::move(f)).items) out.push_back(item.message.what.native_id);
        return out;
    }
    queue_item item(std::int64_t id) { return sqlite::find_item(db, id); }
    std::int64_t version(std::int64_t id) { return item(id).shown.version; }
    std::string plan(const std::string& sql) {
        kept_.push_back("EXPLAIN QUERY PLAN " + sql);
        std::string out;
        auto r = db.query(kept_.back());
        while (r.next()) out += r.text(3) + "\n";
        return out;
    }
    std::deque<std::string> kept_;
};

using names = std::vector<std::string>;

TEST_F(queue_in_store, asks_first_about_the_thread_in_which_something_expires_first) {
    waits("old", "t1");
    waits("later", "t2", 2h);
    waits("beside", "t3");
    waits("soon", "t3", 1h);
    EXPECT_EQ(order(), (names{"beside", "soon", "later", "old"})) << "within a thread by time";
}

TEST_F(queue_in_store, puts_customers_and_complaints_before_age) {
    waits("m1", "t1");
    const auto id = waits("m2", "t2", {}, "bob");
    db.run(
        "INSERT INTO customers (contact, consent_how, consent_at, added_at, added_by)"
        " SELECT contact, 'said so', 1, 1, 'jo' FROM messages WHERE native_id = 'm2'");
    waits("m3", "t3", {}, "bob");
    EXPECT_EQ(order(), (names{"m2", "m3", "m1"})) << "also what came in before bob was a customer";
    EXPECT_TRUE(item(id).customer);
    contact_complained complaint;
    complaint.identity_id = "ann";
    complaint.native_id = "m4";
    auto m = test::sample_message("m4");
    auto both = test::batch_of(message_seen{m});
    both.events.push_back(complaint);
    sqlite::accept(db, "acc", both, next());
    const auto angry = suggest(sqlite::read_message(db, sqlite::message_number(db, "m4")));
    EXPECT_TRUE(item(angry).complaint);
    EXPECT_EQ(order(), (names{"m2", "m3", "m4", "m1"}));
    db.run("UPDATE customers SET ended_at = 2");
    EXPECT_EQ(order(), (names{"m4", "m1", "m2", "m3"})) << "bob is none any more";
}

TEST_F(queue_in_store, knows_a_customer_under_each_of_their_identities) {
    waits("m1", "t1");
    const auto id = waits("m2", "t2", {}, "bob");
    const auto contact = [&](const char* message) {
        auto r = db.query("SELECT contact FROM messages WHERE native_id = ?", message);
        r.next();
        return r.number(0);
    };
    const auto bob = contact("m2");
    sqlite::accept(db, "other", test::batch_of(message_seen{test::sample_message("x1", "hello", "bobby")}),
                   next());
    db.run(
        "INSERT INTO customers (contact, consent_how, consent_at, added_at, added_by) VALUES (?, 'said so', "
        "1, 1, 'jo')",
        contact("x1"));
    EXPECT_FALSE(item(id).customer);
    EXPECT_EQ(order(), (names{"m1", "m2"}));
    db.run("UPDATE contacts SET person = ? WHERE id = ?", bob, contact("x1"));
    EXPECT_TRUE(item(id).customer);
    EXPECT_EQ(order(), (names{"m2", "m1"}));
    db.run("UPDATE contacts SET person = NULL WHERE id = ?", contact("x1"));
    EXPECT_FALSE(item(id).customer);
    EXPECT_EQ(order(), (names{"m1", "m2"}));
}

TEST_F(queue_in_store, puts_what_expires_within_hours_first_and_then_customers_although_all_expires) {
    constexpr auto shipped = 24h * 7;  // policies/house.yaml: every answer has an end
    waits("old", "t1", shipped);
    waits("bobs", "t2", shipped, "bob");
    waits("soon", "t3", 4h + 10s);
    waits("sooner", "t4", 3h, "bob");
    db.run(
        "INSERT INTO customers (contact, consent_how, consent_at, added_at, added_by)"
        " SELECT contact, 'said so', 1, 1, 'jo' FROM messages WHERE native_id = 'bobs'");
    waits("bobs too", "t5", shipped, "bob");
    sqlite::wake(db, at);
    EXPECT_EQ(order(), (names{"sooner", "bobs", "bobs too", "soon", "old"})) << "a customer before the rest";
    EXPECT_EQ(sqlite::wake(db, at + 10s).size(), 1U);
    EXPECT_EQ(order(), (names{"sooner", "soon", "bobs", "bobs too", "old"})) << "now it is pressing";
    EXPECT_TRUE(sqlite::wake(db, at + 11s).empty()) << "told once";
}

TEST_F(queue_in_store, is_read_in_parts_that_neither_repeat_nor_leave_out) {
    for (int i = 0; i < 25; ++i)
        waits("m" + std::to_string(i), "t" + std::to_string(i % 7),
              i % 3 == 0 ? std::optional(std::chrono::seconds{3600 + i}) : std::nullopt);
    const auto whole = order();
    ASSERT_EQ(whole.size(), 25U);
    names parts;
    queue_filter f;
    f.most = 4;
    for (;;) {
        const auto part = list(f);
        for (const auto& i : part.items) parts.push_back(i.message.what.native_id);
        if (!part.more) break;
        ASSERT_EQ(part.items.size(), 4U);
        f.after = part.items.back().place;
    }
    EXPECT_EQ(parts, whole);
    f.after = "[1,2]";
    EXPECT_EQ(said([&] { list(f); }), "cursor: this is not one of this list: begin anew without it");
}

TEST_F(queue_in_store, shows_what_a_filter_lets_through_and_nothing_of_what_one_may_not_see) {
    const auto a = waits("m1", "t1");
    waits("m2", "t2", {}, "bob");
    db.run(
        "UPDATE queue_items SET department = 'sales' WHERE message_id = (SELECT id FROM messages WHERE "
        "native_id = 'm2')");
    queue_filter f;
    f.department = "sales";
    EXPECT_EQ(order(f), names{"m2"});
    f = {};
    f.visible.departments = {"support"};
    EXPECT_EQ(order(f), names{"m1"});
    EXPECT_EQ(sqlite::count_queue(db, f.visible).size(), 1U);
    f = {};
    f.visible.accounts = {"another"};
    EXPECT_EQ(order(f), names{});
    f = {};
    f.words = "BOB";
    EXPECT_EQ(order(f), names{"m2"});
    f.words = "100%";
    EXPECT_EQ(order(f), names{}) << "a percent sign is one";
    f = {};
    f.assigned = "";
    EXPECT_EQ(order(f).size(), 2U);
    sqlite::assign(db, a, version(a), {"jo", "Jo", ""}, "jo", next());
    EXPECT_EQ(order(f), names{"m2"});
    f.assigned = "jo";
    EXPECT_EQ(order(f), names{"m1"});
    EXPECT_EQ(acts().back(), "jo assigned");
}

TEST_F(queue_in_store, shows_what_was_given_to_a_department_to_that_department_too) {
    const auto id = waits("m1", "t1");
    waits("m2", "t2");
    queue_filter f;
    f.visible.departments = {"sales"};
    EXPECT_EQ(order(f), names{});
    sqlite::assign(db, id, version(id), {"", "", "sales"}, "ann", next());
    EXPECT_EQ(order(f), names{"m1"});
    const auto counted = sqlite::count_queue(db, f.visible);
    ASSERT_EQ(counted.size(), 2U);
    EXPECT_EQ(counted[0].department, "support");
    EXPECT_EQ(counted[1].department, "sales");
    EXPECT_TRUE(counted[1].given) << "one item all the same";
    f = {};
    f.department = "sales";
    EXPECT_EQ(order(f), names{"m1"});
    f.department = "support";
    EXPECT_EQ(order(f), (names{"m1", "m2"})) << "and it stays with its own";
    f = {};
    f.assigned_department = "sales";
    EXPECT_EQ(order(f), names{"m1"});
}

TEST_F(queue_in_store, lists_what_is_decided_newest_first) {
    const auto a = waits("m1", "t1"), b = waits("m2", "t2");
    reject(b);
    reject(a);
    queue_filter f;
    f.states = {suggestion_state::rejected};
    f.most = 1;
    const auto first = list(f);
    ASSERT_EQ(first.items.size(), 1U);
    EXPECT_EQ(first.items[0].message.what.native_id, "m1");
    EXPECT_TRUE(first.more);
    f.after = first.items[0].place;
    EXPECT_EQ(order(f), names{"m2"});
    EXPECT_EQ(order(), names{});
    f.states = {suggestion_state::open, suggestion_state::rejected};
    EXPECT_NE(said([&] { list(f); }), "");
}

TEST_F(queue_in_store, takes_an_approval_back_until_its_time_has_come) {
    auto m = receive("m1");
    auto one = test::sample_suggestion(m), other = test::sample_suggestion(m, "Another.", 1);
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {one, other};
    const auto made = sqlite::judge(db, j, next());
    const auto id = made.at(0).suggestion_id, second = made.at(1).suggestion_id;
    EXPECT_EQ(item(id).candidates, 2);
    sqlite::approve(db, id, find(id).hash, "ann", next(), 10s);
    EXPECT_EQ(item(id).undo_until, at + 10s);
    EXPECT_TRUE(sqlite::due_deliveries(db, "acc", at + 9s, 10).empty());
    EXPECT_EQ(sqlite::due_deliveries(db, "acc", at + 10s, 10).size(), 1U);
    at += 8s;
    sqlite::undo(db, id, version(id), "bob", next());
    EXPECT_EQ(find(id).state, suggestion_state::open);
    EXPECT_EQ(find(id).decided_by, "");
    EXPECT_EQ(find(second).state, suggestion_state::open) << "and so is what it had withdrawn";
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(acts().at(acts().size() - 2), "bob approval taken back");
    sqlite::approve(db, id, find(id).hash, "ann", next(), 10s);
    const auto seen = version(id);
    EXPECT_NE(said([&] { sqlite::undo(db, id, seen - 1, "bob", at); }).find("changed meanwhile"),
              std::string::npos);
    EXPECT_EQ(find(id).state, suggestion_state::approved) << "that was another approval";
}

TEST_F(queue_in_store, takes_an_approval_back_that_waits_for_something_else_than_its_time) {
    const auto id = suggest("m1");
    approve(id);
    const auto d = due().at(0);
    sqlite::postpone(db, d.id, at + 10h, "waits until the morning");
    EXPECT_EQ(item(id).undo_until, at + 10h);
    EXPECT_EQ(item(id).held, "waits until the morning");
    sqlite::undo(db, id, version(id), "bob", next());
    EXPECT_EQ(find(id).state, suggestion_state::open);
    EXPECT_NE(said([&] { begin(d); }), "") << "its delivery is canceled";
    approve(id);
    at += 1h;  // due, and its account is stopped
    ASSERT_TRUE(item(id).undo_until);
    sqlite::undo(db, id, version(id), "bob", next());
    EXPECT_EQ(find(id).state, suggestion_state::open);
}

TEST_F(queue_in_store, takes_no_approval_back_whose_send_has_begun) {
    const auto id = suggest("m1");
    sqlite::approve(db, id, find(id).hash, "ann", next(), 1h);
    begin(sqlite::due_deliveries(db, "acc", at + 1h, 1).at(0));
    EXPECT_NE(said([&] { sqlite::undo(db, id, version(id), "ann", at); }).find("is sending"),
              std::string::npos);
}

TEST_F(queue_in_store, snoozes_and_wakes_at_its_time) {
    const auto id = waits("m1", "t1", 1h);
    waits("m2", "t2");
    sqlite::wake(db, at);  // m1 expires soon
    EXPECT_NE(said([&] { sqlite::snooze(db, id, version(id), at - 1s, "ann", at); }).find("until"),
              std::string::npos);
    const auto end = *find(id).expires_at;
    EXPECT_NE(
        said([&] { sqlite::snooze(db, id, version(id), end, "ann", at); }).find("until: it expires at "),
        std::string::npos)
        << "nobody would see it again";
    sqlite::snooze(db, id, version(id), end - 1us, "ann", next());
    sqlite::snooze(db, id, version(id), at + 1min, "ann", next());
    EXPECT_EQ(order(), names{"m2"});
    queue_filter f;
    f.snoozed = true;
    EXPECT_EQ(order(f), names{"m1"});
    EXPECT_TRUE(sqlite::wake(db, at + 30s).empty());
    const auto woken = sqlite::wake(db, at + 1min);
    ASSERT_EQ(woken.size(), 1U);
    EXPECT_EQ(woken[0].suggestion_id, id);
    EXPECT_EQ(order(), (names{"m1", "m2"}));
    EXPECT_TRUE(sqlite::wake(db, at + 1h).empty()) << "once";
}

TEST_F(queue_in_store, refuses_what_was_meant_for_another_version) {
    const auto id = suggest("m1");
    const auto seen = version(id);
    sqlite::assign(db, id, seen, {"", "", "sales"}, "ann", next());
    try {
        sqlite::snooze(db, id, seen, at + 1h, "ann", at);
        FAIL() << "this should have failed";
    } catch (const failure& e) {
        EXPECT_EQ(e.why().kind, errc::outdated);
    }
    reject(id);
    EXPECT_NE(said([&] { sqlite::handled(db, id, seen, "", "bob", at); }).find("is rejected (by ann): no"),
              std::string::npos);
}

TEST_F(queue_in_store, withdraws_what_was_handled_elsewhere) {
    const auto id = suggest("m1");
    sqlite::handled(db, id, version(id), "called them", "ann", next());
    EXPECT_EQ(find(id).state, suggestion_state::withdrawn);
    EXPECT_EQ(find(id).reason, "handled elsewhere, says ann: called them");
    EXPECT_EQ(order(), names{});
}

TEST_F(queue_in_store, expires_when_the_newest_verdict_says) {
    const auto id = waits("m1", "t1", 1h);
    waits("m2", "t2", 2h);
    sqlite::rebind(db, id, "tail", {}, at + 3h, next());
    EXPECT_EQ(order(), (names{"m2", "m1"})) << "they wrote again";
    auto v = find(id).verdict;
    v.packs = {"house@1"};
    v.until = at + 1h;
    sqlite::rejudge(db, id, version(id), v, next());
    EXPECT_EQ(find(id).expires_at, v.until);
    EXPECT_EQ(order(), (names{"m1", "m2"}));
    v.until = at + 30h;
    sqlite::edit(db, id, version(id), "Another text.", v, "ann", next());
    EXPECT_EQ(order(), (names{"m2", "m1"}));
    approve(id);
    const auto d = due().at(0);
    v.until = at + 1min;
    sqlite::give_back(db, d.id, d.approved, v, {}, {"the verdict changed"}, next());
    EXPECT_EQ(order(), (names{"m1", "m2"}));
}

TEST_F(queue_in_store, withdraws_what_can_be_sent_no_more) {
    const auto id = waits("m1", "t1", 1h);
    waits("m2", "t2");
    EXPECT_TRUE(sqlite::expire(db, *find(id).expires_at - 1us).empty());
    at = *find(id).expires_at;
    const auto over = sqlite::expire(db, at);
    ASSERT_EQ(over.size(), 1U);
    EXPECT_EQ(over[0].state, suggestion_state::withdrawn);
    EXPECT_EQ(find(id).reason, "expired: the time in which it may be sent is over");
    EXPECT_EQ(acts().back(), "kith withdrawn");
    EXPECT_EQ(order(), names{"m2"});
    sqlite::handled(db, list().items.at(0).shown.id, 1, "", "ann", next());
    queue_filter f;
    f.states = {suggestion_state::withdrawn};
    EXPECT_EQ(order(f), (names{"m2", "m1"}));
    f.outcome = "expired";
    EXPECT_EQ(order(f), names{"m1"});
    f.outcome = "handled";
    EXPECT_EQ(order(f), names{"m2"});
}

TEST_F(queue_in_store, does_not_ask_again_about_what_was_handled_elsewhere) {
    const auto m = receive("m1");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.again_with = "resumed";  // another playbook that matched is paused
    j.suggestions = {test::sample_suggestion(m)};
    const auto id = sqlite::judge(db, j, next()).at(0).suggestion_id;
    sqlite::handled(db, id, version(id), "called them", "ann", next());
    EXPECT_TRUE(sqlite::judge_again(db, "acc", "resumed", next()).empty());
    EXPECT_TRUE(sqlite::unjudged(db, "acc", at, 9).empty()) << "somebody saw to it";
}

TEST_F(queue_in_store, judges_no_message_again_because_of_what_was_denied_on_an_occasion) {
    const auto m = receive("m1");
    auto s = test::sample_suggestion(m);
    s.purpose = purpose::occasion;
    s.verdict.decision = decision::deny;
    s.verdict.again_with = "label";
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {s};
    const auto id = sqlite::judge(db, j, next()).at(0).suggestion_id;
    EXPECT_EQ(sqlite::judge_again(db, "acc", "label", next()).size(), 1U);
    EXPECT_EQ(find(id).state, suggestion_state::withdrawn);
    EXPECT_TRUE(sqlite::unjudged(db, "acc", at, 9).empty());
}

TEST_F(queue_in_store, judges_no_message_again_to_which_a_person_said_no_although_something_is_stuck) {
    const auto m = receive("m1");
    const auto no = suggest(m);
    reject(no);
    auto denied = test::sample_suggestion(m);
    denied.verdict.decision = decision::deny;
    denied.verdict.again_with = "packs";
    const auto stuck = sqlite::insert_suggestion(db, denied, m.id, next()).suggestion_id;
    sqlite::judge_again(db, "acc", "packs", next());
    EXPECT_EQ(find(stuck).state, suggestion_state::withdrawn);
    EXPECT_TRUE(sqlite::unjudged(db, "acc", at, 9).empty());
}

TEST_F(queue_in_store, treats_a_canary_as_any_other_item) {
    const auto m = receive("m1");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {test::sample_suggestion(m)};
    canary_draft wrong;
    wrong.text = "Wrong.";
    wrong.verdict.decision = decision::allow;
    j.canary = wrong;
    const auto id = sqlite::judge(db, j, next()).at(0).suggestion_id;
    const auto shown = list().items.at(0);
    EXPECT_EQ(shown.shown.id, id);
    EXPECT_EQ(shown.shown.basis.text, "Wrong.");
    const auto canary = sqlite::find_canary(db, id);
    EXPECT_EQ(shown.shown.hash, canary->what.hash(canary->in_place_of));
    EXPECT_EQ(item(canary->in_place_of.id).shown.id, id) << "nobody is shown what it stands for";
    EXPECT_EQ(sqlite::assign(db, id, version(id), {"ann", "Ann", ""}, "ann", next()).at(0).suggestion_id, id);
    sqlite::snooze(db, id, version(id), at + 1h, "ann", next());
    EXPECT_EQ(sqlite::wake(db, at + 2h).at(0).suggestion_id, id);
    EXPECT_EQ(sqlite::items_of(db, {id, canary->in_place_of.id, 999}).size(), 1U);
    sqlite::handled(db, id, version(id), "", "ann", next());
    EXPECT_EQ(order(), names{});
}

TEST_F(queue_in_store, keeps_views_for_their_owner_and_for_a_department) {
    saved_view v;
    v.name = "mine";
    v.query = "assigned=me";
    v.owner = "ann";
    const auto mine = sqlite::add_view(db, v);
    v.name = "all of us";
    v.department = "support";
    sqlite::add_view(db, v);
    EXPECT_EQ(sqlite::views_for(db, "ann", {}).size(), 2U);
    EXPECT_EQ(sqlite::views_for(db, "bob", {{"support"}, {}}).size(), 1U);
    EXPECT_EQ(sqlite::views_for(db, "bob", {{"sales"}, {}}).size(), 0U);
    auto changed = mine;
    changed.name = "still mine";
    EXPECT_EQ(sqlite::change_view(db, changed).version, 2);
    EXPECT_NE(said([&] { sqlite::change_view(db, changed); }).find("changed meanwhile"), std::string::npos);
    EXPECT_NE(said([&] { sqlite::remove_view(db, mine.id, 1); }), "");
    sqlite::remove_view(db, mine.id, 2);
    EXPECT_NE(said([&] { sqlite::read_view(db, mine.id); }), "");
}

TEST_F(queue_in_store, finds_its_first_part_without_looking_at_the_rest) {
    const auto list_plan = plan(sqlite::waiting_sql());
    EXPECT_NE(list_plan.find("USING COVERING INDEX queue_threads_order"), std::string::npos) << list_plan;
    EXPECT_NE(list_plan.find("queue_items_by_time (account=? AND thread=?"), std::string::npos) << list_plan;
    EXPECT_EQ(list_plan.find("TEMP B-TREE"), std::string::npos) << list_plan;
    const auto decided = plan(sqlite::decided_sql());
    EXPECT_NE(decided.find("queue_items_newest"), std::string::npos) << decided;
    EXPECT_EQ(decided.find("TEMP B-TREE"), std::string::npos) << decided;
    const auto thread = plan(
        "SELECT account, thread, asleep, turn, expires_at, received_at FROM queue_items WHERE account = 'a' "
        "AND thread ="
        " 't' AND state IN ('open', 'approved', 'sending', 'unsure') ORDER BY asleep, turn, expires_at, "
        "received_at"
        " LIMIT 1");
    EXPECT_NE(thread.find("queue_items_most_urgent (account=? AND thread=?)"), std::string::npos) << thread;
    EXPECT_EQ(thread.find("TEMP B-TREE"), std::string::npos) << thread;
}

}  // namespace
}  // namespace kith
