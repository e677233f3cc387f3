#include "daemon/match/words.hpp"

#include "daemon/match/bare_words.hpp"
#include "daemon/match/fold.hpp"
#include "daemon/match/pattern.hpp"
#include "daemon/match/phrase_trie.hpp"
#include "daemon/match/scanner.hpp"
#include "daemon/match/sentence_parts.hpp"
#include "daemon/match/verifier.hpp"
#include "daemon/match/word_edges.hpp"
#include "daemon/match/word_list.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace kith {

namespace {

/// Of a text; what stands behind is not looked at. No platform lets people write more.
constexpr std::size_t most_text = 64 << 10;
/// Who writes more than this says more than one of the short forms.
constexpr std::size_t most_alone = 240;

/// One thing to listen for.
struct item {
    std::uint32_t topic = 0;
    wording is = wording::anywhere;
    std::string language;
};

struct place {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint32_t item = 0;
};

/// Of a place in the bare words.
place folded_place(const bare_words& bare, const place& p) {
    return {bare.from[p.begin], bare.from[p.end - 1] + 1, p.item};
}

bool is_mark(char32_t c) noexcept {
    return c != 0 && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

bool is_hangul(char32_t c) noexcept {
    UErrorCode status = U_ZERO_ERROR;
    return c != 0 && uscript_getScript(static_cast<UChar32>(c), &status) == USCRIPT_HANGUL;
}

/// Between two letters of ASCII no word starts or ends in any language: said without looking for the edges.
bool inside_a_word(std::string_view folded, std::size_t at) noexcept {
    return at > 0 && at < folded.size() && is_ascii_word(folded[at - 1]) && is_ascii_word(folded[at]);
}

class compiled_lists final : public word_lists {
 public:
    std::vector<heard> find(std::string_view text) const override;
    bool knows(std::string_view topic) const override {
        return std::binary_search(topics_.begin(), topics_.end(), topic);
    }

 private:
    friend class word_compiler;

    bool stands(std::string_view text, std::size_t begin, std::size_t end) const;
    std::vector<place> only(wording what, const phrase_trie& in, std::string_view text, std::size_t begin,
                            const std::vector<std::size_t>& ends) const;
    void parts(const bare_words& bare, const folded& f, std::string_view text,
               std::vector<place>& into) const;
    void phrases(std::string_view text, std::vector<place>& into) const;
    void patterns(std::string_view text, std::vector<place>& into) const;
    std::vector<place> firsts(std::vector<place> all) const;

    struct pattern_item {
        std::uint32_t item = 0;
        std::size_t regex = 0;  ///< its number in the verifier
        bool scan_is_exact = true;
    };

    std::vector<std::string> topics_;  ///< sorted
    std::vector<item> items_;
    phrase_trie alone_, parts_, anywhere_;
    std::vector<pattern_item> patterns_;  ///< by their number in the scanner
    scanner scanner_;
    verifier verifier_;
    // Room for the text at hand.
    mutable std::mutex busy_;
    mutable word_edges edges_;
};

std::vector<heard> compiled_lists::find(std::string_view text) const {
    const folded f = fold(cut(text, most_text));
    const bare_words words = bare(f.text, f.text.size());
    std::vector<place> all;
    const std::lock_guard lock(busy_);
    edges_.of(f.text);
    phrases(f.text, all);
    patterns(f.text, all);
    parts(words, f, text, all);
    std::vector<place> first = firsts(std::move(all));
    std::vector<std::size_t> whole;
    if (words.text.size() <= most_alone) whole.push_back(words.text.size());
    for (const place& within : only(wording::alone, alone_, words.text, 0, whole)) {
        // The whole message says more than a part of it.
        const place p = folded_place(words, within);
        std::erase_if(first, [&](const place& q) { return items_[q.item].topic == items_[p.item].topic; });
        first.push_back(p);
    }
    std::sort(first.begin(), first.end(),
              [&](const place& a, const place& b) { return items_[a.item].topic < items_[b.item].topic; });
    std::vector<heard> out;
    for (const place& p : first) {
        heard h;
        h.topic = topics_[items_[p.item].topic];
        h.language = items_[p.item].language;
        h.begin = f.original_begin(p.begin);
        h.end = f.original_end(p.end);
        h.words = text.substr(h.begin, h.end - h.begin);
        out.push_back(std::move(h));
    }
    return out;
}

/// Whole words, where there are words: Chinese and its like have no spaces, and Korean and its like write
/// endings onto a word.
bool compiled_lists::stands(std::string_view text, std::size_t begin, std::size_t end) const {
    if (edges_.whole(begin, end)) return true;
    const char32_t last = character_before(text, end), next = character_at(text, end);
    const char32_t before = character_before(text, begin), first = character_at(text, begin);
    const bool starts = begin == 0 || edges_.edge(begin) || text[begin - 1] == '\'' ||
                        (is_unspaced(first) && is_unspaced(before));
    const bool ends = end == text.size() || edges_.edge(end) || (is_unspaced(last) && !is_mark(next)) ||
                      (is_hangul(last) && is_hangul(next));
    return starts && ends;
}

void compiled_lists::phrases(std::string_view text, std::vector<place>& into) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (inside_a_word(text, at)) continue;
        anywhere_.walk(text, at, [&](std::uint32_t found, std::size_t end) {
            if (!inside_a_word(text, end) && stands(text, at, end)) into.push_back({at, end, found});
        });
    }
}

