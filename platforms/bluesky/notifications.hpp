/// app.bsky.notification.listNotifications: what the AppView says concerns us. Slower than the firehose, and
/// it overlooks what is backdated; but it needs no unbroken connection.
#pragma once

#include "platforms/bluesky/profiles.hpp"
#include "platforms/bluesky/recent.hpp"
#include "platforms/bluesky/record.hpp"
#include "platforms/bluesky/reporter.hpp"

namespace kith::bluesky {

struct notification_options {
    std::chrono::milliseconds poll{5'000};
    std::chrono::seconds overlap{600};  ///< read again before the newest that is known
    int most_pages = 20;
    int patience = 3;  ///< polls in a row that may fail
};

/// One run of it. What it refers to outlives it.
class notifications {
 public:
    notifications(notification_options o, viewpoint we, xrpc& calls, profiles& who, recent& known,
                  reporter& out)
        : options_(o), we_(std::move(we)), calls_(calls), profiles_(who), recent_(known), out_(out) {}

    /// Polls until it cannot, and gives the reason.
    awaitable<error> run();

    /// Where nobody ever looked: notes what is there as history, and reports none of it. Before `run` and
    /// before the firehose is joined, so that nothing which comes later is taken for history.
    awaitable<result<void>> begin();

    /// Looks once.
    awaitable<result<void>> poll();

 private:
    /// What one notification is about; `uri` and `cid` are those of its record.
    struct seen {
        std::string uri, cid;
        event what;
    };
    struct page {
        std::vector<seen> fresh;
        timestamp oldest{}, newest{};
        std::size_t items = 0;
        std::string next;
    };
    awaitable<result<page>> read(std::string cursor, int limit);
    void read_item(const json::object& item, page& into);
    std::optional<event> read_event(const json::object& item, const post_source& from);

    notification_options options_;
    viewpoint we_;
    xrpc& calls_;
    profiles& profiles_;
    recent& recent_;
    reporter& out_;
};

}  // namespace kith::bluesky
