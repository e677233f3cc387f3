/// com.atproto.sync.subscribeRepos: everything that anybody writes, within a tenth of a second.
#pragma once

#include "daemon/net/websocket.hpp"
#include "platforms/bluesky/frame.hpp"
#include "platforms/bluesky/profiles.hpp"
#include "platforms/bluesky/recent.hpp"
#include "platforms/bluesky/record.hpp"
#include "platforms/bluesky/reporter.hpp"

#include <functional>

namespace kith::bluesky {

/// Opens a WebSocket; tests put their own in.
using connector = std::function<awaitable<result<std::unique_ptr<net::websocket>>>(net::websocket_request)>;

struct firehose_options {
    std::string stream;  ///< base URL
    std::string extra_ca_file;
    bool listen_to_all = false;
};

/// One run of it. What it refers to outlives it.
class firehose {
 public:
    firehose(firehose_options o, viewpoint we, const connector& connect, profiles& who, recent& known,
             reporter& out)
        : options_(std::move(o)),
          we_(std::move(we)),
          connect_(connect),
          profiles_(who),
          recent_(known),
          out_(out) {}

    /// Joins the stream where the reporter's position says, reads until it ends, and gives the reason.
    awaitable<error> run();

 private:
    awaitable<result<std::unique_ptr<net::websocket>>> join();
    /// Nothing: go on reading.
    awaitable<std::optional<error>> handle(std::string bytes);
    awaitable<void> handle_commit(const commit_frame& c, timestamp at);
    awaitable<void> handle_record(const commit_frame& c, const repo_op& op, const json::object& record,
                                  timestamp at);
    bool is_wanted(const commit_frame& c, const repo_op& op, bool names_us) const;
    std::optional<json::object> record_of(const repo_op& op, std::string_view block) const;
    error handle_error(const error_frame& e);
    void moved(std::int64_t seq, timestamp at);

    firehose_options options_;
    viewpoint we_;
    const connector& connect_;
    profiles& profiles_;
    recent& recent_;
    reporter& out_;
    int unreadable_ = 0;                  ///< frames in a row
    std::optional<timestamp> lost_from_;  ///< the server had forgotten what came then
    bool urgent_ = false;                 ///< something is waiting that must be stored at once
};

}  // namespace kith::bluesky
