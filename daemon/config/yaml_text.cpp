#include "daemon/config/yaml_text.hpp"

#include <algorithm>

namespace kith::yaml {

namespace {

bool continues(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The length of the valid UTF-8 sequence at `at`; 0 if there is none (overlong forms and surrogates are not
/// valid).
std::size_t sequence(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) -> unsigned {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned a = byte(0), b = byte(1);
    if (a < 0x80) return 1;
    if (a >= 0xC2 && a <= 0xDF) return tail(1) ? 2 : 0;
    if (a >= 0xE0 && a <= 0xEF) {
        if ((a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F)) return 0;
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (a >= 0xF0 && a <= 0xF4) {
        if ((a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F)) return 0;
        return tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

place locator::operator()(std::size_t offset) {
    offset = std::min(offset, text_.size());
    while (offset_ < offset) {
        if (text_[offset_] == '\n') {
            ++line_;
            column_ = 1;
        } else if (!continues(text_[offset_])) {
            ++column_;
        }
        ++offset_;
    }
    while (offset_ > offset) {
        --offset_;
        if (text_[offset_] == '\n') {
            --line_;
            const std::size_t start = offset_ == 0 ? 0 : text_.rfind('\n', offset_ - 1) + 1;  // npos + 1 is 0
            const std::string_view before = text_.substr(start, offset_ - start);
            column_ = 1 + static_cast<std::size_t>(std::count_if(before.begin(), before.end(),
                                                                 [](char c) { return !continues(c); }));
        } else if (!continues(text_[offset_])) {
            --column_;
        }
    }
    return {line_, column_};
}

std::optional<fault> check_bytes(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == 0) return fault{i, "there is a NUL byte here", "save the file as UTF-8 text"};
        if (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))
            return fault{i, "there is a carriage return alone here", "end lines with a line feed"};
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return fault{i, "there is a control character here", "remove it"};
        const std::size_t n = sequence(text, i);
        if (n == 0) return fault{i, "these bytes are not UTF-8", "save the file as UTF-8"};
        i += n;
    }
    return std::nullopt;
}

std::optional<std::size_t> end_of_quote(std::string_view text, std::size_t open) noexcept {
    const char quote = text[open];
    for (std::size_t i = open + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return i + 1;
            ++i;  // '' within single quotes is one quote
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> next_quote(std::string_view text, std::size_t from) noexcept {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '\'' || text[i] == '"') return i;
        const bool comment = text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\n');
        if (comment) i = std::min(text.find('\n', i), text.size());
    }
    return std::nullopt;
}

}  // namespace kith::yaml
