/// From Bluesky's records and views to Kith's messages. Pure.
#pragma once

#include "daemon/model/message.hpp"
#include "platforms/bluesky/uri.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kith::bluesky {

/// Where a post was found.
struct post_source {
    std::string uri;
    std::string cid;
    identity author;
    timestamp seen_at{};  ///< taken as the time of writing where the record names none
};

/// What our posts carry as `via`, so that another Kith lets them be.
inline constexpr std::string_view software = "kith";

/// Who we are, for telling what is addressed to us.
struct viewpoint {
    std::string did;
    std::string web = "https://bsky.app";  ///< base of the links for people
};

/// Whether the record mentions us, answers a post of ours, or quotes one. By the record alone, so that the
/// firehose and the notifications agree: an answer to somebody else below a post of ours is not addressed to
/// us.
bool is_addressed(const json::object& record, std::string_view our_did);

/// In which way; `none` where it is not addressed to us. An answer that also names us is an answer.
way way_to_us(const json::object& record, std::string_view our_did);

/// Nothing where the record is no post, or breaks the limits that Bluesky sets for one.
std::optional<message> to_message(const post_source& from, const json::object& record, const viewpoint& we);

/// From a profile view (profileViewBasic and its larger kin).
identity to_identity(const json::object& profile);

/// https://bsky.app/profile/<handle or did>/post/<rkey>; empty where the address is no post's.
std::string post_url(const viewpoint& we, const identity& author, std::string_view uri);

/// What an answer to the message must refer to, kept in `message::extra`.
struct reply_refs {
    strong_ref root;
    strong_ref parent;  ///< the message itself
};
/// Nothing where `extra` is not what `to_message` wrote.
std::optional<reply_refs> refs_to_answer(const message& m);

}  // namespace kith::bluesky
