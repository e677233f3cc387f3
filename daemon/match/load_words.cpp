// The plain half of words.hpp: whole phrases anywhere in the text, and nothing else that a list may hold.
#include "daemon/match/fold.hpp"
#include "daemon/match/words.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace kith {

namespace {

namespace fs = std::filesystem;

struct phrase {
    std::string topic, language, text;  ///< folded
};

class plain_words final : public word_lists {
 public:
    std::vector<phrase> phrases;
    std::set<std::string, std::less<>> topics;

    std::vector<heard> find(std::string_view text) const override {
        const auto in = fold(text);
        std::map<std::string, heard> first;
        for (const auto& p : phrases) {
            const auto at = place_of(p.text, in.text);
            if (at == std::string::npos) continue;
            const auto begin = in.original_begin(at), end = in.original_end(at + p.text.size());
            const heard h{p.topic, p.language, std::string(text.substr(begin, end - begin)), begin, end};
            const auto [old, fresh] = first.try_emplace(p.topic, h);
            if (!fresh && begin < old->second.begin) old->second = h;
        }
        std::vector<heard> out;
        for (auto& [topic, h] : first) out.push_back(std::move(h));
        return out;
    }
    bool knows(std::string_view topic) const override { return topics.contains(topic); }

 private:
    static bool is_word(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    }
    static std::size_t place_of(const std::string& words, const std::string& in) {
        for (auto at = in.find(words); at != std::string::npos; at = in.find(words, at + 1)) {
            const bool begins = at == 0 || !is_word(in[at - 1]);
            const auto end = at + words.size();
            if (begins && (end == in.size() || !is_word(in[end]))) return at;
        }
        return std::string::npos;
    }
};

void read(const fs::path& path, plain_words& into, yaml::findings& out) {
    const auto root = yaml::parse_file(path.string(), out);
    if (root.is != yaml::node::kind::map) return;
    yaml::map_reader from(root, path.string(), "list of words", out);
    const auto topic = from.need_text("topic");
    into.topics.insert(topic);
    for (const auto& e : root.entries) {
        if (e.value.is != yaml::node::kind::map) continue;
        for (const auto& list : e.value.entries)
            if (list.key.scalar == "anywhere")
                for (const auto& item : list.value.items)
                    into.phrases.push_back({topic, e.key.scalar, fold(item.scalar).text});
    }
}

}  // namespace

std::shared_ptr<const word_lists> load_words(const std::string& folder, yaml::findings& out) {
    const auto before = out.all().size();
    auto made = std::make_shared<plain_words>();
    std::error_code ec;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec))
        if (at->path().extension() == ".yaml") files.push_back(at->path());
    if (ec) out.add(folder, {}, "cannot be read: " + ec.message(), "put the lists of words there");
    std::sort(files.begin(), files.end());
    for (const auto& f : files) read(f, *made, out);
    if (out.all().size() != before) return nullptr;
    return made;
}

}  // namespace kith
