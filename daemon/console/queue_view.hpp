/// Items of the queue as the API's JSON.
#pragma once

#include "daemon/queue/claims.hpp"
#include "daemon/store/queue_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace kith::console {

/// One line of the queue. `at`: what is urgent depends on the time.
boost::json::object view(const queue_item& item, const std::optional<claim>& held, timestamp at);
boost::json::value view(const std::optional<claim>& held);
boost::json::object view(const saved_view& v);

/// A reply's text as platforms will show it: pieces that are text, links, mentions and tags.
boost::json::array preview_of(std::string_view text);

/// So much of a draft is in a line of the queue.
inline constexpr std::size_t draft_length = 120;

/// At most `most` characters, whole ones, with "…" where something is left out.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace kith::console
