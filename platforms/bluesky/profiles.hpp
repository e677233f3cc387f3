/// Who is behind a DID: the firehose names nobody.
#pragma once

#include "daemon/model/message.hpp"
#include "platforms/bluesky/xrpc.hpp"

#include <unordered_map>

namespace kith::bluesky {

class profiles {
 public:
    explicit profiles(xrpc& calls) : calls_(calls) {}

    /// Asks app.bsky.actor.getProfile unless it is known already. Always gives something: where nobody
    /// answers, the DID stands in for the handle.
    awaitable<identity> find(std::string did);

    void remember(const identity& who);
    /// Its handle may have changed.
    void forget(std::string_view did);

 private:
    struct entry {
        identity who;
        std::chrono::steady_clock::time_point good_until;
    };
    void keep(const identity& who, std::chrono::seconds how_long);

    xrpc& calls_;
    std::unordered_map<std::string, entry> known_;
};

}  // namespace kith::bluesky
