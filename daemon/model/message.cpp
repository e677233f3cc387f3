#include "daemon/model/message.hpp"

#include <array>

namespace kith {

namespace {

constexpr std::array<std::string_view, 6> ways = {"none", "mention", "reply", "quote", "direct", "comment"};

}  // namespace

std::string_view to_string(way w) noexcept {
    return ways[static_cast<std::size_t>(w)];
}

std::optional<way> way_from(std::string_view text) noexcept {
    for (std::size_t i = 0; i < ways.size(); ++i)
        if (ways[i] == text) return static_cast<way>(i);
    return std::nullopt;
}

}  // namespace kith
