/// A contact's way along the A-Path, from the evidence alone: the same evidence and rules give the same way,
/// whenever it is worked out. Pure.
#pragma once

#include "daemon/relations/stage_rules.hpp"

#include <span>

namespace kith {

struct stage_evidence {
    std::int64_t id = 0;
    contact_signal signal = contact_signal::spoke_of_us;
    timestamp at{};
};

/// One step, with what it rests on.
struct stage_move {
    timestamp at{};
    std::optional<stage> from, to;
    std::string why;  ///< in words, of signals and times: "thanked", "no evidence for 90 days"
    std::vector<std::int64_t> evidence;  ///< ids; of a stage that was lost by time: none
    bool operator==(const stage_move&) const = default;
};

struct stage_path {
    std::vector<stage_move> moves;
    std::optional<stage> now;
    std::optional<timestamp> until;  ///< when the stage is lost if nothing more is heard
};

/// `all` is sorted by time; what is later than `at` is not looked at.
stage_path walk(std::span<const stage_evidence> all, const stage_rules& rules, timestamp at);

}  // namespace kith
