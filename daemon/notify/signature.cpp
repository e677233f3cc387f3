#include "daemon/notify/signature.hpp"

#include "daemon/digest/send.hpp"

namespace kith {

std::string notification_signature(const std::string& secret, timestamp at, const std::string& body) {
    const auto t = std::to_string(to_micros(at) / 1'000'000);
    const auto hmac = signature_of(secret, t + "." + body);  // "sha256=..."
    return "t=" + t + ",v1=" + hmac.substr(hmac.find('=') + 1);
}

}  // namespace kith
