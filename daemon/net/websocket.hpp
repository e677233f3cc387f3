/// A WebSocket, from either side.
#pragma once

#include "daemon/net/http.hpp"

#include <memory>

namespace kith::net {

struct frame {
    bool binary = false;
    std::string data;
};

/// RFC 6455 close codes that we use.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unknown_data = 1003,
    bad_payload = 1007,
    policy = 1008,
    too_big = 1009,
    internal = 1011,
    try_again_later = 1013,
    session_over = 4401,  ///< ours: who is at the other end is signed in no more
};

/// Lives on one executor. One reader at a time; writers are queued. Pings are answered by themselves; a peer
/// from which nothing (not even a pong) came for the idle limit ends the read with `transient`.
class websocket {
 public:
    virtual ~websocket() = default;

    /// The next whole message. Fails with `transient` when the link ended (`what` says how: close code and
    /// reason, time-out, reset) and `invalid` where the peer broke the protocol or a limit (already closed,
    /// with a code).
    virtual awaitable<result<frame>> read() = 0;

    /// Sends one text message. Completes when it was handed to the kernel. Fails with `limited` when more
    /// than `websocket_limits::queued_bytes` already wait for a peer that does not read (the link is then
    /// closed).
    virtual awaitable<result<void>> write(std::string text) = 0;

    /// Says goodbye; at most 5 s for the peer's answer. Safe to call at any time, more than once.
    virtual awaitable<void> close(close_code code, std::string reason) = 0;

    /// Ends the link at once, from outside a coroutine: a pending read fails.
    virtual void abort() noexcept = 0;
};

struct websocket_limits {
    std::size_t message_bytes = 1 << 20;
    std::size_t queued_bytes = 1 << 20;
    std::chrono::seconds idle{60};       ///< no sign of life for that long: dead. Pings go out at half of it.
    std::chrono::seconds handshake{15};  ///< for the TCP, TLS and HTTP parts together
};

struct websocket_request {
    explicit websocket_request(std::string url_) : url(std::move(url_)) {}
    std::string url;  ///< ws:// or wss://
    http_fields headers;
    std::string subprotocol;
    std::string extra_ca_file;
    websocket_limits limits;
};

/// Connects as a client. `unauthorised` on 401 and 403, `limited` on 429, `refused` on other 4xx, else
/// `transient`.
awaitable<result<std::unique_ptr<websocket>>> connect_websocket(asio::any_io_executor executor,
                                                                websocket_request r);

}  // namespace kith::net
