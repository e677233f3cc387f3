#include "daemon/queue/claims.hpp"

#include <vector>

namespace kith {

result<claim> claims::take(std::int64_t message_id, claim wanted, timestamp at, bool over) {
    const auto other = held_by_other(message_id, wanted.login, at);
    if (other && !over)
        return fail(errc::conflict, other->name + " is at it until " + to_rfc3339(other->until, 0));
    const bool renewed = !other && find(message_id, at).has_value();
    wanted.until = at + lease;
    held_[message_id] = wanted;
    if (!renewed && tell_) tell_(message_id, wanted.suggestion_id);
    return wanted;
}

void claims::give_back(std::int64_t message_id, const std::string& login) {
    const auto found = held_.find(message_id);
    if (found == held_.end() || found->second.login != login) return;
    const auto id = found->second.suggestion_id;
    held_.erase(found);
    if (tell_) tell_(message_id, id);
}

std::optional<claim> claims::find(std::int64_t message_id, timestamp at) const {
    const auto found = held_.find(message_id);
    if (found == held_.end() || found->second.until <= at) return std::nullopt;
    return found->second;
}

std::optional<claim> claims::held_by_other(std::int64_t message_id, const std::string& login,
                                           timestamp at) const {
    auto out = find(message_id, at);
    if (out && out->login == login) out.reset();
    return out;
}

void claims::expire(timestamp at) {
    std::vector<std::pair<std::int64_t, std::int64_t>> over;
    for (const auto& [message_id, c] : held_)
        if (c.until <= at) over.emplace_back(message_id, c.suggestion_id);
    for (const auto& [message_id, id] : over) {
        held_.erase(message_id);
        if (tell_) tell_(message_id, id);
    }
}

}  // namespace kith
