/// Characters in bytes, as far as Bluesky's texts need them.
#pragma once

#include <cstdint>
#include <string_view>

namespace kith::bluesky {

/// One character at `at`. `size` is 0 where the bytes there are not UTF-8 (overlong forms and surrogates
/// included).
struct character {
    char32_t code = 0;
    std::size_t size = 0;
};
character character_at(std::string_view text, std::size_t at) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// White space in the sense of JavaScript's \s, by which Bluesky's own client finds links.
bool is_space(char32_t c) noexcept;

}  // namespace kith::bluesky
