/// A file of policies/words/ as a value: what the YAML says, checked.
#pragma once

#include "daemon/match/words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kith {

/// What counts as what.
enum class wording {
    alone,     ///< the whole message, but for names, links, punctuation, emoji
    part,      ///< a whole part of a sentence, from sign to sign
    around,    ///< may stand around an `alone` or a `part`: please, hello
    anywhere,  ///< whole words, wherever they stand
    regex,     ///< the same, as a pattern of linear time
    veto,      ///< `not`: what lies across this is not heard
};

struct worded {
    wording is = wording::anywhere;
    std::string text;  ///< as written
    std::string language;
    yaml::place at;
};

struct word_test {
    std::string text;
    bool expect = false;
    std::string language;
    yaml::place at;
};

struct word_list {
    std::string topic;
    std::string file;
    yaml::place at;
    std::vector<worded> words;
    std::vector<word_test> tests;
};

/// One file. Findings: everything that is wrong in it. Nothing if it has no topic.
std::optional<word_list> read_word_list(const yaml::node& file, const std::string& path, yaml::findings& out);

/// Findings: what holds no word, what stands twice, a regex that the engines refuse. Null if there are any.
std::shared_ptr<const word_lists> compile_words(const std::vector<word_list>& lists, yaml::findings& out);

/// Each test that fails is a finding at its place.
void run_tests(const word_lists& all, const std::vector<word_list>& lists, yaml::findings& out);

}  // namespace kith
