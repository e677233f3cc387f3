/// What stands in {{ braces }} in a reply's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kith {

struct piece {
    enum class kind {
        text,
        name,   ///< of {{ name }}, without its braces and spaces
        stray,  ///< braces that open or close nothing
    };
    kind is = kind::text;
    std::string_view text;
};

/// The text in its pieces, in order. The pieces look into `text`.
std::vector<piece> pieces(std::string_view text);

/// Without the spaces and tabs at its ends.
std::string_view trim(std::string_view text) noexcept;

/// The ID of "answer.ID", or empty.
std::string_view answer_id(std::string_view name) noexcept;

}  // namespace kith
