#pragma once

#include <string>
#include <string_view>

namespace kith {

/// SHA-256 as 64 hex digits.
std::string sha256_hex(std::string_view bytes);

/// Base32 (RFC 4648, lower case, no padding) of random bytes from the system.
std::string random_base32(std::size_t digits);

/// Whether two secrets are equal, in a time that tells nothing but their lengths.
bool equal_secrets(std::string_view a, std::string_view b) noexcept;

}  // namespace kith
