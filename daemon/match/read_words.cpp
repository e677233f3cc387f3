#include "daemon/match/language.hpp"
#include "daemon/match/word_list.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace kith {

namespace {

struct kind_name {
    std::string_view key;
    wording is;
};
constexpr kind_name kinds[] = {{"alone", wording::alone},   {"part", wording::part},
                               {"around", wording::around}, {"anywhere", wording::anywhere},
                               {"regex", wording::regex},   {"not", wording::veto}};

bool is_topic(std::string_view id) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '.'; };
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), fits);
}

void read_list(yaml::map_reader& from, const kind_name& kind, const std::string& language, word_list& into) {
    const yaml::node* list = from.take(kind.key);
    if (list == nullptr) return;
    if (list->is != yaml::node::kind::sequence || list->items.empty()) {
        from.complain(from.at(kind.key), "`" + std::string(kind.key) + "` must be a list of words",
                      "write them as [stop, no more]");
        return;
    }
    for (const yaml::node& item : list->items) {
        if (item.is != yaml::node::kind::scalar ||
            item.scalar.find_first_not_of(" \t\r\n") == std::string::npos)
            from.complain(item.at, "this is empty or no text", "write the words to listen for");
        else
            into.words.push_back({kind.is, item.scalar, language, item.at});
    }
}

void read_language(yaml::map_reader& file, const std::string& language, const yaml::node& map,
                   word_list& into) {
    yaml::map_reader from(map, file.file(), "language '" + language + "'", file.out());
    const std::size_t before = into.words.size();
    for (const kind_name& kind : kinds) read_list(from, kind, language, into);
    from.done();
    const bool hears =
        std::any_of(into.words.begin() + static_cast<std::ptrdiff_t>(before), into.words.end(),
                    [](const worded& w) { return w.is != wording::around && w.is != wording::veto; });
    if (!hears)
        file.complain(map.at, "the language '" + language + "' has nothing to listen for",
                      "give it `alone`, `part`, `anywhere` or `regex`");
}

void read_test(yaml::map_reader& file, const yaml::node& item, word_list& into) {
    yaml::map_reader from(item, file.file(), "test", file.out());
    word_test t;
    t.at = item.at;
    t.text = from.need_text("text");
    t.language = from.need_text("language");
    from.need("expect");
    t.expect = from.choice("expect", {"no", "yes"}, 0) == 1;
    from.done();
    into.tests.push_back(std::move(t));
}

/// Words that nobody tried are no more than a guess.
void each_language_is_tested(yaml::map_reader& file, const std::set<std::string>& languages,
                             const word_list& list) {
    for (const std::string& language : languages)
        for (const bool expect : {true, false})
            if (std::none_of(list.tests.begin(), list.tests.end(), [&](const word_test& t) {
                    return t.language == language && t.expect == expect;
                }))
                file.complain(file.at("tests"),
                              "no test of '" + language + "' expects " + (expect ? "yes" : "no"),
                              "add one: {language: " + language +
                                  ", text: ..., expect: " + (expect ? "yes" : "no") + "}");
    for (const word_test& t : list.tests)
        if (!t.language.empty() && !languages.contains(t.language))
            file.complain(t.at, "this test is of '" + t.language + "', for which there are no words",
                          "name one of the file's languages");
}

}  // namespace

std::optional<word_list> read_word_list(const yaml::node& file, const std::string& path,
                                        yaml::findings& out) {
    yaml::map_reader from(file, path, "words", out);
    word_list list;
    list.file = path;
    list.at = from.at("topic");
    list.topic = from.need_text("topic");
    from.text("why");
    if (list.topic.empty()) return std::nullopt;
    const std::string name = std::filesystem::path(path).stem().string();
    if (!is_topic(list.topic))
        from.complain(list.at, "'" + list.topic.substr(0, 80) + "' cannot be a topic",
                      "use lower-case letters, hyphens and dots, at most 64");
    else if (list.topic != name)
        from.complain(list.at, "the topic '" + list.topic + "' stands in a file of another name",
                      "name the file " + list.topic + ".yaml");
    std::set<std::string> languages;
    for (const auto& [key, value] : file.entries) {
        if (key.scalar.size() > 3 || primary_language(key.scalar) != key.scalar || key.scalar == "why")
            continue;
        from.take(key.scalar);
        languages.insert(key.scalar);
        read_language(from, key.scalar, value, list);
    }
    if (languages.empty())
        from.complain(list.at, "there are words in no language", "add one: `en: {anywhere: [...]}`");
    if (const yaml::node* tests = from.need("tests")) {
        if (tests->is != yaml::node::kind::sequence)
            from.complain(from.at("tests"), "`tests` must be a list",
                          "write each as {text: ..., expect: yes}");
        for (const yaml::node& item : tests->items) read_test(from, item, list);
    }
    from.done();
    each_language_is_tested(from, languages, list);
    return list;
}

}  // namespace kith
