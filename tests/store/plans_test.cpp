/// What is asked of the database all the time must not read a whole table to find an answer. The plans do not
/// depend on what is in it: nothing gathers statistics.
#include "daemon/store/sqlite/opt_outs.hpp"
#include "daemon/store/sqlite/standing.hpp"
#include "tests/store/decisions.hpp"

#include <deque>

namespace kith::sqlite {
namespace {

using namespace std::chrono_literals;

class plans : public test::decisions {
 protected:
    std::string plan_of(const std::string& sql) {
        const auto& kept = texts_.emplace_back("EXPLAIN QUERY PLAN " + sql);
        std::string out;
        auto r = db.query(kept);
        while (r.next()) out += r.text(3) + "\n";
        return out;
    }
    /// The kept statement that has these words in it.
    std::string plan_with(const std::string& words) {
        for (const auto& sql : db.statements())
            if (sql.find(words) != std::string::npos) return plan_of(sql);
        ADD_FAILURE() << "no statement with: " << words;
        return {};
    }
    static bool is_cheap(const std::string& line, const std::string& sql) {
        for (const std::string small : {"brakes", "brake_bounds", "sqlite_sequence", "CONSTANT ROW"})
            if (line.starts_with("SCAN " + small)) return true;
        if (line.find("VIRTUAL TABLE") != std::string::npos) return true;
        const bool one_row = sql.find("ORDER BY number DESC LIMIT 1") != std::string::npos ||
                             sql == "SELECT 1 FROM forgotten LIMIT 1";
        const bool only_returns = sql.starts_with("INSERT INTO ") && sql.ends_with(" RETURNING id");
        const bool by_a_person = sql.find("native_id = ?1 OR url = ?1") != std::string::npos;
        return one_row || only_returns || by_a_person;
    }
    void hear(event e) { accept(db, "acc", test::batch_of(std::move(e)), next()); }

    /// What a day brings.
    void live() {
        const auto m = receive("m1");
        post(suggest(m));
        auto later = test::sample_message("m2", "terrible");
        later.thread_id = m.what.thread_id;
        later.community = "dogs";
        hear(message_seen{later});
        batch b;
        b.events = {message_seen{test::sample_message("m3", "stop", "bob")},
                    contact_opted_out{"bob", "m3", "stop", "en"}};
        accept(db, "acc", b, next());
        hear(contact_complained{"ann", "m2"});
        hear(contact_reported{"cid"});
        hear(contact_blocked{"cid"});
        hear(contact_blocked{"cid"});
        hear(message_deleted{"somebody-elses"});
        b.events = {message_seen{test::sample_message("m4", "go on", "bob")}, contact_opted_in{"bob", "m4"}};
        accept(db, "acc", b, next());
        for (const auto& one : unjudged(db, "acc", at, 10)) suggest(one);
        judge_again(db, "acc", "packs", next());
        std::vector<tally> all;
        using of = tally::of;
        for (const auto per : {of::contact, of::thread, of::account, of::playbook, of::community})
            all.push_back({per, 1h, false});
        standing_of(db, message_number(db, "m2"), 0, {all, true}, at);
        due_deliveries(db, "acc", at, 10);
        remembered(db, "acc");
    }

    std::deque<std::string> texts_;  ///< a statement is kept by the place of its text
};

TEST_F(plans, of_what_is_asked_all_the_time_read_no_whole_table) {
    live();
    for (const auto& sql : db.statements()) {
        if (sql.find("record_unlinked") != std::string::npos) continue;  // of the migration, and gone
        std::istringstream lines(plan_of(sql));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_TRUE(is_cheap(line, sql) || !line.starts_with("SCAN ")) << line << "\n" << sql;
        }
    }
}

TEST_F(plans, find_a_reply_of_ours_that_was_deleted_by_its_address) {
    hear(message_deleted{"somebody-elses"});
    EXPECT_NE(plan_with("prepared_id = ?").find("deliveries_prepared"), std::string::npos)
        << plan_with("prepared_id = ?");
}

TEST_F(plans, find_entries_of_the_record_by_an_index_in_their_order) {
    const std::pair<const char*, audit_filter> all[] = {
        {"record_at", {}},
        {"record_at", {.actor = "kith"}},
        {"record_actor", {.actor = "ann", .act = "approved"}},
        {"record_act ", {.act = "approved"}},
        {"record_suggestion", {.actor = "ann", .suggestion_id = 1}},
        {"record_message", {.message_id = 1}}};
    for (auto [index, f] : all) {
        for (const bool newest : {true, false}) {
            f.newest_first = newest;
            sqlite::database fresh{":memory:"};
            sqlite::migrate(fresh);
            find_entries(fresh, f);
            for (const auto& sql : fresh.statements()) {
                if (sql.find("record_details d") == std::string::npos) continue;
                const auto plan = plan_of(sql);
                EXPECT_NE(plan.find(index), std::string::npos) << plan;
                EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
                const bool sorts = plan.find("TEMP B-TREE") != std::string::npos;
                EXPECT_EQ(sorts, f.message_id != 0) << plan;  // of one message there are few
            }
        }
    }
}

TEST_F(plans, find_opt_outs_by_either_index) {
    receive("m1");
    why_opted_out(db, 1);
    EXPECT_NE(plan_with("identity_hash = ? AND lifted_at").find("opt_outs_in_force"), std::string::npos);
    EXPECT_NE(plan_with("contact = ? AND lifted_at").find("opt_outs_contact"), std::string::npos);
}

TEST_F(plans, find_what_waits_for_packs_by_what_it_waits_for) {
    judge_again(db, "acc", "packs", next());
    EXPECT_NE(plan_with("again_with = ? AND again_with <> ''").find("traces_again"), std::string::npos)
        << plan_with("again_with = ? AND again_with <> ''");
}

}  // namespace
}  // namespace kith::sqlite
