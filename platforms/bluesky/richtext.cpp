#include "platforms/bluesky/richtext.hpp"

#include "platforms/bluesky/domain.hpp"
#include "platforms/bluesky/utf8.hpp"

#include <algorithm>

namespace kith::bluesky {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

/// A stretch without white space.
struct word {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<word> words_of(std::string_view text) {
    std::vector<word> out;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const character c = character_at(text, at);
        const bool space = c.size > 0 && is_space(c.code);
        if (!space && !inside) out.push_back({at, at});
        inside = !space;
        at += c.size > 0 ? c.size : 1;
        if (inside) out.back().end = at;
    }
    return out;
}

/// Takes off what ends the sentence rather than the URL: marks, and brackets and quotes that open outside of
/// it.
std::string_view without_trail(std::string_view url) {
    static constexpr std::string_view marks[] = {".",      ",",      ";",      ":",      "!",      "?",
                                                 "'",      "\"",     "*",      "_",      "\u2026", "\u201d",
                                                 "\u2019", "\u00bb", "\u3002", "\uff0c", "\uff01", "\uff1f"};
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view mark : marks) {
            if (!url.ends_with(mark)) continue;
            url.remove_suffix(mark.size());
            again = true;
        }
        static constexpr std::string_view pairs[] = {"()", "[]", "{}", "<>"};
        for (const std::string_view pair : pairs) {
            if (!url.ends_with(pair[1])) continue;
            if (std::count(url.begin(), url.end(), pair[0]) >= std::count(url.begin(), url.end(), pair[1]))
                continue;
            url.remove_suffix(1);
            again = true;
        }
    }
    return url;
}

std::string_view host_of(std::string_view text) {
    return text.substr(0, text.find_first_of("/?#:"));
}

bool add_link(std::string_view text, std::size_t begin, std::size_t end, std::vector<facet>& out) {
    const std::string_view url = without_trail(text.substr(begin, end - begin));
    const std::string start = lowered(url.substr(0, 8));
    const std::size_t scheme = start.starts_with("https://") ? 8 : start.starts_with("http://") ? 7 : 0;
    if (scheme > 0 && url.size() == scheme) return false;
    if (scheme == 0 && !is_domain(host_of(url))) return false;
    std::string target = scheme > 0 ? std::string(url) : "https://" + std::string(url);
    out.push_back({facet::kind::link, begin, begin + url.size(), std::move(target)});
    return true;
}

bool add_mention(std::string_view text, std::size_t begin, std::size_t end, std::vector<facet>& out) {
    if (text[begin] != '@') return false;
    std::size_t stop = begin + 1;
    while (stop < end &&
           (std::isalnum(static_cast<unsigned char>(text[stop])) || text[stop] == '.' || text[stop] == '-'))
        ++stop;
    while (stop > begin + 1 && (text[stop - 1] == '.' || text[stop - 1] == '-')) --stop;
    const std::string_view handle = text.substr(begin + 1, stop - begin - 1);
    if (!is_handle(handle)) return false;
    out.push_back({facet::kind::mention, begin, stop, lowered(handle)});
    return true;
}

}  // namespace

std::vector<facet> find_facets(std::string_view text) {
    std::vector<facet> out;
    for (const word& w : words_of(text)) {
        std::size_t begin = w.begin;
        while (begin < w.end &&
               (text[begin] == '(' || text[begin] == '[' || text[begin] == '<' || text[begin] == '"'))
            ++begin;
        if (begin == w.end) continue;
        if (!add_mention(text, begin, w.end, out)) add_link(text, begin, w.end, out);
    }
    return out;
}

std::vector<std::string> handles_in(const std::vector<facet>& facets) {
    std::vector<std::string> out;
    for (const facet& f : facets)
        if (f.is == facet::kind::mention && std::find(out.begin(), out.end(), f.target) == out.end())
            out.push_back(f.target);
    return out;
}

json::array to_json(const std::vector<facet>& facets, const std::map<std::string, std::string>& dids) {
    json::array out;
    for (const facet& f : facets) {
        json::object feature;
        if (f.is == facet::kind::link) {
            feature["$type"] = "app.bsky.richtext.facet#link";
            feature["uri"] = f.target;
        } else {
            const auto did = dids.find(f.target);
            if (did == dids.end()) continue;
            feature["$type"] = "app.bsky.richtext.facet#mention";
            feature["did"] = did->second;
        }
        json::object index;
        index["byteStart"] = f.begin;
        index["byteEnd"] = f.end;
        json::object one;
        one["index"] = std::move(index);
        json::array features;
        features.push_back(std::move(feature));
        one["features"] = std::move(features);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace kith::bluesky
