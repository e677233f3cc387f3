#include "daemon/match/rules.hpp"

#include "daemon/match/fold.hpp"
#include "daemon/match/pattern.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <map>
#include <utility>

namespace kith {

namespace {

bool has_word(std::string_view folded_text) noexcept {
    for (int32_t i = 0; i < static_cast<int32_t>(folded_text.size());) {
        UChar32 c = 0;
        U8_NEXT_UNSAFE(folded_text.data(), i, c);
        if (u_isalnum(c) || (c >= 0x80 && u_hasBinaryProperty(c, UCHAR_EMOJI))) return true;
    }
    return false;
}

/// Builds the rules; collects what cannot be compiled.
class compiler {
 public:
    compiler(playbook_set set, yaml::findings& out) : out_(out) { made_->set = std::move(set); }

    std::unique_ptr<const rules> run() {
        const std::size_t before = out_.all().size();
        for (const playbook& p : made_->set.playbooks) {
            if (p.status == playbook_status::retired || p.event) continue;
            number_ = static_cast<std::uint32_t>(made_->entries.size());
            playbook_ = &p;
            condition when = compile(p.when, true);
            made_->entries.push_back({&p, std::move(when)});
        }
        for (const scanner::refusal& r : made_->words.compile(items_)) refuse(r);
        if (out_.all().size() != before) return nullptr;
        return std::move(made_);
    }

 private:
    struct origin {
        const playbook* of = nullptr;
        const trigger* what = nullptr;
    };

    /// `sets_off`: not under `none`.
    condition compile(const trigger& t, bool sets_off) {
        condition c;
        c.is = t.is;
        c.text = t.text;
        c.line = t.at.line;
        if (t.is == trigger::kind::phrase || t.is == trigger::kind::regex) {
            c.leaf = find_or_add(t);
            if (c.leaf < made_->leaves.size() && sets_off) {
                std::vector<std::uint32_t>& all = made_->leaves[c.leaf].playbooks;
                if (all.empty() || all.back() != number_) all.push_back(number_);
            }
        }
        const bool inside = t.is == trigger::kind::none ? !sets_off : sets_off;
        for (const trigger& w : t.within) c.within.push_back(compile(w, inside));
        return c;
    }

    std::uint32_t find_or_add(const trigger& t) {
        const bool phrase = t.is == trigger::kind::phrase;
        const std::string key = phrase ? fold(t.text).text : t.text;
        const auto next = static_cast<std::uint32_t>(made_->leaves.size());
        const auto [known, fresh] = known_.try_emplace({phrase, key}, next);
        if (fresh && !(phrase ? add_phrase(key, t) : add_regex(t))) known->second = none;
        return known->second;
    }

    bool add_phrase(const std::string& text, const trigger& t) {
        if (!has_word(text)) {
            complain(t, "the phrase '" + t.text + "' holds no word", "write the words to look for");
            return false;
        }
        leaf l;
        l.phrase = text;
        add(std::move(l), {escaped(text), false}, t);
        return true;
    }

    bool add_regex(const trigger& t) {
        const pattern p = prepare(t.text);
        for (const std::string& problem : p.problems)
            complain(t, "this regex cannot be used: " + problem, "write it as (?:...|...) outside of [...]");
        std::string why;
        const auto number = made_->regexes.add(p.exact, why);
        if (!number) complain(t, "this is no regex: " + why, "correct it; try it in single quotes");
        if (!number || !p.problems.empty()) return false;
        leaf l;
        l.regex = *number;
        l.scan_is_exact = p.same;
        add(std::move(l), {p.loose, true}, t);
        return true;
    }

    void add(leaf l, scanner::item item, const trigger& t) {
        made_->leaves.push_back(std::move(l));
        items_.push_back(std::move(item));
        origins_.push_back({playbook_, &t});
    }

    void complain(const trigger& t, std::string what, std::string mend) {
        out_.add(playbook_->file, t.at, std::move(what), std::move(mend));
    }

    void refuse(const scanner::refusal& r) {
        const origin& from = origins_[r.item];
        out_.add(from.of->file, from.what->at, "this regex cannot be used: " + r.why,
                 "write it without look-around, back-references, possessive or large repeats, and so that it "
                 "needs at "
                 "least one character");
    }

    static constexpr std::uint32_t none = UINT32_MAX;

    yaml::findings& out_;
    std::unique_ptr<rules> made_ = std::make_unique<rules>();
    std::vector<scanner::item> items_;  ///< as made_->leaves
    std::vector<origin> origins_;       ///< as items_
    std::map<std::pair<bool, std::string>, std::uint32_t> known_;
    std::uint32_t number_ = 0;
    const playbook* playbook_ = nullptr;
};

}  // namespace

std::unique_ptr<const rules> compile_rules(playbook_set set, yaml::findings& out) {
    return compiler(std::move(set), out).run();
}

}  // namespace kith
