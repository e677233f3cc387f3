/// WebSockets over connections that exist already. Inside this folder only.
#pragma once

#include "daemon/net/connect.hpp"
#include "daemon/net/websocket.hpp"

#include <memory>
#include <string>

namespace kith::net {

/// The server's side: answers an upgrade whose head (checked, with its empty line) was read already. What is
/// not an upgrade gets Beast's own refusal. A `subprotocol` that is not empty is named in the answer.
awaitable<result<std::unique_ptr<websocket>>> accept_websocket(stream_socket socket, std::string head,
                                                               websocket_limits limits,
                                                               std::string subprotocol);

}  // namespace kith::net
