#include "daemon/suggest/suggest.hpp"

#include "daemon/suggest/placeholder.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

class suggesting : public testing::Test {
 protected:
    suggesting() {
        add_answer("reset", {{"en", "Go here."}, {"de", "Hier entlang."}}, "https://example.com/reset", 2027);
        add_answer("inline", {{"en", "See https://example.com/x for more.\n"}}, "https://example.com/x",
                   2027);
        add_answer("old", {{"en", "Old."}}, "", 2026);
        m_.author.display_name = "Ada";
    }

    void add_answer(const std::string& id, std::map<std::string, std::string> text, const std::string& link,
                    int year) {
        answer a;
        a.id = id;
        a.text = std::move(text);
        a.link = link;
        a.revision = "rev-" + id;
        a.review_by = std::chrono::year{year} / 1 / 1;
        set_.answers.emplace(id, a);
    }

    playbook& add_playbook(const std::string& id, std::vector<reply> say) {
        playbook p;
        p.id = id;
        p.owner = "support";
        p.revision = "rev";
        p.status = playbook_status::live;
        p.say = std::move(say);
        set_.playbooks.push_back(std::move(p));
        return set_.playbooks.back();
    }

    static reply say(const std::string& id, reply_kind kind, std::map<std::string, std::string> text,
                     std::vector<std::string> cites = {}) {
        reply r;
        r.id = id;
        r.kind = kind;
        r.text = std::move(text);
        r.cites = std::move(cites);
        return r;
    }

    static match hit(const std::string& id, bool matched = true,
                     playbook_status status = playbook_status::live) {
        match one;
        one.playbook = id;
        one.matched = matched;
        one.status = status;
        one.because.push_back({"phrase: a", "a", {0, 1}});
        return one;
    }

    suggested suggest_at(const char* day, const std::vector<match>& hits) const {
        return suggest(m_, hits, set_, "en", *from_rfc3339(std::string(day) + "T12:00:00Z"));
    }

    std::string rendered(const std::string& text, const std::string& language = "en") const {
        return render(text, m_, set_, language);
    }
    std::string named(const std::string& name, const std::string& language = "en") {
        m_.author.display_name = name;
        return rendered("Hi {{ contact.name }}!", language);
    }

    playbook_set set_;
    message m_;
};

TEST_F(suggesting, ranks_by_kind_and_keeps_the_order_of_the_playbooks) {
    add_playbook("one", {say("wait", reply_kind::handoff, {{"en", "w"}}),
                         say("buy", reply_kind::offer, {{"en", "b"}})});
    add_playbook("two", {say("steps", reply_kind::help, {{"en", "{{ answer.reset }}"}}, {"reset"}),
                         say("pass", reply_kind::handoff, {{"en", "p"}})});
    add_playbook("three",
                 {say("what", reply_kind::ask, {{"en", "q"}}), say("thx", reply_kind::thank, {{"en", "t"}})});
    const suggested s = suggest_at("2026-11-23", {hit("one"), hit("two"), hit("three")});
    std::string order;
    for (const candidate& c : s.candidates) order += c.playbook + "/" + c.reply + " ";
    EXPECT_EQ(order, "two/steps three/what three/thx one/wait two/pass one/buy ");
    const candidate& first = s.candidates[0];
    EXPECT_EQ(first.text, "Go here. https://example.com/reset");
    EXPECT_EQ(first.cites, std::vector<std::string>{"reset@rev-reset"});
    EXPECT_EQ(first.owner, "support");
    EXPECT_EQ(first.revision, "rev");
    EXPECT_EQ(first.language, "en");
    EXPECT_EQ(first.because[0].trigger, "phrase: a");
    EXPECT_TRUE(s.left_out.empty());
}

TEST_F(suggesting, gives_nothing_for_near_misses_and_for_what_is_not_live) {
    add_playbook("p", {say("r", reply_kind::ask, {{"en", "x"}})});
    const suggested s = suggest_at("2026-11-23", {hit("p", false), hit("p", true, playbook_status::shadow),
                                                  hit("p", true, playbook_status::draft),
                                                  hit("p", true, playbook_status::retired), hit("gone")});
    EXPECT_TRUE(s.candidates.empty());
    EXPECT_TRUE(s.left_out.empty());
}

