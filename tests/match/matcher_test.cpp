#include "daemon/match/matcher.hpp"

#include "daemon/match/fold.hpp"
#include "daemon/match/scanner.hpp"
#include "daemon/match/verifier.hpp"
#include "tests/match/folder.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kith {
namespace {

class matching : public playbook_folder {
 protected:
    /// Compiles one playbook around these lines of `when`.
    void compile_when(const std::string& when) { compile_files({around(when)}); }

    void compile_files(const std::vector<std::string>& files) {
        write_answer();
        for (std::size_t i = 0; i < files.size(); ++i) write("p" + std::to_string(i) + ".yaml", files[i]);
        playbook_set set = load();
        ASSERT_EQ(said(), "");
        matcher_ = compile(std::move(set), out_);
    }
    void compile_phrase(const std::string& phrase) {
        compile_when("  any: [{phrase: \"" + phrase + "\"}]\n");
    }
    void compile_regex(const std::string& regex) { compile_when("  any:\n    - regex: '" + regex + "'\n"); }

    std::vector<match> find(const message& m) const {
        if (!matcher_) throw std::runtime_error("nothing was compiled");  // ends the test
        return matcher_->find({"main", "bluesky", &m});
    }

    /// The words that set the only playbook off, or "-".
    std::string found(const std::string& text) const {
        message m;
        m.text = text;
        const auto all = find(m);
        if (all.empty() || !all[0].matched) return "-";
        const evidence& e = all[0].because.at(0);
        EXPECT_EQ(cut(std::string_view(text).substr(e.where.begin, e.where.end - e.where.begin), 200),
                  e.words);
        return e.words;
    }

    std::string why_not(const message& m) const {
        const auto all = find(m);
        if (all.empty()) return "no trigger";
        std::string out;
        for (const std::string& b : all[0].but) out += (out.empty() ? "" : ", ") + b;
        EXPECT_NE(all[0].matched, !out.empty());
        return out;
    }

