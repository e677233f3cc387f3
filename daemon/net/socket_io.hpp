/// What a session does with its socket. Inside this folder only.
#pragma once

#include "daemon/net/connect.hpp"

#include <chrono>
#include <string>

namespace kith::net {

awaitable<io_result> read_some(stream_socket& socket, asio::mutable_buffer into);

/// All of it. The peer must take some of it within `patience` again and again, and no less than 4 KiB a
/// second in all.
awaitable<bool> write_all(stream_socket& socket, const std::string& bytes,
                          std::chrono::steady_clock::duration patience);

/// Ends our half and reads on for a while, so that an answer given before all was read arrives: closing with
/// unread bytes would reset the connection and take the answer with it.
awaitable<void> linger(stream_socket& socket);

}  // namespace kith::net
