/// How a receiver knows that a notification is ours, and not an old one played again. Pure.
#pragma once

#include "daemon/model/time.hpp"

#include <string>

namespace kith {

/// The value of Kith-Signature: "t=1790000000,v1=" and the HMAC-SHA256, in hex, of "1790000000." and the
/// body.
std::string notification_signature(const std::string& secret, timestamp at, const std::string& body);

}  // namespace kith
