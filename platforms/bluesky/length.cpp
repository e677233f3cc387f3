#include "platforms/bluesky/length.hpp"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <memory>

namespace kith::bluesky {
namespace {

constexpr std::size_t most_graphemes = 300;
constexpr std::size_t most_bytes = 3'000;

/// ICU's break iterator is costly to make, and each caller of a `capabilities::length` may be on its own
/// thread.
UBreakIterator* graphemes() {
    struct closer {
        void operator()(UBreakIterator* it) const noexcept { ubrk_close(it); }
    };
    thread_local const std::unique_ptr<UBreakIterator, closer> it = [] {
        UErrorCode code = U_ZERO_ERROR;
        std::unique_ptr<UBreakIterator, closer> made(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &code));
        if (U_FAILURE(code)) throw std::runtime_error("ICU has no data for graphemes");
        return made;
    }();
    return it.get();
}

std::size_t count_graphemes(std::string_view text) {
    UErrorCode code = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, text.data(), static_cast<std::int64_t>(text.size()), &code);
    UBreakIterator* it = graphemes();
    ubrk_setUText(it, &view, &code);
    std::size_t n = 0;
    if (U_SUCCESS(code))
        while (ubrk_next(it) != UBRK_DONE) ++n;
    utext_close(&view);
    return U_SUCCESS(code) ? n : text.size();
}

}  // namespace

text_length count_length(std::string_view text) {
    const std::size_t used = count_graphemes(text);
    if (text.size() > most_bytes && used <= most_graphemes) return {text.size(), most_bytes, "bytes"};
    return {used, most_graphemes, "graphemes"};
}

}  // namespace kith::bluesky
