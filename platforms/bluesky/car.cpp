#include "platforms/bluesky/car.hpp"

#include "platforms/bluesky/cbor.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <optional>

namespace kith::bluesky {
namespace {

/// Unsigned LEB128 of at most nine bytes (https://github.com/multiformats/unsigned-varint).
std::optional<std::uint64_t> take_varint(std::string_view& input) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < 9 && i < input.size(); ++i) {
        const auto byte = static_cast<unsigned char>(input[i]);
        n |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            input.remove_prefix(i + 1);
            return n;
        }
    }
    return std::nullopt;
}

/// How many bytes the content id at the front takes; 0 if there is none.
std::size_t cid_size(std::string_view input) {
    if (input.size() >= 34 && input[0] == 0x12 && input[1] == 0x20) return 34;  // version 0: a bare hash
    std::string_view rest = input;
    const auto version = take_varint(rest);
    const auto codec = take_varint(rest);
    const auto hash = take_varint(rest);
    const auto size = take_varint(rest);
    if (!version || *version != 1 || !codec || !hash || !size || *size > rest.size()) return 0;
    return input.size() - rest.size() + *size;
}

}  // namespace

result<blocks> read_car(std::string_view archive) {
    const auto header_size = take_varint(archive);
    if (!header_size || *header_size > archive.size()) return fail(errc::invalid, "no CAR header");
    std::string_view header_bytes = archive.substr(0, *header_size);
    archive.remove_prefix(*header_size);
    const auto header = cbor::take(header_bytes);
    if (!header || !header_bytes.empty() || header->number("version") != 1)
        return fail(errc::invalid, "not a CAR of version 1");

    blocks out;
    while (!archive.empty()) {
        const auto size = take_varint(archive);
        if (!size || *size > archive.size())
            return fail(errc::invalid, "a block runs past the end of its CAR");
        const std::string_view section = archive.substr(0, *size);
        archive.remove_prefix(*size);
        const std::size_t id = cid_size(section);
        if (id == 0) return fail(errc::invalid, "a block without a content id");
        out.emplace(section.substr(0, id), section.substr(id));
    }
    return out;
}

bool is_content_of(std::string_view cid, std::string_view block) {
    static constexpr std::string_view dag_cbor_sha256("\x01\x71\x12\x20", 4);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    if (cid.size() != dag_cbor_sha256.size() + digest.size() || !cid.starts_with(dag_cbor_sha256))
        return false;
    SHA256(reinterpret_cast<const unsigned char*>(block.data()), block.size(), digest.data());
    return std::memcmp(digest.data(), cid.data() + dag_cbor_sha256.size(), digest.size()) == 0;
}

}  // namespace kith::bluesky
