/// A person's yes, whichever way it comes: at the console, by a program, by a link.
#pragma once

#include "daemon/console/item_view.hpp"

namespace kith::console {

struct yes {
    std::int64_t id = 0;
    std::string hash;
    bool despite_claim = false;
};

/// `conflict` while somebody else is deciding on it.
result<void> must_be_unclaimed(const api_context& c, const queue_item& item, const identity& who);

/// One approval: the canary's answer, or nothing where a reply was approved. It can be taken back for as long
/// as the queue's `undo` says. `refused` where two people are wanted and `who` may be the same as the other.
awaitable<result<std::optional<boost::json::object>>> say_yes(api_context& c, yes what,
                                                              const queue_item& item, identity who);

}  // namespace kith::console
