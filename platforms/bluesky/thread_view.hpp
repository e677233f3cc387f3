/// app.bsky.feed.getPostThread, read. Pure.
#pragma once

#include "platforms/bluesky/record.hpp"

namespace kith::bluesky {

/// The thread around `target`, from the answer to getPostThread. A target that the answer does not show has
/// no `target_revision` and may not be answered. Nothing where the answer is no thread at all.
std::optional<thread> read_thread(const json::object& answer, const message& target, const viewpoint& we);

/// The thread of a target that is gone.
thread gone(std::string why);

}  // namespace kith::bluesky
