#include "tests/match/folder.hpp"

#include <git2.h>

namespace kith {
namespace {

class loading : public playbook_folder {};

constexpr const char* any_a = "  any:\n    - phrase: a\n";

TEST_F(loading, reads_all_that_a_playbook_and_an_answer_say) {
    write_answer();
    write("p.yaml", R"(
id: p
title: A title
owner: support
status: shadow
when:
  any:
    - phrase: reset my password
    - all: [{phrase: x}, {none: [{regex: '\by\b'}]}]
  none:
    - phrase: wifi
  where: {addressed: true, language: [en, de], author: {bot: true}, platform: [bluesky], account: main}
say:
  - {id: later, kind: handoff, text: {en: Wait., de: Warte.}}
  - {id: steps, kind: help, cites: [reset], text: {en: '{{ answer.reset }}'}}
  - {id: more, kind: ask, text: {en: Well}}
tests:
  - {message: reset my password, expect: steps, language: en-GB}
  - {message: b, expect: nothing}
)");
    const playbook_set set = load();
    ASSERT_EQ(said(), "");
    ASSERT_EQ(set.playbooks.size(), 1U);
    const playbook& p = set.playbooks[0];
    EXPECT_EQ(p.title, "A title");
    EXPECT_EQ(p.status, playbook_status::shadow);
    ASSERT_EQ(p.when.is, trigger::kind::all);
    ASSERT_EQ(p.when.within.size(), 2U);
    EXPECT_EQ(p.when.within[0].is, trigger::kind::any);
    EXPECT_EQ(p.when.within[0].within[0].text, "reset my password");
    EXPECT_EQ(p.when.within[0].within[0].at.line, 8U);
    EXPECT_EQ(p.when.within[0].within[1].within[1].within[0].text, "\\by\\b");
    EXPECT_EQ(p.when.within[1].is, trigger::kind::none);
    EXPECT_EQ(p.where.addressed, true);
    EXPECT_EQ(p.where.bot, true);
    EXPECT_EQ(p.where.languages, (std::vector<std::string>{"en", "de"}));
    EXPECT_EQ(p.where.platforms, std::vector<std::string>{"bluesky"});
    EXPECT_EQ(p.where.accounts, std::vector<std::string>{"main"});
    ASSERT_EQ(p.say.size(), 3U);
    EXPECT_EQ(p.say[0].id, "steps");
    EXPECT_EQ(p.say[1].id, "more");
    EXPECT_EQ(p.say[2].id, "later");
    EXPECT_EQ(p.tests[0].language, "en-GB");
    const answer& a = set.answers.at("reset");
    EXPECT_EQ(a.review_by, std::chrono::year{2027} / 11 / 30);
    EXPECT_EQ(a.text.at("de"), "Zur Seite.");
    EXPECT_EQ(set.find("p"), &set.playbooks[0]);
    EXPECT_EQ(set.find("q"), nullptr);
    EXPECT_EQ(set.commit, "");
}

struct golden {
    const char* name;
    const char* text;  ///< of p.yaml
    const char* says;
};

class playbook_errors : public playbook_folder, public testing::WithParamInterface<golden> {};

TEST_P(playbook_errors, name_the_place_the_fault_and_the_mend) {
    write_answer();
    write("p.yaml", GetParam().text);
    load();
    EXPECT_EQ(said(), GetParam().says);
}

#define HEAD "id: p\ntitle: T\nowner: support\n"
#define WHEN "when: {any: [{phrase: a}]}\n"
#define SAY "say: [{id: steps, kind: ask, text: {en: Well}}]\n"
#define TESTS "tests: [{message: a, expect: steps}, {message: b, expect: nothing}]\n"

INSTANTIATE_TEST_SUITE_P(
    all, playbook_errors,
    testing::Values(
        golden{"nothing_is_wrong", HEAD WHEN SAY TESTS, ""},
        golden{"an_empty_file", "",
               "p.yaml:1:1: playbook must be a map, but is empty; write it as lines of `key: value`\n"},
        golden{"unknown_keys", HEAD WHEN SAY TESTS "titel: x\n",
               "p.yaml:7:1: unknown key 'titel' in playbook; did you mean 'title'?\n"},
        golden{"missing_keys", "title: T\n" WHEN,
               "p.yaml:1:1: playbook has no `id`; add `id: ...`\n"
               "p.yaml:1:1: playbook has no `owner`; add `owner: ...`\n"
               "p.yaml:1:1: playbook has no `say`; add `say: ...`\n"
               "p.yaml:1:1: playbook has no `tests`; add `tests: ...`\n"},
        golden{
            "bad_ids_and_status", "id: Sign In\ntitle: T\nowner: support\nstatus: lvie\n" WHEN SAY TESTS,
            "p.yaml:1:5: 'Sign In' cannot be an id; use lower-case letters, digits and hyphens, at most 64\n"
            "p.yaml:4:9: `status` cannot be 'lvie'; did you mean 'live'? write one of draft, shadow, live, "
            "retired\n"},
        golden{"intents",
               HEAD "when: {any: [{intent: x}, {phrase: a}]}\nintents: {x: {examples: [y]}}\n" SAY TESTS,
               "p.yaml:4:15: `intent` is not available in this version; use phrases and regexes\n"
               "p.yaml:5:10: `intents` is not available in this version; use phrases and regexes under "
               "`when`\n"},
        golden{"bad_triggers",
               HEAD "when:\n  any:\n    - phrase: ' '\n    - phrase:\n    - reset\n    - {phrase: a, regex: "
                    "b}\n    - regexp: a\n"
                    "    - regex: \"\\bx\"\n    - all: []\n    - phrase: [a]\n" SAY TESTS,
               "p.yaml:6:15: this phrase is empty or no text; write the words to look for\n"
               "p.yaml:7:7: this phrase is empty or no text; write the words to look for\n"
               "p.yaml:8:7: this is not one trigger; write `phrase: ...`, `regex: ...`, `any:`, `all:` or "
               "`none:`\n"
               "p.yaml:9:7: this is not one trigger; write `phrase: ...`, `regex: ...`, `any:`, `all:` or "
               "`none:`\n"
               "p.yaml:10:7: unknown trigger 'regexp'; did you mean 'regex'?\n"
               "p.yaml:11:14: this regex holds a control character; use single quotes: within double quotes "
               "YAML reads "
               "\\b as a backspace\n"
               "p.yaml:12:7: `all` must be a list of triggers; write each as `- phrase: ...` on a line of "
               "its own\n"
               "p.yaml:13:15: this phrase is empty or no text; write the words to look for\n"},
        golden{"always_true", HEAD "when: {none: [{phrase: a}]}\n" SAY TESTS,
               "p.yaml:4:7: `when` holds for every message that says nothing of this; name under `any` or "
               "`all` what a "
               "message must say\n"},
        golden{"always_true_in_a_group", HEAD "when: {any: [{phrase: a}, {none: [{phrase: b}]}]}\n" SAY TESTS,
               "p.yaml:4:7: `when` holds for every message that says nothing of this; name under `any` or "
               "`all` what a "
               "message must say\n"},
        golden{"unknown_when",
               HEAD
               "when: {phrase: a, where: {adressed: true, author: {robot: true}, language: [English]}}\n" SAY
                   TESTS,
               "p.yaml:4:76: 'English' is not a language; write its primary tag in lower case, such as en or "
               "de\n"
               "p.yaml:4:52: unknown key 'robot' in author; known here: bot\n"
               "p.yaml:4:27: unknown key 'adressed' in where; did you mean 'addressed'?\n"
               "p.yaml:4:8: unknown key 'phrase' in when; known here: any, all, none, where\n"},
        golden{"help_without_an_answer", HEAD WHEN "say: [{id: steps, kind: help, text: {en: Well}}]\n" TESTS,
               "p.yaml:5:7: a reply of kind help must cite an answer; add `cites: [ID of an answer]`, or "
               "choose another kind\n"},
        golden{"unknown_answers",
               HEAD WHEN "say: [{id: steps, kind: help, cites: [rest, banana], text: {en: Well}}]\n" TESTS,
               "p.yaml:5:38: there is no answer 'rest'; did you mean 'reset'?\n"
               "p.yaml:5:38: there is no answer 'banana'; add it to answers/, or cite one that is there\n"},
        golden{"placeholders",
               HEAD WHEN "say:\n  - {id: steps, kind: ask, text: {en: '{{ contact.nmae }} {{ answer.reset }} "
                         "{{', fr: '}} {{ answer.x }}'}}\n" TESTS,
               "p.yaml:6:39: 'contact.nmae' is not a placeholder; write {{ contact.name }}, or {{ answer.ID "
               "}} with the ID of an answer\n"
               "p.yaml:6:39: '{{' is not a placeholder; write {{ contact.name }}, or {{ answer.ID }} with "
               "the ID of an answer\n"
               "p.yaml:6:39: the answer 'reset' is used here but not cited; add it to `cites`\n"
               "p.yaml:6:87: '}}' is not a placeholder; write {{ contact.name }}, or {{ answer.ID }} with "
               "the ID of an answer\n"
               "p.yaml:6:87: 'answer.x' is not a placeholder; write {{ contact.name }}, or {{ answer.ID }} "
               "with the ID of an answer\n"},
        golden{"bad_replies",
               HEAD WHEN "say:\n  - {id: a, kind: sell, text: {en: x}}\n  - {id: a, kind: ask}\n  - {id: "
                         "nothing, kind: ask, text: {EN: x, de: ''}}\n"
                         "  - {id: b, text: Hello}\n" TESTS,
               "p.yaml:6:19: `kind` cannot be 'sell'; write one of help, ask, thank, handoff, offer\n"
               "p.yaml:6:5: a reply of kind help must cite an answer; add `cites: [ID of an answer]`, or "
               "choose another kind\n"
               "p.yaml:7:5: reply has no `text`; add `text: ...`\n"
               "p.yaml:7:5: a second reply has the id 'a', first in line 6; give each reply its own id\n"
               "p.yaml:8:37: 'EN' is not a language; write its primary tag in lower case, such as en or de\n"
               "p.yaml:8:48: the text in 'de' is empty or no text; write what is to be said\n"
               "p.yaml:8:10: a reply cannot be called 'nothing'; tests use the word for no reply\n"
               "p.yaml:9:5: reply has no `kind`; add `kind: ...`\n"
               "p.yaml:9:5: a reply of kind help must cite an answer; add `cites: [ID of an answer]`, or "
               "choose another kind\n"
               "p.yaml:9:19: `text` must name a language for each text; write `text: {en: ...}`\n"
               "p.yaml:10:30: there is no reply 'steps' to expect; write a reply's id, or nothing\n"},
        golden{"languages_nobody_speaks",
               HEAD "when: {any: [{phrase: a}], where: {language: [en, fr]}}\n" SAY TESTS,
               "p.yaml:5:6: `where` admits the language 'fr', but no reply has a text in it; add a text in "
               "it, or take it out of `where`\n"},
        golden{"an_answer_that_lacks_the_language",
               HEAD WHEN
               "say: [{id: steps, kind: help, cites: [reset], text: {fr: '{{ answer.reset }}'}}]\n" TESTS,
               "p.yaml:5:58: the answer 'reset' has no text in 'fr'; write one in answers/reset.yaml, or "
               "leave this language out\n"},
        golden{"no_test_of_each", HEAD WHEN SAY "tests: [{message: a, expect: steps}]\n",
               "p.yaml:6:8: no test expects nothing; add a message that must not match\n"},
        golden{"no_test_that_matches", HEAD WHEN SAY "tests: [{message: a, expect: nothing}]\n",
               "p.yaml:6:8: no test expects a reply; add a message that must match\n"},
        golden{"bad_tests", HEAD WHEN SAY "tests: [{message: a, expect: stesp}, {expect: nothing}, x]\n",
               "p.yaml:6:30: there is no reply 'stesp' to expect; did you mean 'steps'?\n"
               "p.yaml:6:38: test has no `message`; add `message: ...`\n"
               "p.yaml:6:57: test must be a map, but is a text; write it as lines of `key: value`\n"},
        golden{"not_yaml", HEAD "when: [",
               "p.yaml:4:7: this list is never closed, or lacks a comma; close it with ], and put commas "
               "between its items\n"}),
    [](const auto& one) { return one.param.name; });

TEST_F(loading, complains_about_answers) {
    write("answers/a.yaml",
          "id: a\nowner: o\ntext: {en: 'x {{ contact.name }}'}\nlink: example.com\nreview_by: 2027-02-30\n");
    write("answers/b.yaml", "id: a\nowner: o\ntext: {en: x}\nreview_by: soon\nlnik: x\n");
    write("answers/c.yml", "");
    load();
    EXPECT_EQ(said(),
              "answers/c.yml: is not read: its name does not end in .yaml; rename it\n"
              "answers/a.yaml:3:12: an answer cannot hold {{ or }}; placeholders belong in a reply's text\n"
              "answers/a.yaml:4:7: `link` is not a link; write it as https://...\n"
              "answers/a.yaml:5:12: `review_by` is not a day of the calendar; write year-month-day, such as "
              "2027-11-30\n"
              "answers/b.yaml:4:12: `review_by` is not a day of the calendar; write year-month-day, such as "
              "2027-11-30\n"
              "answers/b.yaml:5:1: unknown key 'lnik' in answer; did you mean 'link'?\n"
              "answers/b.yaml:1:1: a second answer has the id 'a', first in answers/a.yaml; give each its "
              "own id\n");
}

TEST_F(loading, complains_about_the_same_id_in_two_files_and_about_all_files_at_once) {
    write_answer();
    write("a.yaml", around(any_a));
    write("b.yaml", around(any_a));
    write("c.yaml", "'");
    load();
    EXPECT_EQ(said(),
              "b.yaml:1:1: a second playbook has the id 'p', first in a.yaml; give each its own id\n"
              "c.yaml:1:1: this quote is never closed; close it with the same quote\n");
}

TEST_F(loading, does_not_blame_playbooks_for_an_answer_that_cannot_be_read) {
    write("answers/reset.yaml", "id: 'reset");
    write("p.yaml", around(any_a));
    load();
    EXPECT_EQ(said(), "answers/reset.yaml:1:5: this quote is never closed; close it with the same quote\n");
}

TEST_F(loading, complains_about_a_folder_that_is_not_there) {
    load_playbooks(folder_ + "/none", out_);
    EXPECT_EQ(said(), "none: cannot be read: No such file or directory; check the path of the playbooks\n");
}

TEST_F(loading, gives_gits_own_ids_to_files_and_to_the_folder) {
    write_answer();
    write("p.yaml", "a\n");
    ASSERT_EQ(load().commit, "");  // also starts libgit2
    git_repository* repo = nullptr;
    ASSERT_EQ(git_repository_init(&repo, folder_.c_str(), 0), 0);
    git_index* index = nullptr;
    git_oid tree_id, commit_id;
    git_tree* tree = nullptr;
    git_signature* who = nullptr;
    ASSERT_EQ(git_repository_index(&index, repo), 0);
    ASSERT_EQ(git_index_add_bypath(index, "answers/reset.yaml"), 0);
    ASSERT_EQ(git_index_add_bypath(index, "p.yaml"), 0);
    ASSERT_EQ(git_index_write(index), 0);
    ASSERT_EQ(git_index_write_tree(&tree_id, index), 0);
    ASSERT_EQ(git_tree_lookup(&tree, repo, &tree_id), 0);
    ASSERT_EQ(git_signature_new(&who, "Somebody", "somebody@example.com", 1, 0), 0);
    ASSERT_EQ(load().commit, "");  // nothing is committed yet
    ASSERT_EQ(git_commit_create_v(&commit_id, repo, "HEAD", who, who, nullptr, "first", tree, 0), 0);
    char hex[GIT_OID_HEXSZ + 1];
    const std::string head = git_oid_tostr(hex, sizeof hex, &commit_id);
    EXPECT_EQ(load().commit, head);
    write("p.yaml", around(any_a));
    out_ = {};
    const playbook_set changed = load();
    EXPECT_EQ(said(), "");
    EXPECT_EQ(changed.commit, head + "+");
    git_oid blob;
    ASSERT_EQ(git_odb_hashfile(&blob, (folder_ + "/p.yaml").c_str(), GIT_OBJECT_BLOB), 0);
    EXPECT_EQ(changed.playbooks.at(0).revision,
              std::string(git_oid_tostr(hex, sizeof hex, &blob)).substr(0, 12));
    EXPECT_EQ(changed.answers.at("reset").revision.size(), 12U);
    git_signature_free(who);
    git_tree_free(tree);
    git_index_free(index);
    git_repository_free(repo);
}

}  // namespace
}  // namespace kith