    std::shared_ptr<const matcher> matcher_;
};

TEST_F(matching, finds_whole_words_however_they_are_written) {
    compile_phrase("reset my password");
    EXPECT_EQ(found("Please RESET  my\nＰassword!"), "RESET  my\nＰassword");
    EXPECT_EQ(found("(reset my password)"), "reset my password");
    EXPECT_EQ(found("preset my password"), "-");
    EXPECT_EQ(found("reset my passwords"), "-");
    EXPECT_EQ(found("preset my password, so reset my password"), "reset my password");
    EXPECT_EQ(found(""), "-");
}

TEST_F(matching, does_not_care_about_accents_apostrophes_and_invisible_characters) {
    compile_phrase("can't réinitialiser");
    EXPECT_EQ(found("I can’t reinitialiser"), "can’t reinitialiser");
    EXPECT_EQ(found("CAN'T RE\u0301INI\u200BTIALISER it"), "CAN'T RE\u0301INI\u200BTIALISER");
    compile_phrase("straße");
    EXPECT_EQ(found("In der STRASSE"), "STRASSE");
    compile_phrase("ordinateur");
    EXPECT_EQ(found("l’ordinateur est lent"), "ordinateur");
    compile_phrase("can");
    EXPECT_EQ(found("I can’t"), "-");
    compile_phrase("👍");
    EXPECT_EQ(found("ok 👍🏽!"), "👍");
}

TEST_F(matching, finds_words_in_scripts_without_spaces_and_in_those_with_marks) {
    struct {
        const char* phrase;
        const char* in;
        const char* not_in;
    } const scripts[] = {{"密码", "我忘记了密码怎么办", "密集的码头"},
                         {"パスワード", "ﾊﾟｽﾜｰﾄﾞを忘れました", "パスワ"},
                         {"รหัสผ่าน", "ฉันลืมรหัสผ่านแล้ว", "รหัส"},
                         {"كلمة المرور", "نسيت كَلِمَة المرور الخاصة بي", "كلمة المرورية"},
                         {"पासवर्ड", "मैं अपना पासवर्ड भूल गया", "पासवर्डों"},
                         {"비밀번호", "비밀번호 잊었어요", "비밀번호를"},
                         {"סיסמה", "שכחתי סִיסמה", "סיסמהות"},
                         {"пароль", "Забыл ПАРОЛЬ!", "парольный"}};
    for (const auto& s : scripts) {
        compile_phrase(s.phrase);
        EXPECT_NE(found(s.in), "-") << s.phrase;
        EXPECT_EQ(found(s.not_in), "-") << s.phrase;
    }
}

TEST_F(matching, takes_regexes_as_their_author_means_them) {
    compile_regex(R"(\block(ed)? out\b)");
    EXPECT_EQ(found("I'm Locked  Out."), "Locked  Out");
    EXPECT_EQ(found("blocked out"), "-");
    EXPECT_EQ(found("blocked out, then lock out"), "lock out");
    compile_regex("für (mich|dich)");
    EXPECT_EQ(found("FÜR DICH"), "FÜR DICH");
    EXPECT_EQ(found("Fur mich"), "Fur mich");
    compile_regex("^thanks$");
    EXPECT_EQ(found(" Thanks\n"), "Thanks");
    EXPECT_EQ(found("thanks a lot"), "-");
    compile_regex("pass.{0,3}wort");
    EXPECT_EQ(found("das Pass日日日wort"), "Pass日日日wort");
    compile_regex("can''t log ?in");
    EXPECT_EQ(found("can’t login"), "can’t login");
    compile_regex(R"(\d{3}-\d{4})");
    EXPECT_EQ(found("call ５５５–1234"), "５５５–1234");
}

struct refused {
    const char* regex;
    const char* says;
};

TEST_F(matching, refuses_regexes_that_are_not_linear_or_match_nothing_at_their_place) {
    constexpr const char* mend =
        "; write it without look-around, back-references, possessive or large repeats, and so "
        "that it needs at least one character\n";
    const refused all[] = {{"a(?=b)", "this regex cannot be used: Zero-width assertions are not supported"},
                           {R"((a)\1)", "this regex cannot be used: Back-references are unsupported"},
                           {"a*", "this regex cannot be used: it matches the empty text"},
                           {R"(\b)", "this regex cannot be used: it matches the empty text"},
                           {"^$", "this regex cannot be used: it matches the empty text"},
                           {"a++", "this regex cannot be used: Possessive quantifiers are not supported"},
                           {"x{1,40000}", "this regex cannot be used: Bounded repeat is too large"}};
    for (const refused& r : all) {
        compile_when("  any:\n    - phrase: ok\n    - regex: '" + std::string(r.regex) + "'\n");
        EXPECT_EQ(matcher_, nullptr);
        EXPECT_EQ(said(), "p0.yaml:8:14: " + std::string(r.says) + mend);
    }
    compile_when("  any:\n    - phrase: '?!'\n    - regex: '(a'\n    - regex: '[ß]'\n    - regex: 'a*'\n");
    EXPECT_EQ(
        said(),
        "p0.yaml:7:15: the phrase '?!' holds no word; write the words to look for\n"
        "p0.yaml:8:14: this is no regex: missing closing parenthesis; correct it; try it in single quotes\n"
        "p0.yaml:9:14: this regex cannot be used: a character in [...] is read as 'ss', which is more "
        "than one; write it as (?:...|...) outside of [...]\n"
        "p0.yaml:10:14: this regex cannot be used: it matches the empty text" +
            std::string(mend));
}

TEST_F(matching, combines_triggers_and_says_what_stopped_a_near_miss) {
    compile_when(
        "  any: [{phrase: password}, {all: [{phrase: log}, {phrase: in}]}]\n"
        "  all: [{any: [{phrase: my}, {phrase: our}]}]\n"
        "  none: [{phrase: wifi password}, {all: [{phrase: guest}, {phrase: network}]}]\n");
    message m;
    m.text = "my password";
    EXPECT_EQ(why_not(m), "");
    m.text = "log in to my page";
    EXPECT_EQ(why_not(m), "");
    m.text = "the password";
    EXPECT_EQ(why_not(m), "any: nothing of the `any` in line 7 is in the message");
    m.text = "my wifi password for the guest network";
    EXPECT_EQ(why_not(m), "none: phrase 'wifi password' is in the message, none: the `all` in line 8 holds");
    m.text = "my guest log";
    EXPECT_EQ(why_not(m), "any: nothing of the `any` in line 6 is in the message");
    m.text = "guest network";
    EXPECT_EQ(why_not(m), "no trigger");
    m.text = "wifi";
    EXPECT_EQ(why_not(m), "no trigger");
}

TEST_F(matching, gives_evidence_in_the_order_of_the_file_and_not_without_end) {
    std::string when = "  any:\n    - regex: '\\bp.*'\n";
    for (int i = 0; i < 20; ++i) when += "    - phrase: w" + std::to_string(i) + "\n";
    compile_when(when);
    message m;
    for (int i = 19; i >= 0; --i) m.text += "w" + std::to_string(i) + " ";
    m.text += "p" + std::string(10'000, 'x');
    const auto all = find(m);
    ASSERT_EQ(all.size(), 1U);
    ASSERT_EQ(all[0].because.size(), 8U);
    EXPECT_EQ(all[0].because[0].trigger, "regex: \\bp.*");
    EXPECT_EQ(all[0].because[0].words.size(), 200U);
    EXPECT_EQ(all[0].because[0].where.end, m.text.size());
    EXPECT_EQ(all[0].because[1].trigger, "phrase: w0");
}

TEST_F(matching, minds_where_a_message_stands) {
    compile_when(
        "  any: [{phrase: a}]\n"
        "  where: {addressed: true, language: [en, de], platform: [bluesky], account: [main]}\n");
    message m;
    m.text = "a";
    m.addressed = true;
    for (const char* language : {"", "und", "en", "EN-gb", "de_AT"}) {
        m.language = language;
        EXPECT_EQ(why_not(m), "") << language;
    }
    m.language = "fr-CA";
    m.addressed = false;
    m.author.bot = true;
    EXPECT_EQ(why_not(m),
              "where.addressed: the message is not to us, where.author.bot: the author is a bot, "
              "where.language: the message is in 'fr'");
    m.language = "";
    m.addressed = true;
    m.author.bot = false;
    const auto elsewhere = matcher_->find({"other", "mastodon", &m});
    ASSERT_EQ(elsewhere.size(), 1U);
    EXPECT_EQ(elsewhere[0].but, (std::vector<std::string>{"where.platform: the message is on 'mastodon'",
                                                          "where.account: the message came to 'other'"}));
    m.ours = true;
    EXPECT_TRUE(find(m).empty());
}

TEST_F(matching, leaves_bots_alone_unless_it_is_told_otherwise) {
    compile_when("  any: [{phrase: a}]\n  where: {author: {bot: true}, addressed: false}\n");
    message m;
    m.text = "a";
    m.author.bot = true;
    EXPECT_EQ(why_not(m), "");
    m.author.bot = false;
    m.addressed = true;
    EXPECT_EQ(why_not(m), "where.addressed: the message is to us, where.author.bot: the author is no bot");
}

TEST_F(matching, puts_matches_in_the_order_of_the_set_before_near_misses_and_leaves_out_what_is_retired) {
    const auto with = [](const std::string& id, const std::string& status, const std::string& when) {
        std::string text = around(when, id);
        return text.replace(text.find("live"), 4, status);
    };
    compile_files({with("one", "live", "  all: [{phrase: a}, {phrase: z}]\n"),
                   with("two", "shadow", "  any: [{phrase: a}]\n"),
                   with("three", "retired", "  any: [{phrase: a}]\n"),
                   with("four", "draft", "  any: [{phrase: a}, {phrase: b}]\n")});
    message m;
    m.text = "a b";
    const auto all = find(m);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].playbook, "two");
    EXPECT_EQ(all[0].status, playbook_status::shadow);
    EXPECT_TRUE(all[0].matched);
    EXPECT_EQ(all[0].revision.size(), 12U);
    EXPECT_EQ(all[1].playbook, "four");
    EXPECT_EQ(all[1].because.size(), 2U);
    EXPECT_EQ(all[2].playbook, "one");
    EXPECT_EQ(all[2].but, std::vector<std::string>{"all: phrase 'z' is not in the message"});
}

