/// The length of a post as Bluesky counts it.
#pragma once

#include "platforms/platform.hpp"

#include <string_view>

namespace kith::bluesky {

/// Of 300 graphemes (Unicode's extended grapheme clusters); of 3,000 bytes where those are what is exceeded.
text_length count_length(std::string_view text);

}  // namespace kith::bluesky