TEST_F(suggesting, leaves_out_answers_from_the_day_after_their_review_and_says_so) {
    add_playbook("p", {say("r", reply_kind::help, {{"en", "{{ answer.old }}"}}, {"old"})});
    EXPECT_EQ(suggest_at("2026-01-01", {hit("p")}).candidates.size(), 1U);
    const suggested s = suggest_at("2026-01-02", {hit("p")});
    EXPECT_TRUE(s.candidates.empty());
    EXPECT_EQ(s.left_out, std::vector<std::string>{"p/r cites old, past its review_by 2026-01-01"});
}

TEST_F(suggesting, answers_in_the_language_of_the_message_or_the_houses_where_it_is_unknown) {
    add_playbook("p", {say("r", reply_kind::ask, {{"en", "x"}, {"de", "y"}}),
                       say("s", reply_kind::ask, {{"en", "z"}})});
    m_.language = "de-AT";
    suggested s = suggest_at("2026-11-23", {hit("p")});
    ASSERT_EQ(s.candidates.size(), 1U);
    EXPECT_EQ(s.candidates[0].text, "y");
    EXPECT_EQ(s.left_out, std::vector<std::string>{"p/s has no text in 'de'"});
    for (const char* unknown : {"", "und", "zxx-not a tag"}) {
        m_.language = unknown;
        s = suggest_at("2026-11-23", {hit("p")});
        EXPECT_EQ(s.candidates.size(), m_.language.starts_with("zxx") ? 0U : 2U) << unknown;
    }
}

TEST_F(suggesting, fills_placeholders_with_text_that_is_never_read_again) {
    EXPECT_EQ(rendered("Hi {{contact.name}}. {{  answer.reset  }} Bye."),
              "Hi Ada. Go here. https://example.com/reset Bye.");
    EXPECT_EQ(rendered("{{ answer.inline }}"), "See https://example.com/x for more.");
    EXPECT_EQ(rendered("{{ answer.reset }}", "de"), "Hier entlang. https://example.com/reset");
    EXPECT_EQ(named("{{ answer.reset }}"), "Hi there!");
    EXPECT_EQ(named("{{ contact.name"), "Hi there!");
    m_.text = "{{ answer.reset }}";
    m_.author.handle = "{{ answer.reset }}";
    EXPECT_EQ(rendered("Hello"), "Hello");
}

TEST_F(suggesting, never_lets_braces_out) {
    for (const char* text :
         {"{{ nobody }}", "{{", "}}", "a {{ b {{ contact.name }} }}", "{{ answer.none }}", "{{}}"}) {
        const std::string out = rendered(text);
        EXPECT_EQ(out.find("{{"), std::string::npos) << text;
        EXPECT_EQ(out.find("}}"), std::string::npos) << text;
    }
    EXPECT_EQ(rendered("{a} }{"), "{a} }{");
}

TEST_F(suggesting, calls_a_contact_by_name_only_where_the_name_is_one) {
    EXPECT_EQ(named("Ada Lovelace"), "Hi Ada Lovelace!");
    EXPECT_EQ(named("  Dr. J.R. Müller-Weiß 👩‍💻 "), "Hi Dr. J.R. Müller-Weiß 👩‍💻!");
    EXPECT_EQ(named("山田太郎"), "Hi 山田太郎!");
    for (const char* name :
         {"", "   ", "buy at example.com", "https://x", "www.x", "@everyone", "a＠b", "ex．com．au",
          "two\nlines", "tab\there", "bell\x07", "\u202Eevil", "\xFF\xFE", "<b>x</b>", "zero\u200Bwidth",
          "z\u0301\u0301\u0301\u0301\u0301\u0301", "line\u2028break"})
        EXPECT_EQ(named(name), "Hi there!") << name;
    EXPECT_EQ(named("@x", "de"), "Hi!");
    EXPECT_EQ(named(std::string(50, 'x')), "Hi " + std::string(40, 'x') + "!");
    EXPECT_EQ(named(std::string(39, 'x') + " yy"), "Hi " + std::string(39, 'x') + "!");
    std::string accents;
    for (int i = 0; i < 50; ++i) accents += "e\u0301";
    EXPECT_EQ(named(accents), "Hi " + accents.substr(0, std::size_t{40} * 3) + "!");
}

TEST_F(suggesting, knows_which_placeholders_do_not_exist) {
    EXPECT_TRUE(unknown_placeholders("Hi {{ contact.name }}, {{ answer.reset }} {x}", set_).empty());
    EXPECT_EQ(unknown_placeholders("{{ contact.mail }} {{ answer.no }} {{ {{ answer.reset }} }}", set_),
              (std::vector<std::string>{"contact.mail", "answer.no", "{{", "}}"}));
}

}  // namespace
}  // namespace kith
