/// Whether a word with dots in it is a domain.
#pragma once

#include <string_view>

namespace kith::bluesky {

/// Labels of letters, digits and hyphens under a top-level domain that exists (countries, and the generic
/// ones that people use): "example.com" is one, "e.g.this" and "report.pdf" are not.
bool is_domain(std::string_view text);

/// The form of a handle (https://atproto.com/specs/handle): any top-level domain, ".test" too.
bool is_handle(std::string_view text);

}  // namespace kith::bluesky
