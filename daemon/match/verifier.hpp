/// Regexes, exactly: what the scanner reports is checked here, and its place found.
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include "daemon/match/matcher.hpp"

#include <pcre2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// How many steps the regexes may take over one message, all of them together: linear in its length. A step
/// is one item of a regex tried at one place. `unlikely` regexes are tried without a sign that they are in
/// the text: a few steps more for each.
class allowance {
 public:
    explicit allowance(std::size_t text, std::size_t unlikely = 0)
        : left_(20'000 + 100 * text + unlikely * (100 + 4 * text)) {}
    bool spend() noexcept {
        if (left_ == 0) return false;
        --left_;
        return true;
    }
    std::size_t left() const noexcept { return left_; }

 private:
    std::size_t left_;
};

/// PCRE2 without JIT: the service may not make memory executable. Not thread-safe.
class verifier {
 public:
    enum class outcome { absent, present, gave_up };

    verifier();

    /// Returns the number of the regex, or nothing, with the reason in `why`.
    std::optional<std::size_t> add(const std::string& regex, std::string& why);

    /// Looks for the regex in valid UTF-8. Backtracking first, which is fast on all but hostile input, then
    /// without backtracking; `gave_up` where the allowance ends before either has an answer.
    outcome find(std::size_t regex, std::string_view text, allowance& steps, span& where) const;

 private:
    template <auto Free>
    struct freer {
        template <class T>
        void operator()(T* what) const {
            Free(what);
        }
    };

    std::unique_ptr<pcre2_compile_context, freer<pcre2_compile_context_free>> rules_;
    std::unique_ptr<pcre2_match_context, freer<pcre2_match_context_free>> limits_;
    std::unique_ptr<pcre2_match_data, freer<pcre2_match_data_free>> found_;
    std::vector<std::unique_ptr<pcre2_code, freer<pcre2_code_free>>> regexes_;
    mutable std::vector<int> workspace_;
};

}  // namespace kith
