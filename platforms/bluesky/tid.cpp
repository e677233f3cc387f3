#include "platforms/bluesky/tid.hpp"

#include <openssl/sha.h>

#include <array>

namespace kith::bluesky {

std::string make_tid(timestamp approved_at, const idempotency_key& key) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(key.value.data()), key.value.size(), digest.data());
    std::uint64_t noise = 0;
    for (std::size_t i = 0; i < 8; ++i) noise = noise << 8 | digest[i];

    const std::uint64_t clock = noise & 0x3ff;
    const std::uint64_t back = (noise >> 10) % 1'000'000;
    const std::int64_t stated = to_micros(approved_at);
    const std::uint64_t micros = stated > 1'000'000 ? static_cast<std::uint64_t>(stated) - back : back;
    std::uint64_t n = (micros & ((std::uint64_t{1} << 53) - 1)) << 10 | clock;

    static constexpr char sortable[] = "234567abcdefghijklmnopqrstuvwxyz";
    std::string out(13, '2');
    for (std::size_t i = out.size(); i-- > 0; n >>= 5) out[i] = sortable[n & 31];
    return out;
}

}  // namespace kith::bluesky
