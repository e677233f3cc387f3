#include "daemon/match/word_edges.hpp"

#include <unicode/locid.h>
#include <unicode/utext.h>

#include <stdexcept>

namespace kith {

word_edges::word_edges() {
    UErrorCode status = U_ZERO_ERROR;
    breaks_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status))
        throw std::runtime_error(std::string("ICU has no word breaking: ") + u_errorName(status));
}

void word_edges::of(std::string_view folded) noexcept {
    text_ = folded;
    found_ = false;
}

bool word_edges::edge(std::size_t at) {
    if (!found_) find();
    return edges_[at];
}

bool word_edges::whole(std::size_t begin, std::size_t end) {
    if (!found_) find();
    const bool after_apostrophe = begin > 1 && text_[begin - 1] == '\'' && text_[begin - 2] != ' ';
    return edges_[end] && (edges_[begin] || after_apostrophe);
}

void word_edges::find() {
    found_ = true;
    edges_.assign(text_.size() + 1, false);
    UErrorCode status = U_ZERO_ERROR;
    UText utext = UTEXT_INITIALIZER;
    utext_openUTF8(&utext, text_.data(), static_cast<int64_t>(text_.size()), &status);
    breaks_->setText(&utext, status);
    if (U_FAILURE(status))
        throw std::runtime_error(std::string("ICU cannot break words: ") + u_errorName(status));
    for (int32_t at = breaks_->first(); at != icu::BreakIterator::DONE; at = breaks_->next())
        edges_[static_cast<std::size_t>(at)] = true;
    utext_close(&utext);  // the iterator holds a clone of its own
}

}  // namespace kith
