/// The posts that this run has reported, so that the other stream does not report them again. Only spares
/// work: what is forgotten here is deduplicated by ingest.
#pragma once

#include "daemon/model/time.hpp"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace kith::bluesky {

class recent {
 public:
    explicit recent(std::size_t most = 20'000) : most_(most) {}

    bool knows(const std::string& uri, const std::string& cid) const;
    bool knows(const std::string& uri) const { return known_.contains(uri); }
    void add(const std::string& uri, const std::string& cid, timestamp at);
    /// When the post was first seen.
    std::optional<timestamp> first_seen(const std::string& uri) const;

 private:
    struct entry {
        std::string cid;  ///< the newest
        timestamp at;
    };
    std::size_t most_;
    std::unordered_map<std::string, entry> known_;
    std::deque<std::string> order_;
};

}  // namespace kith::bluesky
