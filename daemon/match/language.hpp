/// Language tags, as far as Kith compares them.
#pragma once

#include <string>
#include <string_view>

namespace kith {

/// "en" of "en-GB", in lower case; empty for what is no language or unknown ("und").
std::string primary_language(std::string_view tag);

}  // namespace kith
