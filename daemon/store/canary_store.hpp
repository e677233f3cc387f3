/// Canaries: what was decided on them, and who caught them. They are placed by `store::judge`.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/canary.hpp"
#include "daemon/model/error.hpp"

#include <vector>

namespace kith {

struct change;

/// A canary, and the true suggestion in whose place it is shown.
struct placed_canary {
    canary what;
    suggestion in_place_of;
};

/// A person's act on a draft that turned out to be a canary. Caught or missed, it is over.
struct canary_act {
    std::string act;           ///< approved, edited, rejected
    std::string hash;          ///< of what the person saw (approved)
    std::int64_t version = 0;  ///< of what the person saw (edited, rejected)
    std::string by;
};

struct decided_canary {
    placed_canary canary;
    std::vector<change> changes;  ///< the true suggestion is shown from now on
};

struct catches {
    std::string of;  ///< a person or a department
    std::int64_t caught = 0, missed = 0;
};

struct canary_counts {
    std::int64_t open = 0;
    std::vector<catches> people, departments;
    std::vector<catches> faults;  ///< by what was wrong
};

class canary_store {
 public:
    virtual ~canary_store() = default;

    /// Those that are open, and whose true suggestion is.
    virtual awaitable<result<std::vector<placed_canary>>> open() = 0;
    /// Those that stand in the place of one of these: until somebody has decided on the canary, whatever
    /// became of the suggestion.
    virtual awaitable<result<std::vector<placed_canary>>> in_place_of(
        std::vector<std::int64_t> suggestions) = 0;
    /// Nothing if there is no canary of this number.
    virtual awaitable<result<std::optional<placed_canary>>> find(std::int64_t id) = 0;
    /// The number under which people see a suggestion: of the open canary in its place, or its own.
    virtual awaitable<result<std::int64_t>> shown_as(std::int64_t suggestion_id) = 0;
    /// `not_found` if it is no canary; `conflict` as a suggestion would say it.
    virtual awaitable<result<decided_canary>> decide(std::int64_t id, canary_act a) = 0;
    /// Of those of these departments and accounts; an empty list: of all.
    virtual awaitable<result<canary_counts>> counts(std::vector<std::string> departments = {},
                                                    std::vector<std::string> accounts = {}) = 0;
};

}  // namespace kith
