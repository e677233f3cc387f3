/// Makes DAG-CBOR, CARs and firehose frames for tests.
#pragma once

#include <openssl/sha.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::bluesky::test {

inline std::string head(unsigned major, std::uint64_t n) {
    const auto first = [&](unsigned minor) { return std::string(1, static_cast<char>(major << 5 | minor)); };
    if (n < 24) return first(static_cast<unsigned>(n));
    const int size = n < 0x100 ? 0 : n < 0x10000 ? 1 : n < 0x100000000 ? 2 : 3;
    std::string out = first(24 + static_cast<unsigned>(size));
    for (int shift = (8 << size) - 8; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 0xff);
    return out;
}

inline std::string number(std::int64_t n) {
    return n >= 0 ? head(0, static_cast<std::uint64_t>(n)) : head(1, static_cast<std::uint64_t>(-1 - n));
}
inline std::string text(std::string_view s) {
    return head(3, s.size()) + std::string(s);
}
inline std::string bytes(std::string_view s) {
    return head(2, s.size()) + std::string(s);
}
inline std::string cid_link(std::string_view cid) {
    return head(6, 42) + bytes(std::string(1, '\0') + std::string(cid));
}
inline std::string null() {
    return "\xf6";
}
inline std::string array(const std::vector<std::string>& items) {
    std::string out = head(4, items.size());
    for (const auto& each : items) out += each;
    return out;
}
inline std::string map(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out = head(5, fields.size());
    for (const auto& [key, value] : fields) out += text(key) + value;
    return out;
}

/// The binary content id of a DAG-CBOR block.
inline std::string cid_of(std::string_view block) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(block.data()), block.size(), digest);
    return std::string("\x01\x71\x12\x20", 4) + std::string(reinterpret_cast<char*>(digest), sizeof digest);
}

inline std::string varint(std::uint64_t n) {
    std::string out;
    for (; n >= 0x80; n >>= 7) out += static_cast<char>((n & 0x7f) | 0x80);
    return out + static_cast<char>(n);
}

inline std::string car(const std::vector<std::string>& blocks) {
    const std::string header = map({{"roots", array({})}, {"version", number(1)}});
    std::string out = varint(header.size()) + header;
    for (const auto& block : blocks) out += varint(36 + block.size()) + cid_of(block) + block;
    return out;
}

struct op {
    std::string action, path, block;
};

/// A #commit of `did`: an op without a block is a deletion.
inline std::string commit(std::int64_t seq, std::string_view did, const std::vector<op>& ops,
                          std::string_view time = "2026-11-23T04:12:00.000Z") {
    std::vector<std::string> list, blocks;
    for (const op& each : ops) {
        const bool gone = each.action == "delete";
        list.push_back(map({{"cid", gone ? null() : cid_link(cid_of(each.block))},
                            {"path", text(each.path)},
                            {"action", text(each.action)}}));
        if (!gone) blocks.push_back(each.block);
    }
    return map({{"t", text("#commit")}, {"op", number(1)}}) + map({{"ops", array(list)},
                                                                   {"seq", number(seq)},
                                                                   {"repo", text(did)},
                                                                   {"time", text(time)},
                                                                   {"blocks", bytes(car(blocks))}});
}

inline std::string error_frame(std::string_view name) {
    return map({{"op", number(-1)}}) + map({{"error", text(name)}, {"message", text("said so")}});
}
inline std::string info_frame(std::string_view name) {
    return map({{"t", text("#info")}, {"op", number(1)}}) + map({{"name", text(name)}});
}

inline std::string mention_of(std::string_view did) {
    return map({{"index", map({{"byteEnd", number(5)}, {"byteStart", number(0)}})},
                {"features",
                 array({map({{"$type", text("app.bsky.richtext.facet#mention")}, {"did", text(did)}})})}});
}
/// A post that mentions `did`, or nobody.
inline std::string post(std::string_view words, std::string_view did = {}) {
    std::vector<std::pair<std::string, std::string>> fields{{"text", text(words)},
                                                            {"$type", text("app.bsky.feed.post")},
                                                            {"createdAt", text("2026-11-23T04:11:59.500Z")}};
    if (!did.empty()) fields.emplace_back("facets", array({mention_of(did)}));
    return map(fields);
}

}  // namespace kith::bluesky::test
