/// One connection to our server, from its first byte to its last. Inside this folder only.
#pragma once

#include "daemon/async/task_group.hpp"
#include "daemon/net/connect.hpp"
#include "daemon/net/router.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <string>

namespace kith::net {

class session;

/// What the server and its sessions share. Kept alive by each of them.
struct server_core {
    server_core(asio::any_io_executor ex, server_limits l, task_group::failure_handler on_failure)
        : executor(ex), limits(l), tasks(std::move(ex), std::move(on_failure)) {}
    asio::any_io_executor executor;
    server_limits limits;
    route_table routes;
    std::list<session*> sessions;
    std::size_t turned_away = 0;  ///< connections that are being told 503
    bool stopping = false;
    task_group tasks;
};

/// Serves a connection until it ends.
void start_session(const std::shared_ptr<server_core>& core, stream_socket socket, peer from);

/// Answers 503 and closes.
void start_refusal(const std::shared_ptr<server_core>& core, stream_socket socket);

/// For `stop`: ends a session that waits, tells a WebSocket that we are going away, leaves a request its
/// time.
void wind_down(server_core& core);

/// For `stop`, when the time is up: closes every socket.
void cut_off(server_core& core) noexcept;

}  // namespace kith::net
