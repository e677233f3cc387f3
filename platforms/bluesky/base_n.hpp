/// Bytes as text and back: base64 for bytes in JSON and for tokens, base32 for content ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith::bluesky {

/// RFC 4648 without padding, as atproto writes bytes in JSON.
std::string base64(std::string_view bytes);

/// Reads the URL-safe alphabet without padding, as in a JWT. Nothing if it is not that.
std::optional<std::string> from_base64url(std::string_view text);

/// A binary content id as people and JSON write it: "b" and lower-case base32 (multibase).
std::string cid_text(std::string_view binary);

}  // namespace kith::bluesky
