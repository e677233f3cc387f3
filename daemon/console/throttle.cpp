#include "daemon/console/throttle.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>

namespace kith::console {

namespace ip = boost::asio::ip;

throttle_bounds throttle_bounds::of_addresses() {
    return {30, std::chrono::seconds{300}, std::chrono::seconds{3600}, 10'000};
}

std::string network_of(const std::string& address) {
    boost::system::error_code ec;
    const auto six = ip::make_address_v6(address, ec);
    if (ec || six.is_loopback()) return address;
    if (six.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, six).to_string();
    return ip::make_network_v6(six, 64).canonical().to_string();
}

std::optional<timestamp> throttle::wait(const std::string& key, timestamp at) const {
    const auto found = failures_.find(key);
    if (found == failures_.end()) return std::nullopt;
    const auto& [count, last] = found->second;
    if (count < bounds_.free || at - last >= bounds_.forgets) return std::nullopt;
    constexpr int most_doublings = 20;  // far beyond the longest wait, and no overflow
    const std::chrono::seconds grown{std::int64_t{1} << std::min(count - bounds_.free, most_doublings)};
    const auto until = last + std::min(grown, bounds_.longest);
    if (until <= at) return std::nullopt;
    return until;
}

void throttle::failed(const std::string& key, timestamp at) {
    if (!failures_.contains(key)) make_room(at);
    auto& f = failures_[key];
    if (at - f.last >= bounds_.forgets) f.count = 0;
    ++f.count;
    f.last = at;
}

void throttle::spared(const std::string& key) {
    const auto found = failures_.find(key);
    if (found == failures_.end()) return;
    if (--found->second.count <= 0) failures_.erase(found);
}

void throttle::make_room(timestamp at) {
    if (failures_.size() < bounds_.most) return;
    std::erase_if(failures_, [&](const auto& f) { return at - f.second.last >= bounds_.forgets; });
    if (failures_.size() < bounds_.most) return;
    failures_.erase(std::min_element(failures_.begin(), failures_.end(), [](const auto& a, const auto& b) {
        return a.second.last < b.second.last;
    }));
}

}  // namespace kith::console