TEST_F(matching, looks_at_the_first_64_kib_of_a_text_and_never_splits_a_character) {
    compile_phrase("needle");
    const std::size_t most = 64 << 10;
    EXPECT_EQ(found(std::string(most - 7, 'x') + " needle"), "needle");
    EXPECT_EQ(found(std::string(most, ' ') + " needle"), "-");
    compile_phrase("xé");
    EXPECT_EQ(found(std::string(most - 3, ' ') + "xé"), "xé");
    EXPECT_EQ(found(std::string(most - 2, ' ') + "xé"), "-");
}

TEST_F(matching, works_without_any_playbook) {
    matcher_ = compile({}, out_);
    ASSERT_NE(matcher_, nullptr);
    EXPECT_EQ(found("anything"), "-");
}

TEST_F(matching, survives_any_bytes_and_gives_spans_within_them) {
    compile_when(
        "  any:\n    - phrase: a b\n    - phrase: é\n    - phrase: ไทย\n    - regex: '[a-z]+\\b.'\n    - "
        "regex: 'ss'\n"
        "  none:\n    - phrase: z\n");
    std::mt19937 random(3);  // NOLINT: the same on every run
    const std::string_view likely[] = {"a",    "b",        " ", "é", "ß",      "ไทย", "\u0301",
                                       "\xFF", "\xE0\xB9", "'", "z", "\u3000", "😀"};
    std::size_t matched = 0;
    for (int round = 0; round < 20'000; ++round) {
        message m;
        for (std::size_t n = random() % 12; n > 0; --n)
            m.text += random() % 10 == 0 ? std::string(1, static_cast<char>(random()))
                                         : std::string(likely[random() % std::size(likely)]);
        for (const match& one : find(m)) {
            matched += one.matched ? 1 : 0;
            for (const evidence& e : one.because) {
                ASSERT_LT(e.where.begin, e.where.end);
                ASSERT_LE(e.where.end, m.text.size());
                ASSERT_EQ(m.text.substr(e.where.begin, e.where.end - e.where.begin), e.words);
            }
        }
    }
    EXPECT_GT(matched, 1'000U);
}

// ---- time

/// Steps that one regex takes on a text.
std::size_t work(const std::string& regex, const std::string& text, verifier::outcome& came) {
    verifier v;
    std::string why;
    const auto number = v.add(regex, why);
    EXPECT_TRUE(number) << why;
    allowance steps(text.size());
    const std::size_t before = steps.left();
    span where;
    came = v.find(*number, text, steps, where);
    return before - steps.left();
}

TEST(verifying, takes_linear_work_on_what_makes_backtracking_explode) {
    struct {
        const char* regex;
        const char* unit;
    } const hostile[] = {{"(a|a)*b\\b", "a"},          {"(a+)+b\\b", "a"},
                         {"(?:a?){20}a{20}b\\b", "a"}, {"(x+x+)+y\\b", "x"},
                         {".*.*.*=\\b", "a"},          {"\\b(\\w+ ?)+!", "a "},
                         {"[^x]*x\\b1", "a"},          {"(.*)(.*)(.*)(.*)c\\b", "ab"}};
    for (const auto& h : hostile) {
        const auto text = [&](std::size_t n) {
            std::string t;
            while (t.size() < n) t += h.unit;
            return t;
        };
        verifier::outcome came{};
        const std::size_t once = work(h.regex, text(2'000), came);
        const std::size_t eight = work(h.regex, text(16'000), came);
        EXPECT_LE(eight, 20'000U + 100U * 16'000U) << h.regex;
        EXPECT_LE(static_cast<double>(eight), 9.0 * static_cast<double>(once) + 1'000.0) << h.regex;
        EXPECT_NE(came, verifier::outcome::present) << h.regex;
    }
}

TEST(verifying, gives_right_answers_where_backtracking_alone_would_not_end) {
    verifier::outcome came{};
    work("(?:a?){25}a{25}\\b", std::string(25, 'a'), came);
    EXPECT_EQ(came, verifier::outcome::present);
    work("(a|a)*b\\b", std::string(40, 'a') + "c", came);
    EXPECT_EQ(came, verifier::outcome::absent);
    work("(a|a)*b\\b", std::string(40, 'a') + "b", came);
    EXPECT_EQ(came, verifier::outcome::present);
}

TEST_F(matching, answers_hostile_text_by_the_scan_alone_where_that_is_exact) {
    compile_regex("(a|aa)*(a|aa)*c.*=");
    EXPECT_EQ(found(std::string(5'000, 'a') + "b"), "-");
    // Neither way ends within the allowance; only a sound scan knows. Word boundaries it does not know.
    const std::string text = std::string(3'000, 'a') + "-ac=";
    compile_regex("(a|aa)+(a|aa)*c=");
    EXPECT_EQ(found(text) == "-", !scanner_is_sound());
    compile_regex("(a|aa)+(a|aa)*c\\b=");
    EXPECT_EQ(found(text), "-");
    EXPECT_EQ(found("ac="), "ac=");
}

/// What many regexes find must not depend on the engine that scans for them.
TEST_F(matching, finds_with_many_regexes_at_once_what_each_finds_alone) {
    const std::vector<std::string> regexes{"p",        "p.?",       "p.*",    "p[a-z]",    "down",
                                           R"(a\s\w)", "b[^a]",     "x(ed)?", "i.{0,10}b", "[abc]+",
                                           R"(\d)",    R"(\bmy\b)", "für",    "日"};
    std::string when = "  any:\n";
    for (const std::string& r : regexes) when += "    - any: [{regex: '" + r + "'}]\n";
    compile_when(when);
    std::map<std::string, std::size_t> alone;
    verifier exact;
    for (const std::string& r : regexes) {
        std::string why;
        const auto number = exact.add(r == "für" ? "fur" : r, why);
        ASSERT_TRUE(number) << why;
        alone.emplace("regex: " + r, *number);
    }
    std::mt19937 random(5);  // NOLINT: the same on every run
    const std::string_view words[] = {"p",    "down", "a b",   "b", "x", "my", "fur",
                                      "日本", "7",    "-----", ".", " ", "zz"};
    for (int round = 0; round < 3'000; ++round) {
        message m;
        for (std::size_t n = random() % 40; n > 0; --n)
            m.text += words[random() % (round % 2 == 0 ? 13 : 4) + (round % 2 == 0 ? 0 : 9)];
        const std::string folded = fold(m.text).text;
        std::size_t expected = 0;
        for (const auto& [name, number] : alone) {
            allowance steps(folded.size());
            span where;
            expected += exact.find(number, folded, steps, where) == verifier::outcome::present ? 1 : 0;
        }
        const auto all = find(m);
        const std::size_t came = all.empty() ? 0 : all[0].because.size();
        ASSERT_EQ(came, std::min<std::size_t>(expected, 8)) << m.text;
    }
}

}  // namespace
}  // namespace kith
