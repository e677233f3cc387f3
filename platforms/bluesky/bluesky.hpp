/// Bluesky (atproto). What it does, its options and its limits: README.md beside this file.
#pragma once

#include "platforms/platform.hpp"

#include <memory>

namespace kith::bluesky {

/// A `platform_maker`.
std::unique_ptr<platform> make(yaml::map_reader& from, const platform_context* context);

}  // namespace kith::bluesky
