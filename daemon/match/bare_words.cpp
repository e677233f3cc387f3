#include "daemon/match/bare_words.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace kith {

namespace {

bool is_mark(UChar32 c) noexcept {
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

/// Part of a word. Emoji's keycaps and variation marks have been folded away.
bool is_word(UChar32 c) noexcept {
    return u_isalnum(c) || is_mark(c);
}

class bare_walker {
 public:
    bare_walker(std::string_view text, std::size_t most) : in_(text), most_(most) {}

    bare_words run() {
        out_.text.reserve(std::min(in_.size(), most_));
        out_.from.reserve(std::min(in_.size(), most_));
        while (at_ < in_.size()) {
            if (const std::size_t n = plain(); n > 0) {
                word(at_ + n);
                if (out_.text.size() > most_) return {};
                continue;
            }
            if (in_[at_] == ' ') {
                gap_ = true;
                ++at_;
                continue;
            }
            if (const std::size_t n = names_somebody() + link() + emoji_by_name(); n > 0) {
                at_ += n;
                gap_ = true;
                continue;
            }
            character();
            if (out_.text.size() > most_) return {};
        }
        return std::move(out_);
    }

 private:
    std::string_view rest() const noexcept { return in_.substr(at_); }
    bool starts_token() const noexcept { return at_ == 0 || !is_ascii_word(in_[at_ - 1]); }

    /// Letters and digits of ASCII that begin no link, which most of what people write is: how many, or 0.
    std::size_t plain() const noexcept {
        const char first = in_[at_];
        if (!is_ascii_word(first) || ((first == 'h' || first == 'w') && starts_token())) return 0;
        std::size_t end = at_ + 1;
        while (end < in_.size() && is_ascii_word(in_[end])) ++end;
        return end - at_;
    }

    /// In /stop@the_bot.
    bool ends_command() const noexcept {
        constexpr std::size_t longest = 40;
        std::size_t n = at_;
        while (n > 0 && at_ - n < longest && (is_ascii_word(in_[n - 1]) || in_[n - 1] == '_')) --n;
        return n > 0 && n < at_ && in_[n - 1] == '/';
    }

    /// @handle, @name:server, <@123>, <#456>: its length, or 0.
    std::size_t names_somebody() const noexcept {
        constexpr std::size_t longest = 100;
        if (rest().size() > 2 && rest()[0] == '<' &&
            std::string_view("@#!:").find(rest()[1]) != std::string_view::npos) {
            const std::size_t end = rest().substr(0, longest).find('>');
            return end == std::string_view::npos ? 0 : end + 1;
        }
        if (rest()[0] != '@' || !(starts_token() || ends_command())) return 0;
        std::size_t n = 1;
        while (n < rest().size()) {
            const char c = rest()[n];
            if (is_ascii_word(c) || c == '_' || c == '.' || c == '-' || c == ':') {
                ++n;
                continue;
            }
            const auto wide = static_cast<UChar32>(character_at(in_, at_ + n));
            if (wide < 0x80 || !is_word(wide) || is_unspaced(static_cast<char32_t>(wide))) break;
            n += static_cast<std::size_t>(U8_LENGTH(wide));
        }
        return n;
    }

    std::size_t link() const noexcept {
        if (!starts_token()) return 0;
        for (const std::string_view start : {"https://", "http://", "www."})
            if (rest().starts_with(start)) return std::min(rest().find(' '), rest().size());
        return 0;
    }

    /// :wave:
    std::size_t emoji_by_name() const noexcept {
        constexpr std::size_t longest = 50;
        if (rest()[0] != ':' || !starts_token()) return 0;
        for (std::size_t n = 1; n < std::min(rest().size(), longest); ++n) {
            const char c = rest()[n];
            if (c == ':') return n > 1 ? n + 1 : 0;
            if (!is_ascii_word(c) && c != '_' && c != '+' && c != '-') return 0;
        }
        return 0;
    }

    /// A hyphen joins words unless it stands by itself, and a colon parts only a name or a single word from
    /// what is said: what stands behind "the page says:" is not the writer's.
    bool parts_a_sentence(char32_t c, std::size_t end) const noexcept {
        if (c == '-') return (at_ == 0 || in_[at_ - 1] == ' ') && (end == in_.size() || in_[end] == ' ');
        if (c == ':') return out_.signs.empty() && out_.text.find(' ') == std::string::npos;
        return c >= 0x80 ||
               std::string_view(".,;!?()[]{}\"").find(static_cast<char>(c)) != std::string_view::npos;
    }

    void character() {
        auto i = static_cast<int32_t>(at_);
        UChar32 c = 0;
        U8_NEXT_UNSAFE(in_.data(), i, c);
        const auto end = static_cast<std::size_t>(i);
        const bool joins = c == '\'' && !gap_ && !out_.text.empty() && end < in_.size() &&
                           u_isalpha(static_cast<UChar32>(character_at(in_, end)));
        if (!is_word(c) && !joins) {
            if (parts_a_sentence(static_cast<char32_t>(c), end))
                out_.signs.push_back({out_.text.size(), static_cast<char32_t>(c)});
            gap_ = true;
            at_ = end;
        } else {
            word(end);
        }
    }

    /// What stands up to `end` is part of a word.
    void word(std::size_t end) {
        if (gap_ && !out_.text.empty()) put(' ', at_);
        gap_ = false;
        out_.text.append(in_, at_, end - at_);
        for (; at_ < end; ++at_) out_.from.push_back(at_);
    }

    void put(char c, std::size_t from) {
        out_.text += c;
        out_.from.push_back(from);
    }

    std::string_view in_;
    std::size_t most_;
    std::size_t at_ = 0;
    bool gap_ = false;
    bare_words out_;
};

}  // namespace

bare_words bare(std::string_view folded_text, std::size_t most) {
    return bare_walker(folded_text, most).run();
}

bool is_unspaced(char32_t c) noexcept {
    if (c == 0x30FC || c == 0x3005) return true;  // marks that only stand in such words
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
            return true;
        default:
            return false;
    }
}

char32_t character_at(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return 0;
    auto i = static_cast<int32_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), i, static_cast<int32_t>(text.size()), c);
    return static_cast<char32_t>(c);
}

char32_t character_before(std::string_view text, std::size_t at) noexcept {
    if (at == 0) return 0;
    auto i = static_cast<int32_t>(at);
    UChar32 c = 0;
    U8_PREV_OR_FFFD(text.data(), 0, i, c);
    return static_cast<char32_t>(c);
}

}  // namespace kith
