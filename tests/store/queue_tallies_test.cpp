/// What is counted up and down must be what counting anew gives, whatever people and platforms do.
#include "daemon/store/sqlite/queue_items.hpp"
#include "tests/store/decisions.hpp"

namespace kith::sqlite {
namespace {

using namespace std::chrono_literals;

class queue_tallies : public test::decisions {
 protected:
    using counts = std::map<std::string, std::int64_t>;
    counts counted(const visible_part& visible = {}) {
        counts out;
        for (const auto& c : count_queue(db, visible))
            if (!c.given)
                out[c.department + " " + std::string(c.snoozed ? "snoozed" : to_string(c.state))] += c.n;
        return out;
    }
    counts counted_anew() {
        counts out;
        auto r = db.query(
            "SELECT department, CASE WHEN state = 'open' AND snoozed_until IS NOT NULL THEN 'snoozed' ELSE "
            "state"
            " END, COUNT(*) FROM queue_items WHERE state IN ('open', 'approved', 'sending', 'unsure') GROUP "
            "BY 1,"
            " 2");
        while (r.next()) out[r.text(0) + " " + r.text(1)] = r.number(2);
        return out;
    }
    void expect(const counts& wanted, const char* when) {
        EXPECT_EQ(counted(), wanted) << when;
        EXPECT_EQ(counted_anew(), wanted) << when;
    }
    std::int64_t version(std::int64_t id) { return find_item(db, id).shown.version; }
};

TEST_F(queue_tallies, follow_each_item_from_its_beginning_to_its_end) {
    const auto a = suggest("m1"), b = suggest("m2"), c = suggest("m3");
    expect({{"support open", 3}}, "as they came");
    snooze(db, a, version(a), at + 1h, "ann", next());
    expect({{"support open", 2}, {"support snoozed", 1}}, "one sleeps");
    snooze(db, a, version(a), at + 2h, "ann", next());
    expect({{"support open", 2}, {"support snoozed", 1}}, "for longer");
    wake(db, at + 3h);
    expect({{"support open", 3}}, "and is awake again");
    approve(a);
    expect({{"support approved", 1}, {"support open", 2}}, "approved");
    begin(due().at(0));
    expect({{"support open", 2}, {"support sending", 1}}, "under way");
    outcome o;
    o.is = outcome::kind::unsure;
    end_attempt(db, 1, o, next());
    expect({{"support open", 2}, {"support unsure", 1}}, "nobody knows");
    reject(b);
    expect({{"support open", 1}, {"support unsure", 1}}, "rejected");
    handled(db, c, version(c), "by phone", "ann", next());
    expect({{"support unsure", 1}}, "seen to elsewhere");
    accept(db, "acc", test::batch_of(contact_blocked{"cid"}), next());
    suggest("m4");
    EXPECT_EQ(counted(), counted_anew());
}

TEST_F(queue_tallies, know_what_was_given_to_another_department) {
    const auto a = suggest("m1");
    assignee to;
    to.department = "sales";
    assign(db, a, version(a), to, "ann", next());
    const auto of_sales = [&] {
        std::int64_t n = 0;
        for (const auto& c : count_queue(db, {{"sales"}, {}}))
            if (c.given && c.department == "sales") n += c.n;
        return n;
    };
    EXPECT_EQ(of_sales(), 1);
    EXPECT_EQ(counted(), (counts{{"support open", 1}})) << "it is still its own department's";
    EXPECT_EQ(counted(), counted_anew());
    assign(db, a, version(a), {}, "ann", next());
    EXPECT_EQ(of_sales(), 0);
    EXPECT_EQ(counted(), counted_anew());
}

TEST_F(queue_tallies, are_of_what_one_may_see) {
    suggest("m1");
    EXPECT_EQ(counted({{"support"}, {}}), (counts{{"support open", 1}}));
    EXPECT_EQ(counted({{"sales"}, {}}), counts{});
    EXPECT_EQ(counted({{}, {"acc"}}), (counts{{"support open", 1}}));
    EXPECT_EQ(counted({{}, {"other"}}), counts{});
}

/// As the migration finds them in a database of before.
TEST_F(queue_tallies, begin_with_what_is_there) {
    suggest("m1");
    const auto b = suggest("m2");
    snooze(db, b, version(b), at + 1h, "ann", next());
    const auto before = counted();
    db.script("DELETE FROM queue_tallies");
    for (const auto& step : migrations()) {
        const std::string text(step.content);
        const auto made = text.find("CREATE TABLE queue_tallies");
        if (made == std::string::npos) continue;
        const auto from = text.find("INSERT INTO queue_tallies", made);
        db.script(text.substr(from, text.find(';', from) + 1 - from));
    }
    EXPECT_EQ(counted(), before);
}

}  // namespace
}  // namespace kith::sqlite
