#include "daemon/console/oidc_flows.hpp"

#include "daemon/model/sha256.hpp"

#include <algorithm>

namespace kith::console {

void oidc_flows::drop_oldest(const std::string* of_address) {
    auto oldest = all_.end();
    for (auto it = all_.begin(); it != all_.end(); ++it) {
        if (of_address && it->second.from != *of_address) continue;
        if (oldest == all_.end() || it->second.began < oldest->second.began) oldest = it;
    }
    if (oldest != all_.end()) all_.erase(oldest);
}

void oidc_flows::put(std::string state, oidc_flow f) {
    std::erase_if(all_, [&](const auto& one) { return f.began - one.second.began >= life; });
    const auto same =
        std::count_if(all_.begin(), all_.end(), [&](const auto& one) { return one.second.from == f.from; });
    if (static_cast<std::size_t>(same) >= most_of_one_address)
        drop_oldest(&f.from);
    else if (all_.size() >= most)
        drop_oldest(nullptr);
    all_.insert_or_assign(std::move(state), std::move(f));
}

std::optional<oidc_flow> oidc_flows::take(const std::string& state, const std::string& browser,
                                          timestamp at) {
    const auto found = all_.find(state);
    if (found == all_.end() || !equal_secrets(found->second.browser, sha256_hex(browser)))
        return std::nullopt;
    auto out = std::move(found->second);
    all_.erase(found);
    if (at - out.began >= life) return std::nullopt;
    return out;
}

}  // namespace kith::console
