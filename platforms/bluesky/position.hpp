/// Where we stand in both streams: Kith's cursor for this account.
#pragma once

#include "daemon/model/message.hpp"

#include <optional>
#include <string>

namespace kith::bluesky {

struct position {
    std::string stream;                 ///< the firehose that `seq` counts in
    std::optional<std::int64_t> seq;    ///< the last frame that is stored; nothing: join it where it is
    timestamp at{};                     ///< the firehose was followed until then; 1970: never
    std::optional<timestamp> notified;  ///< the newest notification that is stored; nothing: never looked
    timestamp since{};                  ///< the newest notification when Kith first looked: history, not read

    std::string text() const;
    /// Of an empty cursor and of one that is not ours: a fresh position. Of another stream: no `seq`.
    static position read(const cursor& from, const std::string& stream);
};

}  // namespace kith::bluesky
