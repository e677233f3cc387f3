/// One message of com.atproto.sync.subscribeRepos, decoded. Pure: bytes in, values out.
#pragma once

#include "daemon/model/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kith::bluesky {

/// One change of one record. Views point into the frame's bytes.
struct repo_op {
    enum class action { create, update, remove };
    action is = action::create;
    std::string_view path;  ///< "app.bsky.feed.post/3l..."
    std::string_view cid;   ///< binary; empty with remove
};

struct commit_frame {
    std::int64_t seq = 0;
    std::string_view did;
    std::string_view time;
    std::string_view archive;  ///< CAR v1 with the new records
    std::vector<repo_op> ops;
};
/// The handle of an account may have changed.
struct identity_frame {
    std::int64_t seq = 0;
    std::string_view did;
    std::string_view time;
};
/// Any other kind that has a number: #account, #sync, and those that are yet to be invented.
struct other_frame {
    std::int64_t seq = 0;
    std::string_view time;
};
struct info_frame {
    std::string name;  ///< "OutdatedCursor"
};
struct error_frame {
    std::string name;  ///< "FutureCursor", "ConsumerTooSlow"
    std::string message;
};

using frame = std::variant<commit_frame, identity_frame, other_frame, info_frame, error_frame>;

/// `invalid` where the bytes are no frame. The result must not outlive `bytes`.
result<frame> read_frame(std::string_view bytes);

}  // namespace kith::bluesky
