#pragma once

#include <cstddef>
#include <string_view>

namespace kith {

/// Length of a text in a platform's own unit.
struct text_length {
    std::size_t used = 0;
    std::size_t limit = 0;
    std::string_view unit;  ///< "graphemes", "characters", ...
};

}  // namespace kith
