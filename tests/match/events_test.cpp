#include "daemon/match/event.hpp"
#include "tests/match/folder.hpp"

namespace kith {
namespace {

class event_playbooks : public playbook_folder {
 protected:
    void SetUp() override {
        playbook_folder::SetUp();
        write_answer();
        write("bugs.yaml", around("  any:\n    - phrase: a\n", "bugs"));
    }
    static std::string event(const std::string& when, const std::string& tests,
                             const std::string& kind = "ask", const std::string& cites = "") {
        return "id: e\ntitle: T\nowner: support\nstatus: live\nwhen: {" + when +
               "}\nsay:\n  - {id: r, kind: " + kind + cites + ", text: {en: Hello.}}\ntests:\n" + tests;
    }
    /// All findings of loading, compiling and testing.
    std::string checked() {
        auto set = load();
        if (out_.empty())
            if (const auto rules = compile(std::move(set), out_)) run_tests(*rules, "en", out_);
        return said();
    }
    static constexpr const char* first_week_tests =
        "  - {event: first-week, product: pro, expect: r}\n"
        "  - {event: first-week, product: basic, expect: nothing}\n";
    static constexpr const char* fixed_tests =
        "  - {event: fixed, message: a, expect: r}\n  - {event: fixed, message: b, expect: nothing}\n";
};

TEST_F(event_playbooks, are_read_and_tested) {
    write("e.yaml", event("event: first-week, where: {product: [pro, max]}", first_week_tests));
    EXPECT_EQ(checked(), "");
    write("e.yaml", event("event: fixed, where: {reported: bugs}", fixed_tests));
    EXPECT_EQ(checked(), "");
    const auto set = load();
    const auto* p = set.find("e");
    ASSERT_TRUE(p && p->event);
    EXPECT_EQ(p->event->is, event_kind::fixed);
    EXPECT_EQ(p->event->playbook, "bugs");
}

TEST_F(event_playbooks, are_set_off_by_no_message) {
    write("e.yaml", event("event: first-week, where: {product: [pro]}", first_week_tests));
    const auto rules = compile(load(), out_);
    ASSERT_TRUE(rules) << said();
    message m;
    m.text = "a pro first-week";
    m.addressed = true;
    const matched_message as{"square", "loopback", &m};
    for (const auto& found : rules->find(as)) EXPECT_NE(found.playbook, "e");
    EXPECT_TRUE(hears(*rules, "bugs", as));
    EXPECT_FALSE(hears(*rules, "e", as));
}

TEST_F(event_playbooks, whose_tests_fail_say_why) {
    write("e.yaml", event("event: first-week, where: {product: [max]}", first_week_tests));
    EXPECT_EQ(checked(),
              "e.yaml:9:5: the test 'first-week pro' expects r, but nothing came: where.product: it is about "
              "max; mend the triggers, or the test\n");
    write("e.yaml", event("event: fixed, where: {reported: bugs}",
                          "  - {event: fixed, message: b, expect: r}\n"
                          "  - {event: first-week, message: a, expect: nothing}\n"));
    EXPECT_EQ(checked(),
              "e.yaml:9:5: the test 'b' expects r, but nothing came: the playbook bugs does not hear this "
              "message; mend the triggers, or the test\n");
}

TEST_F(event_playbooks, have_no_triggers_of_their_own) {
    write("e.yaml", event("event: first-week, any: [{phrase: a}]", first_week_tests));
    EXPECT_EQ(
        checked(),
        "e.yaml:5:32: a playbook with an event has no `any`: no message sets it off; name under `where` "
        "the playbook that hears such messages: asked or reported\n");
}

TEST_F(event_playbooks, make_no_offers) {
    write("e.yaml", event("event: first-week, where: {product: [pro]}", first_week_tests, "offer"));
    EXPECT_EQ(checked(),
              "e.yaml:7:5: a playbook with an event makes no offer; help with what they have: choose another "
              "kind\n");
}

TEST_F(event_playbooks, about_messages_name_the_playbook_that_hears_them) {
    write("e.yaml", event("event: fixed", fixed_tests));
    EXPECT_EQ(checked(),
              "e.yaml:5:15: the event fixed needs `where: {reported: ...}`; name the playbook that "
              "hears what was reported\n");
    write("e.yaml", event("event: fixed, where: {reported: bug}", fixed_tests));
    EXPECT_EQ(checked(),
              "e.yaml:5:15: there is no playbook 'bug' that hears messages; did you mean 'bugs'?\n");
    write("e.yaml", event("event: fixed, where: {reported: e}", fixed_tests));
    EXPECT_EQ(checked(),
              "e.yaml:5:15: there is no playbook 'e' that hears messages; name one that is there\n");
}

TEST_F(event_playbooks, about_a_new_answer_cite_one) {
    const std::string tests =
        "  - {event: new-answer, message: a, expect: r}\n  - {event: new-answer, message: b, expect: "
        "nothing}\n";
    write("e.yaml", event("event: new-answer, where: {asked: bugs}", tests));
    EXPECT_EQ(checked(),
              "e.yaml:7:3: the event new-answer needs a reply that cites an answer; add `cites: [ID of "
              "the answer]`\n");
    write("e.yaml", event("event: new-answer, where: {asked: bugs}", tests, "help", ", cites: [reset]"));
    EXPECT_EQ(checked(), "");
}

TEST_F(event_playbooks, of_an_unknown_event_and_where_of_another_are_refused) {
    write("e.yaml", event("event: first-weak, where: {asked: bugs}", first_week_tests));
    const auto all = checked();
    EXPECT_NE(all.find("e.yaml:5:15: `event` cannot be 'first-weak'"), std::string::npos) << all;
    EXPECT_NE(all.find("unknown key 'asked' in where"), std::string::npos) << all;
    write("e.yaml", around("  any:\n    - phrase: c\n  where: {product: [pro]}\n", "e"));
    EXPECT_NE(checked().find("unknown key 'product' in where"), std::string::npos);
}

}  // namespace
}  // namespace kith
