#include "daemon/console/totp.hpp"

#include "daemon/model/sha256.hpp"
#include "daemon/net/http.hpp"

#include <liboath/oath.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <memory>

namespace kith::console {

namespace {

constexpr std::size_t totp_digits = 32;  // 160 bits: RFC 4226, section 4, asks for them
constexpr std::int64_t step_seconds = 30;
constexpr unsigned digits_shown = 6;
constexpr std::size_t recovery_count = 10, recovery_group = 4;
constexpr std::size_t recovery_digits = 24;  // 120 bits: OWASP ASVS 5.0, 6.5.2, asks for 112

/// The secret's bytes; empty for what is no base32.
std::string bytes_of(std::string_view secret) {
    char* out = nullptr;
    std::size_t length = 0;
    if (oath_base32_decode(secret.data(), secret.size(), &out, &length) != OATH_OK) return {};
    const std::unique_ptr<char, decltype(&std::free)> owned(out, &std::free);
    return {out, length};
}

std::int64_t step_at(timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() / step_seconds;
}

std::string code_of(const std::string& key, std::int64_t step, unsigned digits) {
    std::array<char, 16> out{};
    if (oath_hotp_generate(key.data(), key.size(), static_cast<std::uint64_t>(step), digits, false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, out.data()) != OATH_OK)
        return {};
    return out.data();
}

}  // namespace

std::string new_totp_secret() {
    auto out = random_base32(totp_digits);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::string totp_uri(std::string_view secret, std::string_view house, std::string_view login) {
    const auto issuer = net::percent_encode("Kith " + std::string(house));
    return "otpauth://totp/" + issuer + ":" + net::percent_encode(login) + "?secret=" + std::string(secret) +
           "&issuer=" + issuer + "&algorithm=SHA1&digits=6&period=30";
}

std::string totp_code(std::string_view secret, timestamp at, unsigned digits) {
    return code_of(bytes_of(secret), step_at(at), digits);
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, timestamp at,
                                         std::int64_t after) {
    const auto key = bytes_of(secret);
    if (key.empty() || code.size() != digits_shown) return std::nullopt;
    std::optional<std::int64_t> found;
    const auto current = step_at(at);
    // All three are looked at, whichever it is.
    for (auto step = current - 1; step <= current + 1; ++step)
        if (equal_secrets(code_of(key, step, digits_shown), code) && step > after) found = step;
    return found;
}

std::vector<std::string> new_recovery_codes() {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < recovery_count; ++i) {
        auto code = random_base32(recovery_digits);
        for (auto at = recovery_digits - recovery_group; at > 0; at -= recovery_group)
            code.insert(at, 1, '-');
        out.push_back(std::move(code));
    }
    return out;
}

std::string recovery_hash(std::string_view code) {
    std::string bare;
    for (const char c : code)
        if (std::isalnum(static_cast<unsigned char>(c)))
            bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return sha256_hex(bare);
}

}  // namespace kith::console
