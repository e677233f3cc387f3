/// What is stopped, by a person or by itself. The outbox's intent is refused in the same transaction that
/// looks here, so a stop holds for whatever has not begun when it is stored.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/policy/brakes.hpp"

#include <string>
#include <vector>

namespace kith {

/// `scope` is "all", "account ID" or "playbook ID".
struct brake {
    std::string scope;
    std::string by;  ///< a person, or "kith"
    std::string reason;
    timestamp at{};
};

class brake_store {
 public:
    virtual ~brake_store() = default;

    virtual awaitable<result<std::vector<brake>>> brakes() = 0;
    /// Stopped already: the first reason stays.
    virtual awaitable<result<>> stop(std::string scope, std::string reason, std::string by) = 0;
    /// `conflict` if it is not stopped. What the playbook did before no longer counts against it.
    virtual awaitable<result<>> resume(std::string scope, std::string reason, std::string by) = 0;
    /// From now on a playbook that passes one of them is stopped by itself.
    virtual awaitable<result<>> set_bounds(brake_bounds bounds) = 0;
};

}  // namespace kith
