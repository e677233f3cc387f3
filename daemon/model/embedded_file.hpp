#pragma once

#include <span>
#include <string_view>

namespace kith {

/// A file of the source tree that the program carries inside itself (cmake/embed.cmake).
struct embedded_file {
    std::string_view name;  ///< without its folder
    std::string_view content;
};

}  // namespace kith
