/// The second factor: codes of RFC 6238 (SHA-1, 30 seconds, 6 digits: what every authenticator app speaks),
/// and the codes for who has lost the app.
#pragma once

#include "daemon/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::console {

/// 160 random bits, in base32 without padding: what the app is given.
std::string new_totp_secret();
/// What a QR code tells the app.
std::string totp_uri(std::string_view secret, std::string_view house, std::string_view login);

/// The code of a moment.
std::string totp_code(std::string_view secret, timestamp at, unsigned digits = 6);

/// The step that `code` is of: now, the one before or the one after, and later than `after`, which is the
/// last that was taken. Nothing if it is none of them.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, timestamp at,
                                         std::int64_t after);

/// Ten, each good for once: "abcd-efgh-ijkl-mnop", 80 random bits.
std::vector<std::string> new_recovery_codes();
/// Of a code as a person types it: blanks, hyphens and case do not count. So many random bits need no slow
/// hash.
std::string recovery_hash(std::string_view code);

}  // namespace kith::console
