#include "daemon/console/page_files.hpp"

#include "files.inc"

namespace kith::console {

std::span<const page_file> page_files() noexcept {
    return files;
}

}  // namespace kith::console
