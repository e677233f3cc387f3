#include "daemon/suggest/placeholder.hpp"

#include <algorithm>

namespace kith {

namespace {}  // namespace

std::string_view trim(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<piece> pieces(std::string_view text) {
    std::vector<piece> out;
    while (!text.empty()) {
        const std::size_t open = text.find("{{");
        const std::size_t close = text.find("}}");
        const std::size_t next = std::min(open, close);
        if (next > 0) out.push_back({piece::kind::text, text.substr(0, next)});
        if (next == std::string_view::npos) break;
        text.remove_prefix(next);
        // What opens must close before anything else opens.
        const std::size_t end = next == open ? text.find("}}", 2) : std::string_view::npos;
        if (end == std::string_view::npos || text.find("{{", 2) < end) {
            out.push_back({piece::kind::stray, text.substr(0, 2)});
            text.remove_prefix(2);
        } else {
            out.push_back({piece::kind::name, trim(text.substr(2, end - 2))});
            text.remove_prefix(end + 2);
        }
    }
    return out;
}

std::string_view answer_id(std::string_view name) noexcept {
    constexpr std::string_view prefix = "answer.";
    return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view{};
}

}  // namespace kith