void compiled_lists::patterns(std::string_view text, std::vector<place>& into) const {
    std::vector<scanner::hit> hits;
    scanner_.scan(text, hits);
    std::sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
    allowance steps(text.size(), scanner_is_sound() ? 0 : hits.size());
    for (const scanner::hit& h : hits) {
        const pattern_item& p = patterns_[h.item];
        span where;
        const auto found = verifier_.find(p.regex, text, steps, where);
        if (found == verifier::outcome::present)
            into.push_back({where.begin, where.end, p.item});
        else if (found == verifier::outcome::gave_up && p.scan_is_exact && scanner_is_sound())
            into.push_back({0, h.end, p.item});
    }
}

/// Of each topic the first place that no veto of the topic lies across.
std::vector<place> compiled_lists::firsts(std::vector<place> all) const {
    // The earliest first; of those that start together the longest.
    std::sort(all.begin(), all.end(), [](const place& a, const place& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    // Of each topic the vetoed stretches, in order and apart from each other.
    std::map<std::uint32_t, std::vector<place>> vetoes;
    for (const place& p : all) {
        if (items_[p.item].is != wording::veto) continue;
        auto& of = vetoes[items_[p.item].topic];
        if (!of.empty() && p.begin < of.back().end)
            of.back().end = std::max(of.back().end, p.end);
        else
            of.push_back(p);
    }
    std::vector<place> out;
    std::set<std::uint32_t> done;
    for (const place& p : all) {
        const std::uint32_t topic = items_[p.item].topic;
        if (items_[p.item].is == wording::veto || done.contains(topic)) continue;
        const auto& of = vetoes[topic];
        const auto next = std::upper_bound(of.begin(), of.end(), p.begin,
                                           [](std::size_t at, const place& v) { return at < v.end; });
        if (next != of.end() && next->begin < p.end) continue;
        done.insert(topic);
        out.push_back(p);
    }
    return out;
}

/// What stands where the words of it are the only ones from sign to sign; a comma may stand among them.
void compiled_lists::parts(const bare_words& bare, const folded& f, std::string_view text,
                           std::vector<place>& into) const {
    const auto all = said_parts(bare, f, text);
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::vector<std::size_t> ends;
        for (std::size_t last = i; last < all.size() && (last == i || all[last].runs_on); ++last) {
            if (all[last].end - all[i].begin > most_alone) break;
            ends.push_back(all[last].end);
        }
        for (const place& p : only(wording::part, parts_, bare.text, all[i].begin, ends))
            into.push_back(folded_place(bare, p));
    }
}

/// The topics whose words are all that stands from `begin` to one of `ends`, which are in order: each with
/// the first of them.
std::vector<place> compiled_lists::only(wording what, const phrase_trie& in, std::string_view text,
                                        std::size_t begin, const std::vector<std::size_t>& ends) const {
    if (ends.empty()) return {};
    text = text.substr(0, ends.back());
    const auto boundary = [&](std::size_t at) {
        return at == text.size() || text[at] == ' ' ||
               (is_unspaced(character_before(text, at)) && !is_mark(character_at(text, at)));
    };
    // From each place that can be reached, for each topic: is anything said so far, and what first?
    using so_far = std::map<std::uint32_t, std::optional<place>>;
    std::map<std::size_t, so_far> reached{{begin, {}}};
    std::map<std::uint32_t, place> said;
    for (auto here = reached.begin(); here != reached.end(); here = reached.erase(here)) {
        const auto& [at, topics] = *here;
        const bool is_end = std::binary_search(ends.begin(), ends.end(), at);
        for (const auto& [topic, first] : topics)
            if (is_end && first) said.try_emplace(topic, *first);
        const std::size_t from = at < text.size() && text[at] == ' ' ? at + 1 : at;
        in.walk(text, from, [&](std::uint32_t found, std::size_t end) {
            if (!boundary(end)) return;
            const std::uint32_t topic = items_[found].topic;
            const auto before = topics.find(topic);
            if (from != begin && before == topics.end()) return;
            std::optional<place> first = before == topics.end() ? std::nullopt : before->second;
            if (!first && items_[found].is == what) first = place{from, end, found};
            auto& there = reached[end][topic];
            if (!there) there = first;
        });
    }
    std::vector<place> out;
    for (const auto& [topic, first] : said) out.push_back(first);
    return out;
}

/// Builds the lists; collects what cannot be compiled.
class word_compiler {
 public:
    explicit word_compiler(yaml::findings& out) : out_(out) {}

    std::shared_ptr<const word_lists> run(const std::vector<word_list>& lists) {
        const std::size_t before = out_.all().size();
        for (const word_list& list : lists) made_->topics_.push_back(list.topic);
        std::sort(made_->topics_.begin(), made_->topics_.end());
        for (const word_list& list : lists)
            for (const worded& w : list.words) add(list, w);
        for (const scanner::refusal& r : made_->scanner_.compile(expressions_)) refuse(r);
        return out_.all().size() == before ? std::move(made_) : nullptr;
    }

 private:
    struct origin {
        const word_list* of = nullptr;
        const worded* what = nullptr;
    };

    void add(const word_list& list, const worded& w) {
        const auto at = std::lower_bound(made_->topics_.begin(), made_->topics_.end(), list.topic);
        const auto number = static_cast<std::uint32_t>(made_->items_.size());
        made_->items_.push_back({static_cast<std::uint32_t>(at - made_->topics_.begin()), w.is, w.language});
        if (w.is == wording::regex) return add_regex(list, w, number);
        const bool whole = w.is == wording::alone || w.is == wording::part || w.is == wording::around;
        const std::string folded = fold(w.text).text;
        const std::string words = bare(folded, folded.size()).text;
        if (words.empty()) return complain(list, w, "'" + w.text + "' holds no word", "write words");
        const std::string& key = whole ? words : folded;
        if (!known_.insert(list.topic + '\n' + w.language + '\n' + (whole ? "a" : "p") + key).second)
            return complain(list, w, "'" + w.text + "' stands in '" + w.language + "' twice", "take one out");
        if (!whole) made_->anywhere_.add(key, number);
        if (w.is == wording::alone || w.is == wording::around) made_->alone_.add(key, number);
        if (w.is == wording::part || w.is == wording::around) made_->parts_.add(key, number);
    }

    void add_regex(const word_list& list, const worded& w, std::uint32_t number) {
        const pattern p = prepare(w.text);
        for (const std::string& problem : p.problems)
            complain(list, w, "this regex cannot be used: " + problem,
                     "write it as (?:...|...) outside of [...]");
        std::string why;
        const auto regex = made_->verifier_.add(p.exact, why);
        if (!regex)
            return complain(list, w, "this is no regex: " + why, "correct it; try it in single quotes");
        made_->patterns_.push_back({number, *regex, p.same});
        expressions_.push_back({p.loose, true});
        origins_.push_back({&list, &w});
    }

    void refuse(const scanner::refusal& r) {
        const origin& o = origins_[r.item];
        complain(*o.of, *o.what, "this regex cannot be used: " + r.why,
                 "write it without look-around, back-references or large repeats, and so that it needs at "
                 "least one character");
    }

    void complain(const word_list& list, const worded& w, std::string what, std::string mend) {
        out_.add(list.file, w.at, std::move(what), std::move(mend));
    }

    yaml::findings& out_;
    std::shared_ptr<compiled_lists> made_ = std::make_shared<compiled_lists>();
    std::vector<scanner::item> expressions_;
    std::vector<origin> origins_;
    std::set<std::string> known_;
};

}  // namespace

std::shared_ptr<const word_lists> compile_words(const std::vector<word_list>& lists, yaml::findings& out) {
    return word_compiler(out).run(lists);
}

}  // namespace kith
