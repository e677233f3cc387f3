/// A draft that is wrong in a known way, put before reviewers to see whether it is caught. It is no
/// suggestion: it has no approval_basis, so no approved reply can be made of it, and no delivery can name it.
#pragma once

#include "daemon/model/suggestion.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace kith {

/// One draft gone wrong, before it has a number.
struct canary_draft {
    std::string fault;  ///< "wrong-name", "another-answer", "dead-link", ...
    std::string wrong;  ///< in words, for the reviewer
    std::string text;
    kith::verdict verdict;  ///< the policies let it pass: a person must see it
};

enum class canary_state {
    open,    ///< shown in the place of a suggestion
    caught,  ///< rejected or edited
    missed,  ///< approved; nothing was sent
};
std::string_view to_string(canary_state s) noexcept;

struct canary {
    std::int64_t id = 0;             ///< of the same sequence as the suggestions' ids
    std::int64_t suggestion_id = 0;  ///< the true one, in whose place it is shown
    std::string department;
    canary_draft draft;
    std::string token;  ///< random
    canary_state state = canary_state::open;
    std::string act;  ///< approved, edited, rejected
    std::string decided_by;
    std::optional<timestamp> decided_at;
    timestamp placed_at{};

    /// What stands where a suggestion shows its hash: changes when the true one does, and is the hash of
    /// nothing that could be sent.
    std::string hash(const suggestion& in_place_of) const;
};

}  // namespace kith
