#include "daemon/store/sqlite/notifications.hpp"

#include "daemon/store/sqlite/canaries.hpp"
#include "tests/store/decisions.hpp"

#include <boost/json/parse.hpp>

namespace kith::test {
namespace {

using namespace std::chrono_literals;

class notifications : public decisions {
 protected:
    std::int64_t look(timestamp when) { return sqlite::look_for_news(db, wish_, when); }
    boost::json::object body_of(const notification& n) { return boost::json::parse(n.body).as_object(); }
    notification begun(timestamp when) { return sqlite::begin_notification(db, "ops", when).value(); }

    notify_wish wish_{"ops", "",    {"waiting", "second-needed", "unsure"},
                      1h,    30min, "https://kith.example.com/console"};
};

TEST_F(notifications, tell_of_what_waits_once_it_has_waited_and_once_only) {
    const auto id = suggest("a");
    const auto since = find(id).created_at;
    EXPECT_EQ(look(since + 1h - 1us), 0);
    EXPECT_EQ(look(since + 1h), 1);
    EXPECT_EQ(look(since + 2h), 0) << "it was noted already";
    const auto n = begun(since + 2h);
    EXPECT_EQ(n.kind, "waiting");
    const auto body = body_of(n);
    EXPECT_EQ(body.at("id").as_string(), n.id);
    EXPECT_EQ(body.at("suggestion").at("id").as_int64(), id);
    EXPECT_EQ(body.at("suggestion").at("url").as_string(),
              "https://kith.example.com/console/s/" + std::to_string(id));
    EXPECT_EQ(n.body.find("how do I"), std::string::npos) << "no word of a contact leaves the house";
    EXPECT_EQ(n.body.find("Use the link"), std::string::npos);
}

TEST_F(notifications, do_not_tell_of_what_was_decided_or_is_others) {
    reject(suggest("a"));
    const auto open = suggest("b");
    wish_.department = "billing";
    EXPECT_EQ(look(at + 2h), 0);
    wish_.department = "support";
    EXPECT_EQ(look(at + 2h), 1);
    EXPECT_EQ(body_of(begun(at + 2h)).at("suggestion").at("id").as_int64(), open);
}

TEST_F(notifications, tell_once_that_a_suggestion_can_soon_be_sent_no_more) {
    const auto id = suggest("a");
    const auto end = find(id).created_at + 10h;
    db.run("UPDATE suggestions SET expires_at = ?, state = state WHERE id = ?", end, id);
    wish_.kinds = {"expiring"};
    EXPECT_EQ(look(end - 30min - 1us), 0);
    EXPECT_EQ(look(end - 30min), 1);
    EXPECT_EQ(look(end - 1min), 0) << "it was noted already";
    const auto n = begun(end - 1min);
    EXPECT_EQ(n.kind, "expiring");
    EXPECT_EQ(body_of(n).at("suggestion").at("until").as_string(), to_rfc3339(end, 3));
}

TEST_F(notifications, do_not_tell_of_the_end_of_what_has_ended_or_ends_never) {
    suggest("a");
    const auto id = suggest("b");
    const auto end = find(id).created_at + 10h;
    db.run("UPDATE suggestions SET expires_at = ?, state = state WHERE id = ?", end, id);
    wish_.kinds = {"expiring"};
    EXPECT_EQ(look(end), 0);
    reject(id);
    EXPECT_EQ(look(end - 1min), 0);
}

TEST_F(notifications, tell_of_one_yes_that_needs_a_second) {
    const auto id = suggest(receive("a"), decision::second);
    wish_.kinds = {"second-needed"};
    EXPECT_EQ(look(at), 0);
    approve(id, "ann");
    EXPECT_EQ(look(at), 1);
    EXPECT_EQ(look(at), 0);
    EXPECT_EQ(begun(at).kind, "second-needed");
}

TEST_F(notifications, tell_of_what_nobody_can_tell) {
    const auto id = suggest("a");
    approve(id);
    begin(due().at(0));
    outcome o;
    o.is = outcome::kind::unsure;
    sqlite::end_attempt(db, due().at(0).id, o, next());
    wish_.kinds = {"waiting"};
    EXPECT_EQ(look(at), 0) << "only what was wished for";
    wish_.kinds = {"unsure"};
    EXPECT_EQ(look(at), 1);
}

TEST_F(notifications, name_a_canary_as_any_other_suggestion) {
    const auto m = receive("a");
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = "{}";
    j.suggestions = {sample_suggestion(m)};
    j.canary = canary_draft{"pitch", "it promotes", "Buy it.", {}};
    const auto shown = sqlite::judge(db, j, next()).at(0).suggestion_id;
    EXPECT_EQ(look(at + 1h), 1);
    EXPECT_EQ(body_of(begun(at + 1h)).at("suggestion").at("id").as_int64(), shown);
}

TEST_F(notifications, keep_their_id_and_bytes_over_every_attempt) {
    EXPECT_TRUE(sqlite::add_notification(db, "ops", "account-stopped", "acc 1", "It stopped.", "acc", at));
    EXPECT_FALSE(sqlite::add_notification(db, "ops", "account-stopped", "acc 1", "It stopped.", "acc", at));
    EXPECT_TRUE(sqlite::add_notification(db, "other", "account-stopped", "acc 1", "It stopped.", "acc", at));
    const auto first = begun(at);
    EXPECT_EQ(first.attempts, 1);
    const auto killed = begun(at);
    EXPECT_EQ(killed.id, first.id) << "kithd ended in the middle: the same again";
    EXPECT_EQ(killed.attempts, 2);
    notification_outcome o;
    o.is = notification_outcome::kind::again;
    o.why = "down";
    o.again_at = at + 4s;
    sqlite::end_notification(db, first.id, o, at);
    EXPECT_FALSE(sqlite::begin_notification(db, "ops", at + 4s - 1us));
    const auto again = begun(at + 4s);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.body, first.body);
    o.is = notification_outcome::kind::sent;
    sqlite::end_notification(db, first.id, o, at + 5s);
    EXPECT_FALSE(sqlite::begin_notification(db, "ops", at + 1h));
    EXPECT_TRUE(sqlite::begin_notification(db, "other", at + 1h));
    const auto lines = sqlite::notification_lines(db, 10);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& l) { return l.state == "sent"; }), 1);
}

}  // namespace
}  // namespace kith::test
