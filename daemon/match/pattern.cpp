#include "daemon/match/pattern.hpp"

#include "daemon/match/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace kith {

namespace {

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string composed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    const auto in = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    std::string out;
    nfc->normalize(in, status).toUTF8String(out);
    return out;
}

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Walks over a regex as far as is needed to tell its literals from the rest. What is not a regex at all
/// passes through: the engines say so.
class pattern_walker {
 public:
    explicit pattern_walker(std::string_view regex) : text_(composed(regex)), in_(text_) {}

    pattern run() {
        while (at_ < in_.size()) {
            if (rest().starts_with("\\Q"))
                quoted();
            else if (in_[at_] == '\\')
                escape();
            else if (rest().starts_with("(?#") && !in_class_)
                copy(through(")"));
            else if (rest().starts_with("[:") && in_class_)
                copy(through(":]"));
            else
                character();
        }
        return std::move(out_);
    }

 private:
    std::string_view rest() const noexcept { return in_.substr(at_); }

    /// How far the end of `mark` is from here; to the end where there is none.
    std::size_t through(std::string_view mark) const noexcept {
        const std::size_t found = in_.find(mark, at_ + 1);
        return found == std::string_view::npos ? in_.size() - at_ : found + mark.size() - at_;
    }

    void emit(std::string_view text) {
        out_.exact += text;
        out_.loose += text;
    }

    void copy(std::size_t n) {
        emit(in_.substr(at_, n));
        at_ += std::min(n, in_.size() - at_);
    }

    void quoted() {
        const std::size_t end = std::min(in_.find("\\E", at_ + 2), in_.size());
        at_ += 2;
        while (at_ < end) literal(next());
        at_ = std::min(end + 2, in_.size());
    }

    void escape() {
        const char c = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        if ((c == 'b' || c == 'B') && !in_class_) {
            out_.exact += in_.substr(at_, 2);
            out_.same = false;
            at_ += 2;
        } else if (c == 'x') {
            hex();
        } else if ((c == 'p' || c == 'P') && rest().substr(2).starts_with('{')) {
            copy(through("}"));
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            ++at_;
            literal(next());
        } else {
            copy(2);
        }
    }

    /// \xE9 and \x{e9} name a character that must be folded like one that is written out.
    void hex() {
        const bool braced = rest().substr(2).starts_with('{');
        const std::size_t length = braced ? through("}") : std::min<std::size_t>(4, in_.size() - at_);
        const std::string_view digits =
            braced && length > 4 ? in_.substr(at_ + 3, length - 4) : in_.substr(at_ + 2, 2);
        std::uint32_t c = 0;
        const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), c, 16);
        const bool whole = ec == std::errc{} && end == digits.data() + digits.size();
        if (!whole || c < 0x80 || c > 0x10FFFF) {
            copy(2);  // the engines judge the rest
        } else {
            at_ += length;
            literal(static_cast<char32_t>(c));
        }
    }

    void character() {
        const char c = in_[at_];
        if (static_cast<unsigned char>(c) >= 0x80 || c == '`') return literal(next());
        if (c == '[' && !in_class_) {
            in_class_ = true;
            copy(rest().starts_with("[^") ? 2 : 1);
            if (rest().starts_with(']')) copy(1);  // a bracket that stands first is only a bracket
            return;
        }
        if (c == ']') in_class_ = false;
        copy(1);
    }

    char32_t next() {
        auto i = static_cast<int32_t>(at_);
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(in_.data(), i, static_cast<int32_t>(in_.size()), c);
        at_ = static_cast<std::size_t>(i);
        return static_cast<char32_t>(c);
    }

    void literal(char32_t c) {
        const std::string folded = c == ' ' ? " " : fold_character(c);
        std::string safe;
        for (const char f : folded) safe += is_word(f) ? std::string(1, f) : std::string("\\") + f;
        if (characters(folded) > 1) {
            if (in_class_)
                out_.problems.push_back("a character in [...] is read as '" + folded +
                                        "', which is more than one");
            safe = "(?:" + safe + ")";
        }
        emit(safe);
    }

    std::string text_;
    std::string_view in_;
    std::size_t at_ = 0;
    bool in_class_ = false;
    pattern out_;
};

}  // namespace

pattern prepare(std::string_view regex) {
    return pattern_walker(regex).run();
}

std::string escaped(std::string_view literal) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : literal) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && is_word(c))
            out += c;
        else
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

}  // namespace kith
