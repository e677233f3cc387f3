/// DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/), the encoding of the firehose.
///
/// A decoder of our own: libcbor takes a hostile length at its word and reserves memory for it, and accepts
/// what DAG-CBOR forbids. This one is bounded in depth and items, and copies nothing.
#pragma once

#include "platforms/bluesky/json.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kith::bluesky::cbor {

/// One decoded item. Its views point into the bytes that were decoded.
struct value {
    struct field;
    enum class kind { null, boolean, integer, real, bytes, text, link, array, map };

    kind is = kind::null;
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view bytes;  ///< of bytes and text; of a link, the CID in binary without its leading 0x00
    std::vector<value> items;
    std::vector<field> fields;

    /// The field of a map, or null.
    const value* find(std::string_view key) const noexcept;
    /// The field if it is a text, bytes, link or integer; otherwise empty or nothing.
    std::string_view text(std::string_view key) const noexcept;
    std::string_view data(std::string_view key) const noexcept;
    std::string_view link(std::string_view key) const noexcept;
    std::optional<std::int64_t> number(std::string_view key) const noexcept;
};

struct value::field {
    std::string_view key;
    value item;
};

struct limits {
    std::size_t depth = 64;
    std::size_t items = 200'000;
};

/// Takes one item off the front of `input`. Nothing, and `input` as it was, where it is not DAG-CBOR: lengths
/// that run past the end or are not the shortest, indefinite lengths, tags but 42, keys that are no text or
/// stand twice, texts that are not UTF-8, numbers beyond 64 bits with a sign, or anything above the limits.
std::optional<value> take(std::string_view& input, const limits& within = {});

/// As the same record looks in XRPC's JSON: bytes are {"$bytes": base64}, links {"$link": CID}.
json::value to_json(const value& v);

}  // namespace kith::bluesky::cbor
