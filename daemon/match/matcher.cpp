#include "daemon/match/matcher.hpp"

#include "daemon/match/condition.hpp"
#include "daemon/match/fold.hpp"
#include "daemon/match/read_trigger.hpp"
#include "daemon/match/rules.hpp"
#include "daemon/match/word_edges.hpp"

#include <algorithm>

namespace kith {

namespace {

/// Of a message; what stands behind is not looked at. No platform lets people write more.
constexpr std::size_t most_matched = 64 << 10;
/// Of one match: enough to see why.
constexpr std::size_t most_evidence = 8;
constexpr std::size_t most_words = 200;  // bytes

/// What is known of one leaf in the message at hand.
struct state {
    std::uint64_t message = 0;  ///< the state is of this message, or stale
    bool decided = false;
    bool present = false;
    std::size_t scan_end = 0;
    span where;
};

class compiled_matcher final : public matcher {
 public:
    explicit compiled_matcher(std::unique_ptr<const rules> r)
        : rules_(std::move(r)), states_(rules_->leaves.size()) {}

    std::vector<match> find(const matched_message& m) const override;
    const playbook_set& set() const noexcept override { return rules_->set; }

 private:
    const span* decide(std::uint32_t number, const folded& text, allowance& steps) const;
    bool find_phrase(const leaf& l, std::string_view text, span& where) const;
    match judge(const entry& e, const matched_message& m, const folded& text, const lookup& look) const;

    std::unique_ptr<const rules> rules_;
    // Room for the message at hand: find() is called from one thread.
    mutable word_edges edges_;
    mutable std::vector<state> states_;
    mutable std::vector<scanner::hit> hits_;
    mutable std::uint64_t message_ = 0;
};

std::vector<match> compiled_matcher::find(const matched_message& m) const {
    if (m.what == nullptr || m.what->ours) return {};
    const folded text = fold(cut(m.what->text, most_matched));
    hits_.clear();
    rules_->words.scan(text.text, hits_);
    if (hits_.empty()) return {};

    ++message_;
    edges_.of(text.text);
    std::sort(hits_.begin(), hits_.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
    for (const scanner::hit& h : hits_) states_[h.item] = {message_, false, false, h.end, {}};
    allowance steps(text.text.size(), scanner_is_sound() ? 0 : hits_.size());
    const lookup look = [&](std::uint32_t number) { return decide(number, text, steps); };

    std::vector<std::uint32_t> candidates;
    for (const scanner::hit& h : hits_) {
        const std::vector<std::uint32_t>& sets_off = rules_->leaves[h.item].playbooks;
        if (!sets_off.empty() && look(static_cast<std::uint32_t>(h.item)) != nullptr)
            candidates.insert(candidates.end(), sets_off.begin(), sets_off.end());
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());

    std::vector<match> out;
    for (const std::uint32_t c : candidates) out.push_back(judge(rules_->entries[c], m, text, look));
    std::stable_partition(out.begin(), out.end(), [](const match& one) { return one.matched; });
    return out;
}

const span* compiled_matcher::decide(std::uint32_t number, const folded& text, allowance& steps) const {
    state& s = states_[number];
    if (s.message != message_) return nullptr;  // the scan did not report it
    if (!s.decided) {
        s.decided = true;
        const leaf& l = rules_->leaves[number];
        if (!l.phrase.empty()) {
            s.present = find_phrase(l, text.text, s.where);
        } else {
            const auto found = rules_->regexes.find(l.regex, text.text, steps, s.where);
            s.present = found == verifier::outcome::present;
            // Too much work to say more than the scan did, which is right unless it left something out.
            if (found == verifier::outcome::gave_up && l.scan_is_exact && scanner_is_sound()) {
                s.present = true;
                s.where = {0, s.scan_end};
            }
        }
    }
    return s.present ? &s.where : nullptr;
}

bool compiled_matcher::find_phrase(const leaf& l, std::string_view text, span& where) const {
    for (std::size_t at = text.find(l.phrase); at != std::string_view::npos;
         at = text.find(l.phrase, at + 1)) {
        if (!edges_.whole(at, at + l.phrase.size())) continue;
        where = {at, at + l.phrase.size()};
        return true;
    }
    return false;
}

match compiled_matcher::judge(const entry& e, const matched_message& m, const folded& text,
                              const lookup& look) const {
    match out;
    out.playbook = e.what->id;
    out.revision = e.what->revision;
    out.status = e.what->status;
    gather(e.when, look, [&](const condition& c, span at) {
        if (out.because.size() == most_evidence) return;
        const span original{text.original_begin(at.begin), text.original_end(at.end)};
        const std::string_view words =
            std::string_view(m.what->text).substr(original.begin, original.end - original.begin);
        out.because.push_back(
            {std::string(to_string(c.is)) + ": " + c.text, std::string(cut(words, most_words)), original});
    });
    out.but = unmet(e.what->where, m);
    out.matched = out.but.empty() && holds(e.when, look);
    if (!holds(e.when, look)) explain(e.when, look, out.but);
    if (out.but.size() > most_evidence) out.but.resize(most_evidence);
    return out;
}

}  // namespace

std::shared_ptr<const matcher> compile(playbook_set set, yaml::findings& out) {
    auto rules = compile_rules(std::move(set), out);
    return rules ? std::make_shared<compiled_matcher>(std::move(rules)) : nullptr;
}

}  // namespace kith
