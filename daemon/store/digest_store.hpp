/// Which digests were due and what became of each: so that each is sent once, also over restarts.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kith {

enum class digest_state {
    began,    ///< the department's first line: nothing is told of the time before it
    waiting,  ///< to be sent
    sending,  ///< an attempt is on record; its outcome is not
    sent,
    refused,  ///< the other side will not have it; final
    unsure,   ///< nobody can tell whether it arrived; not repeated
    missed,   ///< a newer one was due before it could be sent
};
std::string_view to_string(digest_state s) noexcept;
std::optional<digest_state> digest_state_from(std::string_view text) noexcept;

struct digest_line {
    std::string department;
    timestamp since{};  ///< what it tells of: [since, until)
    timestamp until{};
    digest_state state = digest_state::waiting;
    int attempts = 0;
    timestamp due_at{};  ///< of the next attempt
    std::optional<timestamp> ended_at;
    std::string last_error;
};

/// What ended an attempt to send one.
struct digest_outcome {
    digest_state state = digest_state::sent;  ///< sent, refused, unsure; waiting: again at `again_at`
    std::string why;
    timestamp again_at{};
};

class digest_store {
 public:
    virtual ~digest_store() = default;

    /// The digest that should be sent now, if there is one. `until`: the newest moment at which one was due.
    /// The first call for a department only begins the counting. Where several were missed the newest stands
    /// for all of them; a moment older than one already known (the clock was set back) gives nothing.
    virtual awaitable<result<std::optional<digest_line>>> due(std::string department, timestamp until,
                                                              timestamp at) = 0;
    /// The intent: on disk before anything leaves the house.
    virtual awaitable<result<>> begin_attempt(std::string department, timestamp until, timestamp at) = 0;
    virtual awaitable<result<>> end_attempt(std::string department, timestamp until, digest_outcome o,
                                            timestamp at) = 0;
    /// Notes that a person had one sent beside those of the clock, and its outcome.
    virtual awaitable<result<>> by_hand(std::string department, std::string by, std::string outcome) = 0;
    /// The newest line of each department.
    virtual awaitable<result<std::map<std::string, digest_line>>> newest() = 0;
};

}  // namespace kith
