#include "daemon/match/built_in_words.hpp"
#include "daemon/match/word_list.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace kith {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> yaml_files(const std::string& folder, yaml::findings& out) {
    std::vector<std::string> files;
    std::error_code ec;
    for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec))
        if (at->path().extension() == ".yaml" && !at->path().filename().string().starts_with('.'))
            files.push_back(at->path().string());
    if (ec) out.add(folder, {}, "cannot be read: " + ec.message(), "put the lists of words there");
    if (!ec && files.empty()) out.add(folder, {}, "holds no lists of words", "put them there, as *.yaml");
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

void run_tests(const word_lists& all, const std::vector<word_list>& lists, yaml::findings& out) {
    for (const word_list& list : lists)
        for (const word_test& t : list.tests) {
            const auto found = all.find(t.text);
            const auto ours = std::find_if(found.begin(), found.end(),
                                           [&](const heard& h) { return h.topic == list.topic; });
            if ((ours != found.end()) == t.expect) continue;
            out.add(list.file, t.at,
                    t.expect ? "the test '" + t.text + "' expects yes, but nothing of it was heard"
                             : "the test '" + t.text + "' expects no, but '" + ours->words + "' was heard (" +
                                   ours->language + ")",
                    "mend the words, or the test");
        }
}

std::shared_ptr<const word_lists> load_words(const std::string& folder, yaml::findings& out) {
    const std::size_t before = out.all().size();
    std::vector<word_list> lists;
    std::map<std::string, std::string> first;  // topic → file
    for (const std::string& path : yaml_files(folder, out)) {
        const std::size_t so_far = out.all().size();
        const yaml::node root = yaml::parse_file(path, out);
        if (out.all().size() != so_far) continue;
        auto list = read_word_list(root, path, out);
        if (!list) continue;
        const auto [same, fresh] = first.try_emplace(list->topic, path);
        if (!fresh)
            out.add(path, list->at, "a second list for '" + list->topic + "', first in " + same->second,
                    "put them into one file");
        lists.push_back(std::move(*list));
    }
    if (out.all().size() != before) return nullptr;
    auto made = compile_words(lists, out);
    if (made) run_tests(*made, lists, out);
    return out.all().size() == before ? made : nullptr;
}

std::shared_ptr<const word_lists> built_in_words() {
    yaml::findings out;
    std::vector<word_list> lists;
    for (const embedded_file& file : built_in_word_files) {
        const std::string name(file.name);
        if (auto list = read_word_list(yaml::parse(file.content, name, out), name, out))
            lists.push_back(std::move(*list));
    }
    auto made = compile_words(lists, out);
    if (!out.empty()) throw std::logic_error("the words that kithd was built with are broken: " + out.text());
    return made;
}

}  // namespace kith
