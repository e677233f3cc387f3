/// What a request for figures asks: of which time, in whose zone, of whom.
#pragma once

#include "daemon/console/identity.hpp"
#include "daemon/model/error.hpp"
#include "daemon/net/http_server.hpp"
#include "daemon/store/stats_store.hpp"

namespace kith::console {

struct stats_query {
    stats_filter filter;  ///< its borders are the days in `zone`
    std::string zone;
    std::string department, account;  ///< as they were asked for, for the items' queries
    timestamp from() const { return filter.borders.front(); }
    timestamp to() const { return filter.borders.back(); }
};

/// `from` and `to` are RFC 3339, or days ("2026-11-23") of which the last one counts whole. Without them: the
/// last thirty days up to `at`. At most 400 days. Whose figures: those that `by` may see, of these the ones
/// asked for; what is not theirs is `not_found`.
result<stats_query> read_stats_query(const net::server_request& r, const identity& by,
                                     const std::string& house_zone, timestamp at);

/// Whether figures of this department and account are wanted.
bool is_asked(const stats_filter& f, const std::string& department, const std::string& account);

/// One page of items: `limit` (50, at most 200) and `cursor`, which must be of this list.
struct item_page {
    std::size_t limit = 50;
    timestamp after_at{};
    std::int64_t after_id = 0;
};
result<item_page> read_item_page(const net::server_request& r, const std::string& list);
std::string item_cursor(const std::string& list, timestamp at, std::int64_t id);

}  // namespace kith::console
