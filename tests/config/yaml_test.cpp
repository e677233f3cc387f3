#include "daemon/config/yaml.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

namespace kith::yaml {
namespace {

std::string repeated(const std::string& unit, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += unit;
    return out;
}

/// The findings of a text, one a line; empty: it was accepted.
std::string faults(std::string_view text, const limits& within = {}) {
    findings out;
    const node n = parse(text, "f.yaml", out, within);
    if (!out.empty()) {
        EXPECT_EQ(n.is, node::kind::null);
    }
    return out.text();
}

TEST(yaml, gives_a_tree_in_the_order_of_the_file_with_places_in_characters) {
    findings out;
    const node n = parse(
        "\xEF\xBB\xBF"
        "é: {ü: 'x', b: [010, \"ä\", ~]}\r\nz:\r\n  - |\r\n    two\r\n    lines\r\n",
        "f", out);
    ASSERT_TRUE(out.empty()) << out.text();
    ASSERT_EQ(n.is, node::kind::map);
    ASSERT_EQ(n.entries.size(), 2U);
    EXPECT_EQ(n.entries[0].key.scalar, "é");
    const node& in = n.entries[0].value;
    EXPECT_EQ(in.entries[0].value.scalar, "x");
    EXPECT_TRUE(in.entries[0].value.quoted);
    EXPECT_EQ(in.entries[0].value.at.line, 1U);
    EXPECT_EQ(in.entries[0].value.at.column, 8U);
    const node& list = in.entries[1].value;
    EXPECT_EQ(list.items[0].scalar, "010");
    EXPECT_FALSE(list.items[0].quoted);
    EXPECT_EQ(list.items[1].scalar, "ä");
    EXPECT_EQ(list.items[1].at.column, 22U);
    EXPECT_EQ(list.items[2].is, node::kind::null);
    EXPECT_EQ(n.entries[1].value.items[0].scalar, "two\nlines\n");
    EXPECT_EQ(n.entries[1].value.items[0].at.line, 3U);
    EXPECT_EQ(n.entries[1].value.items[0].at.column, 5U);
}

TEST(yaml, accepts_an_empty_file_and_one_of_comments_as_nothing) {
    for (const char* text : {"", "\n", "# only this\n", "---\n", "%YAML 1.2\n---\n"}) {
        findings out;
        EXPECT_EQ(parse(text, "f", out).is, node::kind::null) << text;
        EXPECT_TRUE(out.empty()) << out.text();
    }
}

TEST(yaml, accepts_quotes_of_every_kind) {
    EXPECT_EQ(
        faults("a: 'it''s'\nb: \"say \\\"hi\\\"\" # it's a comment\nc: it's\n'd': \"\\\\\"\n\"e\": ''\n"),
        "");
    EXPECT_EQ(faults("a: 'two\n  lines'\nb: [\"x\", 'y']\n"), "");
}

struct golden {
    const char* text;
    const char* says;
};

class yaml_errors : public testing::TestWithParam<golden> {};

TEST_P(yaml_errors, name_the_place_the_fault_and_the_mend) {
    EXPECT_EQ(faults(GetParam().text), std::string(GetParam().says) + "\n") << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    all, yaml_errors,
    testing::Values(
        golden{"a: 1\nb: 2\na: 3\n",
               "f.yaml:3:1: the key 'a' stands here a second time, first in line 1; keep one of them"},
        golden{"x: {a: 1, ü: 2, ü: 3}\n",
               "f.yaml:1:17: the key 'ü' stands here a second time, first in line 1; keep one of them"},
        golden{"a: &x 1\n",
               "f.yaml:1:4: anchors (&name) are not allowed; write the value out where it is needed"},
        golden{"a: &x\n",
               "f.yaml:1:4: anchors (&name) are not allowed; write the value out where it is needed"},
        golden{"a: &x [1]\nb: *x\n",
               "f.yaml:1:4: anchors (&name) are not allowed; write the value out where it is needed"},
        golden{"a: !!str 5\n",
               "f.yaml:1:4: tags (!name) are not allowed; remove the tag; put the value in quotes "
               "if it is text"},
        golden{"a: ! 5\n",
               "f.yaml:1:4: tags (!name) are not allowed; remove the tag; put the value in quotes "
               "if it is text"},
        golden{"a: !m {b: 1}\n",
               "f.yaml:1:4: tags (!name) are not allowed; remove the tag; put the value in "
               "quotes if it is text"},
        golden{"a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document starts here; keep one document in a file"},
        golden{"a: 1\n---\n", "f.yaml:2:1: a second document starts here; keep one document in a file"},
        golden{"a: 1\n...\nfoo\n",
               "f.yaml:3:1: this does not belong to what stands above it; check the "
               "indentation: a file holds one list or one map"},
        golden{"- a\nb: 1\n",
               "f.yaml:2:1: this does not belong to what stands above it; check the indentation: "
               "a file holds one list or one map"},
        golden{",",
               "f.yaml:1:1: this does not belong to what stands above it; check the indentation: a file "
               "holds one list or one map"},
        golden{"a: 1\nb: 'x\nc: it is\n",
               "f.yaml:2:4: this quote is never closed; close it with the same quote"},
        golden{"it's: \"x # it's\n", "f.yaml:1:7: this quote is never closed; close it with the same quote"},
        golden{"a: 1 # it's\nb: \"x\\\"",
               "f.yaml:2:4: this quote is never closed; close it with the same quote"},
        golden{"'x", "f.yaml:1:1: this quote is never closed; close it with the same quote"},
        golden{"a: [1, 2",
               "f.yaml:1:4: this list is never closed, or lacks a comma; close it with ], and put "
               "commas between its items"},
        golden{"a: {b: 1\n",
               "f.yaml:1:4: this map is never closed, or lacks a comma; close it with }, and put "
               "commas between its entries"},
        golden{"a: b: c\n",
               "f.yaml:1:5: a ':' may not stand here; put the text in quotes if the ':' belongs to "
               "it, else check the indentation"},
        golden{"a:\n\t- b\n",
               "f.yaml:2:2: a list item may not stand here; check the indentation: spaces, not tabs"},
        golden{"a: @x\n",
               "f.yaml:1:4: this character may not stand here outside of quotes; put the text in quotes"},
        golden{"a: \"x\" y\n",
               "f.yaml:1:8: this is not a key of the map that it stands in; write `key: value`, "
               "and indent all keys of a map alike"},
        golden{"a: \"\\q\"\n",
               "f.yaml:1:7: there is no such escape within double quotes; use single quotes, in "
               "which a backslash is only a backslash"},
        golden{"? [a]\n: b\n", "f.yaml:1:3: a key must be a plain text; write it as `key: value`"},
        golden{"~: b\n", "f.yaml:1:1: a key must be a plain text; write it as `key: value`"},
        golden{"a: ä\x80\n", "f.yaml:1:5: these bytes are not UTF-8; save the file as UTF-8"},
        golden{"a: \xC0\x80\n", "f.yaml:1:4: these bytes are not UTF-8; save the file as UTF-8"},
        golden{"a: \xED\xA0\x80\n", "f.yaml:1:4: these bytes are not UTF-8; save the file as UTF-8"},
        golden{"a: 1\x04\nb: 2\n", "f.yaml:1:5: there is a control character here; remove it"},
        golden{"a: 1\rb: 2\n",
               "f.yaml:1:5: there is a carriage return alone here; end lines with a line feed"}));

TEST(yaml, refuses_nul) {
    EXPECT_EQ(faults(std::string_view("a: \0", 4)),
              "f.yaml:1:4: there is a NUL byte here; save the file as UTF-8 text\n");
}

TEST(yaml, refuses_what_is_too_large_too_many_or_too_deep) {
    limits small;
    small.bytes = 10;
    EXPECT_EQ(faults("a: 12345678\n", small), "f.yaml: is larger than 10 bytes; split it\n");
    small = {};
    small.nodes = 4;
    EXPECT_EQ(faults("[1, 2, 3]", small), "");
    EXPECT_EQ(faults("[1, 2, 3, 4]", small),
              "f.yaml:1:11: there are more than 4 values in this file; split the file\n");
    small = {};
    small.depth = 2;
    EXPECT_EQ(faults("[[1]]", small), "");
    EXPECT_EQ(faults("[[[1]]]", small), "f.yaml:1:3: this is nested more than 2 levels deep; flatten it\n");
}

TEST(yaml, gives_a_finding_for_hostile_nesting_and_repetition_and_never_runs_away) {
    limits wide;
    wide.nodes = 1'000'000;
    for (const char* unit : {"[", "{",   "- ",   "? ", "[a,", "{a: ", "[?",  "[a]: ", "- a: ", "&a ",
                             "!", "*a ", "'x' ", "\"", ",",   "a: ",  "|\n", "[\n",   "{a,",   "---\n"})
        EXPECT_NE(faults(repeated(unit, 99'999), wide), "") << unit;
    for (const char* unit : {"''", "%\n", "\t", "a: |\n ", "- - \n", "...\n", " a", "#"})
        EXPECT_EQ(faults(repeated(unit, 99'999), wide), "") << unit;
}

TEST(yaml, survives_any_bytes) {
    std::mt19937 random(7);  // NOLINT: the same on every run
    const std::string likely = "abc: -[]{},'\"\\|>&*!%@`#?\n\n  \t\x80\xC3\xA9";
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::size_t n = random() % 60; n > 0; --n)
            text += random() % 50 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
        findings out;
        parse(text, "f", out);
        for (const finding& f : out.all()) EXPECT_GE(f.at.line, 1U) << text;
    }
}

class yaml_file : public testing::Test {
 protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("kith-yaml-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
    std::filesystem::path folder_;
};

TEST_F(yaml_file, is_read_and_named_in_findings) {
    std::ofstream(path("a.yaml")) << "a: 1\na: 2\n";
    findings out;
    parse_file(path("a.yaml"), out);
    EXPECT_EQ(
        out.text(),
        path("a.yaml") + ":2:1: the key 'a' stands here a second time, first in line 1; keep one of them\n");
}

TEST_F(yaml_file, that_is_huge_absent_a_folder_or_a_pipe_is_a_finding_at_once) {
    std::ofstream(path("big.yaml")).close();
    std::filesystem::resize_file(path("big.yaml"), 100ULL << 20);
    ASSERT_EQ(::mkfifo(path("pipe.yaml").c_str(), 0600), 0);
    findings out;
    parse_file(path("big.yaml"), out);
    parse_file(path("none.yaml"), out);
    parse_file(path("."), out);
    parse_file(path("pipe.yaml"), out);
    EXPECT_EQ(out.text(), path("big.yaml") + ": is larger than 1048576 bytes; split it\n" +
                              path("none.yaml") +
                              ": cannot be opened: No such file or directory; check the path, and that this "
                              "user may read it\n" +
                              path(".") + ": is not a regular file; name a file that holds YAML\n" +
                              path("pipe.yaml") + ": is not a regular file; name a file that holds YAML\n");
}

}  // namespace
}  // namespace kith::yaml
