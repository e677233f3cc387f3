/// The smallest platform: the model to copy, and the platform of tests/stories/. Its server is a few HTTP calls, which
/// README.md describes.
#pragma once

#include "platforms/platform.hpp"

namespace kith::loopback {

std::unique_ptr<platform> make(yaml::map_reader& options, const platform_context* context);

}  // namespace kith::loopback
