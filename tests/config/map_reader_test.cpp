#include "daemon/config/yaml.hpp"

#include <gtest/gtest.h>

namespace kith::yaml {
namespace {

using namespace std::chrono_literals;

class reader : public testing::Test {
 protected:
    map_reader& read(std::string_view text) {
        map_ = parse(text, "f.yaml", out_);
        reader_ = std::make_unique<map_reader>(map_, "f.yaml", "account", out_);
        return *reader_;
    }
    std::string said() const { return out_.text(); }

 private:
    findings out_;
    node map_;
    std::unique_ptr<map_reader> reader_;
};

TEST_F(reader, gives_what_is_there_and_the_default_for_what_is_not) {
    map_reader& r = read("name: n\non: true\ncount: -7\nwait: 5m\nlist: [a, 'b']\none: x\nmode: slow\n");
    EXPECT_EQ(r.need_text("name"), "n");
    EXPECT_EQ(r.text("other", "d"), "d");
    EXPECT_TRUE(r.flag("on", false));
    EXPECT_TRUE(r.flag("off", true));
    EXPECT_EQ(r.number("count", 0, -10, 10), -7);
    EXPECT_EQ(r.number("none", 3, 0, 1), 3);
    EXPECT_EQ(r.duration("wait", 1s, 0s, 1h), 5min);
    EXPECT_EQ(r.texts("list"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(r.texts("one"), (std::vector<std::string>{"x"}));
    EXPECT_EQ(r.choice("mode", {"fast", "slow"}, 0), 1U);
    EXPECT_EQ(r.take("nothing"), nullptr);
    EXPECT_EQ(r.at("on").line, 2U);
    EXPECT_TRUE(r.has("wait"));
    r.done();
    EXPECT_EQ(said(), "");
}

TEST_F(reader, names_unknown_keys_and_the_nearest_known) {
    map_reader& r = read("nmae: x\nzebra: y\n");
    r.text("name");
    r.text("wait");
    r.done();
    EXPECT_EQ(said(),
              "f.yaml:1:1: unknown key 'nmae' in account; did you mean 'name'?\n"
              "f.yaml:2:1: unknown key 'zebra' in account; known here: name, wait\n");
}

TEST_F(reader, complains_about_what_is_missing_empty_or_of_the_wrong_kind) {
    map_reader& r = read("a: ''\nb:\nc: [x]\nd: {e: 1}\nf: [[x]]\n");
    r.need_text("name");
    r.need_text("a");
    r.text("b");
    r.text("c");
    r.texts("d");
    r.texts("f");
    r.done();
    EXPECT_EQ(said(),
              "f.yaml:1:1: account has no `name`; add `name: ...`\n"
              "f.yaml:1:4: `a` is empty; give it a text\n"
              "f.yaml:2:1: `b` must be a text, but is empty; give it a text, or remove the key\n"
              "f.yaml:3:4: `c` must be a text, but is a list; write one text\n"
              "f.yaml:4:4: `d` must be a list of texts, but is a map; write it as [one, two]\n"
              "f.yaml:5:5: an item of `f` must be a text, but is a list; write one text\n");
}

TEST_F(reader, reads_numbers_in_decimal_only) {
    map_reader& r = read("a: 010\nb: 0x1f\nc: 11\nd: '5'\ne: 1.5\nf: 99999999999999999999\ng: +5\nh: 0\n");
    for (const char* key : {"a", "b", "c", "d", "e", "f", "g"}) EXPECT_EQ(r.number(key, 4, 0, 10), 4) << key;
    EXPECT_EQ(r.number("h", 4, 0, 10), 0);
    const std::string mend =
        "; write a whole number from 0 to 10, in decimal digits, without quotes or leading zeros\n";
    EXPECT_EQ(said(),
              "f.yaml:1:4: `a` must be a number, but is '010'" + mend +
                  "f.yaml:2:4: `b` must be a number, but is '0x1f'" + mend +
                  "f.yaml:3:4: `c` is 11, which is out of range; write a whole number from 0 to 10\n" +
                  "f.yaml:4:4: `d` must be a number, but is '5'" + mend +
                  "f.yaml:5:4: `e` must be a number, but is '1.5'" + mend +
                  "f.yaml:6:4: `f` must be a number, but is '99999999999999999999'" + mend +
                  "f.yaml:7:4: `g` must be a number, but is '+5'" + mend);
}

TEST_F(reader, reads_durations_with_their_unit_and_within_their_range) {
    map_reader& r = read("a: 250ms\nb: 2h\nc: 7d\nd: 30\ne: 1 s\nf: 0s\ng: 99999999999999999d\nh: -1s\n");
    EXPECT_EQ(r.duration("a", 1s, 0s, 1h), 250ms);
    EXPECT_EQ(r.duration("b", 1s, 0s, 24h), 2h);
    EXPECT_EQ(r.duration("c", 1s, 0s, 240h), 168h);
    for (const char* key : {"d", "e", "f", "g", "h"}) EXPECT_EQ(r.duration(key, 1s, 500ms, 1h), 1s) << key;
    const std::string mend = "; write a number and ms, s, m, h or d, such as 30s, from 500ms to 1h\n";
    EXPECT_EQ(said(), "f.yaml:4:4: `d` must be a duration, but is '30'" + mend +
                          "f.yaml:5:4: `e` must be a duration, but is '1 s'" + mend +
                          "f.yaml:6:4: `f` is 0s, which is out of range; write a duration from 500ms to 1h\n"
                          "f.yaml:7:4: `g` is 99999999999999999d, which is out of range; write a duration "
                          "from 500ms to 1h\n"
                          "f.yaml:8:4: `h` must be a duration, but is '-1s'" +
                          mend);
}

TEST_F(reader, takes_only_true_and_false_for_flags_and_only_the_words_of_a_choice) {
    map_reader& r = read("a: yes\nb: 'true'\nc: lvie\nd: x\n");
    EXPECT_TRUE(r.flag("a", true));
    EXPECT_FALSE(r.flag("b", false));
    EXPECT_EQ(r.choice("c", {"draft", "live"}, 0), 0U);
    EXPECT_EQ(r.choice("d", {"draft", "live"}, 1), 1U);
    EXPECT_EQ(said(),
              "f.yaml:1:4: `a` must be true or false; write true or false, without quotes\n"
              "f.yaml:2:4: `b` must be true or false; write true or false, without quotes\n"
              "f.yaml:3:4: `c` cannot be 'lvie'; did you mean 'live'? write one of draft, live\n"
              "f.yaml:4:4: `d` cannot be 'x'; write one of draft, live\n");
}

TEST_F(reader, complains_about_what_is_no_map_once) {
    map_reader& r = read("- a\n");
    r.need_text("name");
    r.done();
    EXPECT_EQ(said(),
              "f.yaml:1:1: account must be a map, but is a list; write it as lines of `key: value`\n");
}

TEST_F(reader, is_silent_about_what_could_not_be_parsed) {
    map_reader& r = read("a: 1\na: 2\n");
    r.need_text("name");
    r.done();
    EXPECT_EQ(said(),
              "f.yaml:2:1: the key 'a' stands here a second time, first in line 1; keep one of them\n");
}

TEST(nearest, finds_slips_of_the_pen_only) {
    const std::vector<std::string> known{"phrase", "regex", "any", "all", "none"};
    EXPECT_EQ(nearest("phrases", known), "phrase");
    EXPECT_EQ(nearest("regexp", known), "regex");
    EXPECT_EQ(nearest("nay", known), "any");
    EXPECT_EQ(nearest("banana", known), "");
    EXPECT_EQ(nearest("", known), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}

}  // namespace
}  // namespace kith::yaml
