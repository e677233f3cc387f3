/// The record key of a reply, fixed by what was approved: each attempt has the same one.
#pragma once

#include "daemon/model/delivery.hpp"

#include <string>

namespace kith::bluesky {

/// A TID (https://atproto.com/specs/tid): 13 characters, 53 bits of microseconds and 10 bits that tell clocks
/// apart. The key alone must tell apart what a person approved in one go, at one time, and 10 bits are few:
/// so the key also takes up to a second off the time, which gives 30 bits in all.
std::string make_tid(timestamp approved_at, const idempotency_key& key);

}  // namespace kith::bluesky
