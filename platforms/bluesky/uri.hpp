/// at://did/collection/rkey, and a reference to one revision of it.
#pragma once

#include "platforms/bluesky/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kith::bluesky {

inline constexpr std::string_view post_collection = "app.bsky.feed.post";
inline constexpr std::string_view block_collection = "app.bsky.graph.block";

/// Views into the text that was parsed.
struct at_uri {
    std::string_view did;
    std::string_view collection;
    std::string_view rkey;

    /// Nothing where it is not the address of a record whose owner is named by a DID.
    static std::optional<at_uri> parse(std::string_view text) noexcept;
};

std::string make_uri(std::string_view did, std::string_view collection, std::string_view rkey);

/// com.atproto.repo.strongRef
struct strong_ref {
    std::string uri;
    std::string cid;

    /// Nothing where either part is missing or the address is that of no record.
    static std::optional<strong_ref> read(const json::object* from);
    json::object to_json() const;
};

}  // namespace kith::bluesky
