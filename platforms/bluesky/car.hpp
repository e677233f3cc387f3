/// CAR v1 (https://ipld.io/specs/transport/car/carv1/): the blocks that come with a commit.
#pragma once

#include "daemon/model/error.hpp"

#include <string_view>
#include <unordered_map>

namespace kith::bluesky {

/// The blocks of one archive by their binary content id. All views point into the archive.
using blocks = std::unordered_map<std::string_view, std::string_view>;

/// `invalid` where it is no CAR v1, or a length runs past its end.
result<blocks> read_car(std::string_view archive);

/// Whether `block` is what the content id promises: SHA-256 of DAG-CBOR. Other hashes and codecs say no,
/// since atproto records have no others.
bool is_content_of(std::string_view cid, std::string_view block);

}  // namespace kith::bluesky
