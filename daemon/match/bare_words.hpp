/// What is left of a message without all that says nothing: whom it names, links, punctuation, emoji.
#pragma once

#include "daemon/match/fold.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// The words, one space between them.
struct bare_words {
    std::string text;
    std::vector<std::size_t> from;  ///< for each byte of `text`, its place in the folded text

    /// What stood between two words and ends a part of a sentence: a comma, a question mark, an emoji.
    struct sign {
        std::size_t at = 0;  ///< behind so many bytes of `text`
        char32_t what = 0;
    };
    std::vector<sign> signs;  ///< in their order
};

/// Nothing at all if more than `most` bytes would be left. Costs time linear in the text.
bare_words bare(std::string_view folded_text, std::size_t most);

/// A letter or digit of ASCII, in folded text.
constexpr bool is_ascii_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Is this written without spaces between words (Chinese, Japanese, Thai, ...)?
bool is_unspaced(char32_t c) noexcept;

/// The character that starts at `at`, and the one that ends there; 0 at the edges of the text.
char32_t character_at(std::string_view text, std::size_t at) noexcept;
char32_t character_before(std::string_view text, std::size_t at) noexcept;

}  // namespace kith
