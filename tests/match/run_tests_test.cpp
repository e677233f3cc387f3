#include "tests/match/folder.hpp"

namespace kith {
namespace {

class running_tests : public playbook_folder {
 protected:
    std::string run(const std::string& status, const std::string& where, const std::string& tests) {
        write_answer();
        write("p.yaml",
              "id: p\ntitle: T\nowner: o\nstatus: " + status +
                  "\nwhen:\n  any: [{phrase: password}]\n  none: [{phrase: wifi}]\n" + where +
                  "say:\n  - {id: steps, kind: help, cites: [reset], text: {en: '{{ answer.reset }}'}}\n"
                  "  - {id: bitte, kind: ask, text: {de: Bitte}}\n"
                  "tests:\n" +
                  tests);
        const auto m = compile(load(), out_);
        EXPECT_NE(m, nullptr) << out_.text();
        if (m) run_tests(*m, "en", out_);
        return said();
    }
};

constexpr const char* good =
    "  - {message: my password, expect: steps}\n  - {message: wifi password, expect: nothing}\n"
    "  - {message: password, language: de-AT, expect: bitte}\n";

TEST_F(running_tests, is_silent_when_all_is_as_expected_whatever_the_status_and_the_conditions) {
    for (const char* status : {"live", "draft", "shadow", "retired"})
        EXPECT_EQ(run(status, "", good), "") << status;
    EXPECT_EQ(run("live", "  where: {platform: bluesky, account: a, addressed: false, author: {bot: true}}\n",
                  good),
              "");
}

TEST_F(running_tests, says_what_was_expected_what_came_and_why) {
    EXPECT_EQ(
        run("draft", "",
            "  - {message: nothing like it, expect: steps}\n  - {message: my PASSWORD, expect: nothing}\n"
            "  - {message: wifi password, expect: steps}\n  - {message: password, language: fr, expect: "
            "steps}\n"
            "  - {message: password, language: de, expect: steps}\n"),
        "p.yaml:12:5: the test 'nothing like it' expects steps, but nothing came: none of its triggers is in "
        "the "
        "message; mend the triggers, or the test\n"
        "p.yaml:13:5: the test 'my PASSWORD' expects nothing, but steps came: phrase: password found "
        "'PASSWORD'; "
        "mend the triggers, or the test\n"
        "p.yaml:14:5: the test 'wifi password' expects steps, but nothing came: none: phrase 'wifi' is in "
        "the "
        "message; mend the triggers, or the test\n"
        "p.yaml:15:5: the test 'password' expects steps, but nothing came: phrase: password found "
        "'password', but "
        "p/steps has no text in 'fr', p/bitte has no text in 'fr'; mend the triggers, or the test\n"
        "p.yaml:16:5: the test 'password' expects steps, but bitte came: phrase: password found 'password'; "
        "mend "
        "the triggers, or the test\n");
}

}  // namespace
}  // namespace kith
