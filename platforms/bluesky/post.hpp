/// The post that a reply becomes: fixed to the last byte before the first attempt.
#pragma once

#include "daemon/model/delivery.hpp"
#include "daemon/model/error.hpp"
#include "platforms/bluesky/json.hpp"

#include <map>
#include <optional>
#include <string>

namespace kith::bluesky {

/// What a reply needs besides its own text.
struct post_context {
    std::string did;                          ///< ours
    std::string language;                     ///< BCP 47; empty: none is stated
    std::map<std::string, std::string> dids;  ///< of the handles in the text that could be resolved
};

/// The body of com.atproto.repo.putRecord. The same arguments give the same bytes, always. `refused` where
/// the target cannot be answered or the text is too long or empty.
result<prepared_reply> make_post(const approved_reply& r, const idempotency_key& key,
                                 const post_context& with);

/// What `make_post` wrote, read back.
struct planned_post {
    std::string did;
    std::string rkey;
    json::object record;
    std::string uri() const;
};
std::optional<planned_post> read_post(const std::string& prepared);

/// Whether the record that stands at our address is the one we meant to put there.
bool is_same_post(const json::object& found, const json::object& meant);

}  // namespace kith::bluesky
