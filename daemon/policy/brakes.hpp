/// When a playbook is paused by itself. Pure: from counts and bounds to a reason, or none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kith {

/// More than `percent` of the last `of_last`. Fewer than that many count as if the missing ones had gone
/// well, so that a new playbook is not paused for its first rejection.
struct bound {
    int percent = 100;
    std::int64_t of_last = 1;
};

struct brake_bounds {
    bound rejections{50, 20};  ///< of a person's decisions on its replies
    bound complaints{10, 20};  ///< of its replies that were posted
    bound opt_outs{5, 40};     ///< of its replies that were posted
};

/// Each within the bound's own `of_last`, and since a person last resumed the playbook.
struct brake_counts {
    std::int64_t rejections = 0, complaints = 0, opt_outs = 0;
};

/// Why the playbook should be paused, in words; nothing while it is within its bounds.
std::optional<std::string> reason_to_pause(const brake_counts& counts, const brake_bounds& bounds);

}  // namespace kith
