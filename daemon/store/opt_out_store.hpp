/// Who asked us to stop. Part of the store; each call is one transaction.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/suggestion.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith {

struct change;

struct opt_out {
    std::int64_t id = 0;
    std::int64_t contact = 0;
    std::string account;
    identity who;
    std::string how;              ///< words, block, report, person
    std::int64_t message_id = 0;  ///< in which they said so; 0: none
    std::string language;
    timestamp asked_at{};
    timestamp noted_at{};
    std::string noted_by;
    std::string reason;
    std::optional<timestamp> lifted_at;
    std::string lifted_by;
    std::string lift_reason;
};

struct opt_out_filter {
    enum class state { in_force, lifted, all };
    state which = state::in_force;
    std::string account;                  ///< empty: every
    std::vector<std::string> accounts{};  ///< those that may be seen; empty: all
    std::int64_t contact = 0;             ///< whose, on whichever of their identities; 0: whoever's
    std::int64_t before = 0;              ///< ids below this; 0: all
    std::size_t most = 100;
};

struct opt_out_done {
    opt_out what;
    std::vector<change> changes;  ///< what it withdrew
};

class opt_out_store {
 public:
    virtual ~opt_out_store() = default;
    /// Newest first.
    virtual awaitable<result<std::vector<opt_out>>> list(opt_out_filter f) = 0;
    virtual awaitable<result<opt_out>> find(std::int64_t id) = 0;
    /// A person notes what a contact asked for elsewhere. `contact`: their id on the platform, or their
    /// handle. Withdraws all that waits for them. `not_found` if nobody of that name ever wrote to the
    /// account; `conflict` if one is in force.
    virtual awaitable<result<opt_out_done>> add(std::string account, std::string contact, std::string reason,
                                                std::string by) = 0;
    /// The contact asked otherwise, and a person records it. Lifts all that is in force for the contact.
    /// `conflict` if it is lifted already.
    virtual awaitable<result<opt_out>> lift(std::int64_t id, std::string reason, std::string by) = 0;
};

}  // namespace kith
