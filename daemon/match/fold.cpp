#include "daemon/match/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace kith {

namespace {

/// More marks than this on one letter are ornament: they are folded by themselves, so that nobody can make
/// the ordering of marks, which is quadratic in their number, cost anything.
constexpr int most_marks = 30;

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    return *get(status);  // ICU's own data: there is no way for this to fail that could be recovered from
}

struct normalizers {
    const icu::Normalizer2& casefold = normalizer(icu::Normalizer2::getNFKCCasefoldInstance);
    const icu::Normalizer2& apart = normalizer(icu::Normalizer2::getNFDInstance);
    const icu::Normalizer2& together = normalizer(icu::Normalizer2::getNFCInstance);
};

const normalizers& forms() {
    static const normalizers all;
    return all;
}

/// What people type, or their keyboard makes, for the ASCII sign.
UChar32 plain(UChar32 c) noexcept {
    switch (c) {
        case 0x60:
        case 0xB4:
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
        case 0x2032:
        case 0x02B9:
        case 0x02BC:
        case 0xFF07:
        case 0x55A:
            return '\'';
        case 0xAB:
        case 0xBB:
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x201F:
        case 0x2033:
            return '"';
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2015:
        case 0x2212:
            return '-';
        default:
            return c;
    }
}

/// Does this mark only vary the letter under it? Not the voicing marks of kana, nor the breve of й.
bool is_accent(UChar32 mark, UChar32 letter) noexcept {
    if (u_charType(mark) != U_NON_SPACING_MARK || mark == 0x3099 || mark == 0x309A) return false;
    if (mark == 0x306 && letter == 0x438) return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(mark, &status)) {
        case USCRIPT_INHERITED:
        case USCRIPT_COMMON:
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
        case USCRIPT_CYRILLIC:
        case USCRIPT_ARABIC:
        case USCRIPT_HEBREW:
            return true;
        default:
            return false;
    }
}

/// The accents of emoji.
bool is_skin_tone(UChar32 c) noexcept {
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

icu::UnicodeString without_accents(const icu::UnicodeString& decomposed) {
    icu::UnicodeString kept;
    UChar32 letter = 0;
    for (int32_t i = 0; i < decomposed.length();) {
        const UChar32 c = decomposed.char32At(i);
        i += U16_LENGTH(c);
        if (u_getCombiningClass(c) == 0) letter = c;
        if (!is_accent(c, letter)) kept.append(c);
    }
    return kept;
}

/// One letter with its marks.
icu::UnicodeString fold_cluster(const icu::UnicodeString& cluster) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString apart =
        forms().apart.normalize(forms().casefold.normalize(cluster, status), status);
    return forms().together.normalize(without_accents(apart), status);
}

}  // namespace

/// Writes one folded text, left to right.
class folder {
 public:
    explicit folder(std::string_view text) : in_(text) {
        out_.text.reserve(text.size());
        out_.from_.reserve(text.size());
    }

    folded run() {
        while (at_ < in_.size()) {
            const auto c = static_cast<unsigned char>(in_[at_]);
            const bool alone = at_ + 1 == in_.size() || static_cast<unsigned char>(in_[at_ + 1]) < 0x80;
            if (c < 0x80 && alone)
                ascii(c);
            else
                cluster();
        }
        if (out_.text.ends_with(' ')) {
            out_.text.pop_back();
            out_.from_.pop_back();
        }
        return std::move(out_);
    }

 private:
    void ascii(unsigned char c) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<unsigned char>(c + ('a' - 'A'));
        else if (c == '`')
            c = '\'';
        const std::size_t begin = at_++;
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            space(begin);
        else
            byte(static_cast<char>(c), begin);
    }

    /// A letter and the marks on it, wherever they are more than one ASCII byte.
    void cluster() {
        const std::size_t begin = at_;
        icu::UnicodeString letter;
        int marks = 0;
        do {
            letter.append(plain(next()));
        } while (at_ < in_.size() && ++marks <= most_marks && !forms().casefold.hasBoundaryBefore(peek()));
        const icu::UnicodeString done = fold_cluster(letter);
        for (int32_t i = 0; i < done.length();) {
            const UChar32 c = done.char32At(i);
            i += U16_LENGTH(c);
            put(c, begin);
        }
    }

    UChar32 next() {
        auto i = static_cast<int32_t>(at_);
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(in_.data(), i, static_cast<int32_t>(in_.size()), c);
        at_ = static_cast<std::size_t>(i);
        return c;
    }

    UChar32 peek() {
        const std::size_t here = at_;
        const UChar32 c = next();
        at_ = here;
        return c;
    }

    void put(UChar32 c, std::size_t begin) {
        if (u_isUWhiteSpace(c)) return space(begin);
        if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || is_skin_tone(c)) return;
        char bytes[U8_MAX_LENGTH];
        int32_t n = 0;
        U8_APPEND_UNSAFE(bytes, n, c);
        for (int32_t i = 0; i < n; ++i) byte(bytes[i], begin);
    }

    void space(std::size_t begin) {
        if (!out_.text.empty() && out_.text.back() != ' ') byte(' ', begin);
    }

    void byte(char c, std::size_t begin) {
        out_.text.push_back(c);
        out_.from_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
    }

    std::string_view in_;
    std::size_t at_ = 0;
    folded out_;
};

std::size_t folded::original_begin(std::size_t begin) const noexcept {
    if (begin < from_.size()) return from_[begin].begin;
    return from_.empty() ? 0 : from_.back().end;
}

std::size_t folded::original_end(std::size_t end) const noexcept {
    if (end == 0 || from_.empty()) return 0;
    return from_[std::min(end, from_.size()) - 1].end;
}

folded fold(std::string_view text) {
    return folder(cut(text, INT32_MAX)).run();
}

std::string fold_character(char32_t c) {
    char bytes[U8_MAX_LENGTH];
    int32_t n = 0;
    UBool bad = false;
    U8_APPEND(bytes, n, U8_MAX_LENGTH, static_cast<UChar32>(c), bad);
    return bad ? std::string() : fold(std::string_view(bytes, static_cast<std::size_t>(n))).text;
}

std::string_view cut(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most) return text;
    std::size_t end = most;
    // A character has at most three bytes after its first; more than that is not UTF-8 and has no characters.
    for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i) --end;
    return text.substr(0, end);
}

}  // namespace kith
