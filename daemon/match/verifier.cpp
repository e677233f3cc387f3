#include "daemon/match/verifier.hpp"

#include <algorithm>
#include <new>

namespace kith {

namespace {

/// Called before each item of a regex is tried at a place, so that what is counted is the work itself:
/// PCRE2's own match limit starts anew at each place of the text, which allows quadratic time.
struct meter {
    allowance& steps;
    std::size_t own;  ///< of this attempt
};

int count_step(pcre2_callout_block*, void* data) {
    auto& m = *static_cast<meter*>(data);
    if (m.own == 0 || !m.steps.spend()) return PCRE2_ERROR_CALLOUT;
    --m.own;
    return 0;
}

}  // namespace

verifier::verifier()
    : rules_(pcre2_compile_context_create(nullptr)),
      limits_(pcre2_match_context_create(nullptr)),
      found_(pcre2_match_data_create(1, nullptr)),
      workspace_(4096) {
    constexpr std::size_t longest = 16'000;  // as Vectorscan has it
    constexpr std::uint32_t heap_kib = 4096;
    if (!rules_ || !limits_ || !found_) throw std::bad_alloc();
    pcre2_set_max_pattern_length(rules_.get(), longest);
    pcre2_set_heap_limit(limits_.get(), heap_kib);
}

std::optional<std::size_t> verifier::add(const std::string& regex, std::string& why) {
    // Automatic callouts count the work. Without auto-possession every character that a repeat takes is
    // counted too, when it is given back.
    constexpr std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C |
                                      PCRE2_AUTO_CALLOUT | PCRE2_NO_AUTO_POSSESS;
    int code = 0;
    std::size_t offset = 0;
    pcre2_code* made = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(regex.data()), regex.size(), options, &code,
                                     &offset, rules_.get());
    if (made == nullptr) {
        unsigned char words[160];
        pcre2_get_error_message(code, words, sizeof words);
        why = reinterpret_cast<const char*>(words);
        return std::nullopt;
    }
    regexes_.emplace_back(made);
    return regexes_.size() - 1;
}

verifier::outcome verifier::find(std::size_t regex, std::string_view text, allowance& steps,
                                 span& where) const {
    const pcre2_code* code = regexes_[regex].get();
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const auto concluded = [&](int rc) { return rc >= 0 || rc == PCRE2_ERROR_NOMATCH; };

    meter count{steps, 1'000 + 32 * text.size()};
    pcre2_set_callout(limits_.get(), count_step, &count);
    int rc = pcre2_match(code, subject, text.size(), 0, PCRE2_NO_UTF_CHECK, found_.get(), limits_.get());
    if (!concluded(rc)) {
        count.own = steps.left();
        rc = pcre2_dfa_match(code, subject, text.size(), 0, PCRE2_NO_UTF_CHECK, found_.get(), limits_.get(),
                             workspace_.data(), workspace_.size());
    }
    if (!concluded(rc)) return outcome::gave_up;
    if (rc == PCRE2_ERROR_NOMATCH) return outcome::absent;
    const std::size_t* ends = pcre2_get_ovector_pointer(found_.get());
    where = {std::min(ends[0], ends[1]), ends[1]};
    return outcome::present;
}

}  // namespace kith
