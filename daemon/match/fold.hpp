/// One form for all the ways to write the same words, with the way back to what was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// Text in one form: lower case, without accents, in normal width, white space as single spaces (none at the
/// ends), ASCII quotes and dashes, no invisible characters. Always valid UTF-8: bytes that are not become
/// U+FFFD.
///
/// Accents go where they vary a letter (Latin, Greek, Cyrillic, Arabic, Hebrew); marks that make the letter,
/// as in Devanagari, Thai or Japanese, and Cyrillic й, stay.
class folded {
 public:
    std::string text;

    /// Where the bytes [begin, end) of `text` come from in the original: the first byte, and one past the
    /// last.
    std::size_t original_begin(std::size_t begin) const noexcept;
    std::size_t original_end(std::size_t end) const noexcept;

 private:
    friend class folder;
    struct source {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    std::vector<source> from_;  ///< for each byte of `text`
};

/// Costs time and memory linear in `text`, whatever it holds. Reads at most the first 2 GiB.
folded fold(std::string_view text);

/// The folded form of one character; may be empty or several characters.
std::string fold_character(char32_t c);

/// As much of `text` as fits into `most` bytes, cut between characters.
std::string_view cut(std::string_view text, std::size_t most) noexcept;

}  // namespace kith
