/// Where words start and end, in every script.
#pragma once

#include <unicode/brkiter.h>

#include <memory>
#include <string_view>
#include <vector>

namespace kith {

/// ICU's word boundaries of one text at a time (dictionaries for Chinese, Japanese, Thai, Lao, Khmer and
/// Burmese). Not thread-safe. Finding them costs time linear in the text, and is put off until they are asked
/// for.
class word_edges {
 public:
    word_edges();

    /// The text must outlive the questions about it, and be valid UTF-8.
    void of(std::string_view folded) noexcept;

    /// Do whole words stand in [begin, end)? What follows an apostrophe starts a word too: l'ordinateur.
    bool whole(std::size_t begin, std::size_t end);

    /// Does a word start or end at this byte?
    bool edge(std::size_t at);

 private:
    void find();

    std::unique_ptr<icu::BreakIterator> breaks_;
    std::string_view text_;
    std::vector<bool> edges_;
    bool found_ = false;
};

}  // namespace kith
