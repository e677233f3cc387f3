/// The console's page as the program carries it: built by daemon/console/web/build.mjs, linked into kithd
/// only.
#pragma once

#include <span>
#include <string_view>

namespace kith::console {

struct page_file {
    std::string_view path;   ///< below /console/: "index.html", "assets/index-Bx3f.js"
    std::string_view type;   ///< Content-Type
    std::string_view etag;   ///< without quotes; of the content
    bool immutable = false;  ///< its name changes with its content
    std::string_view plain, brotli, gzip;
};

/// All of them, "index.html" among them.
std::span<const page_file> page_files() noexcept;

}  // namespace kith::console
