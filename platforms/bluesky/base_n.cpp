#include "platforms/bluesky/base_n.hpp"

#include <cstdint>

namespace kith::bluesky {
namespace {

/// `bits` a digit, the last digit filled up with zero bits.
std::string encode(std::string_view bytes, const char* alphabet, unsigned bits) {
    std::string out;
    out.reserve(bytes.size() * 8 / bits + 1);
    std::uint32_t held = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        count += 8;
        while (count >= bits) {
            count -= bits;
            out += alphabet[held >> count & ((1U << bits) - 1)];
        }
        held &= (1U << count) - 1;
    }
    if (count > 0) out += alphabet[held << (bits - count) & ((1U << bits) - 1)];
    return out;
}

int digit64url(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

}  // namespace

std::string base64(std::string_view bytes) {
    return encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6);
}

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t held = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int digit = digit64url(c);
        if (digit < 0) return std::nullopt;
        held = (held << 6 | static_cast<std::uint32_t>(digit)) & 0xffffff;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(held >> count & 0xff);
    }
    return out;
}

std::string cid_text(std::string_view binary) {
    return "b" + encode(binary, "abcdefghijklmnopqrstuvwxyz234567", 5);
}

}  // namespace kith::bluesky
