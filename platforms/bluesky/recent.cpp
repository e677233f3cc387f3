#include "platforms/bluesky/recent.hpp"

namespace kith::bluesky {

bool recent::knows(const std::string& uri, const std::string& cid) const {
    const auto it = known_.find(uri);
    return it != known_.end() && it->second.cid == cid;
}

void recent::add(const std::string& uri, const std::string& cid, timestamp at) {
    const auto [it, fresh] = known_.try_emplace(uri, entry{cid, at});
    it->second.cid = cid;
    if (!fresh) return;
    order_.push_back(uri);
    if (order_.size() <= most_) return;
    known_.erase(order_.front());
    order_.pop_front();
}

std::optional<timestamp> recent::first_seen(const std::string& uri) const {
    const auto it = known_.find(uri);
    if (it == known_.end()) return std::nullopt;
    return it->second.at;
}

}  // namespace kith::bluesky
