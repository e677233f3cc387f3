/// The daemon's own door: HTTP/1.1 and WebSockets over TCP and over a Unix socket.
///
/// Debian's Beast lacks later hardening against request smuggling, so each request head is checked by
/// `check_request_head` before Beast sees it. For the open internet a reverse proxy belongs in front.
#pragma once

#include "daemon/net/websocket.hpp"

#include <functional>
#include <memory>

namespace kith::net {

/// Who is at the other end.
struct peer {
    std::string address;                ///< "127.0.0.1", or "unix"
    std::optional<unsigned> local_uid;  ///< over the Unix socket: the user, as the kernel says
};

struct server_request {
    std::string method;
    std::string path;   ///< percent-decoded, without the query
    std::string query;  ///< raw
    http_fields headers;
    std::string body;
    peer from;
    /// What the braces of the route's pattern matched, in order: "/a/{x}/b/{y}".
    std::vector<std::string> parts;
    /// The first value of a query parameter, or empty.
    std::string param(std::string_view name) const;
    /// The value of a cookie, or empty.
    std::string cookie(std::string_view name) const;
};

struct server_response {
    unsigned status = 200;
    http_fields headers;
    std::string body;
    static server_response make(unsigned status, std::string content_type, std::string body);
};

using http_handler = std::function<awaitable<server_response>(server_request)>;
/// Owns the conversation until it returns; the link is then closed.
using websocket_handler = std::function<awaitable<void>(server_request, websocket&)>;
/// Before the upgrade: nothing lets it pass, a response refuses it.
using upgrade_check = std::function<std::optional<server_response>(const server_request&)>;

class http_router {
 public:
    virtual ~http_router() = default;
    /// `pattern` has literal segments and "{name}" segments; a last "{name...}" takes the rest of the path.
    virtual void on(std::string method, std::string pattern, http_handler handler) = 0;
    virtual void on_websocket(std::string pattern, upgrade_check may, websocket_limits limits,
                              std::string subprotocol, websocket_handler handler) = 0;
};

struct server_limits {
    std::size_t head_bytes = 16 << 10;
    std::size_t body_bytes = 1 << 20;
    std::chrono::seconds head{10};  ///< to send the request's head, and to send its body
    std::chrono::seconds body{30};
    std::chrono::seconds keep_alive{60};
    std::size_t connections = 2'000;  ///< further ones get 503 and are closed
};

/// Unknown paths are 404, known paths with another method 405 with Allow, both as problem details (RFC 9457).
/// A handler that throws gives 500 and a line in the log; the others go on.
class http_server : public http_router {
 public:
    /// Throws kith::failure if the address cannot be had. Returns the port (that of the system's choice for
    /// 0).
    virtual std::uint16_t listen_tcp(const std::string& address, std::uint16_t port) = 0;
    /// Replaces a stale socket file; refuses if somebody still answers on it. `mode` as for chmod.
    virtual void listen_unix(const std::string& path, unsigned mode) = 0;
    /// Serves until cancelled or `stop`.
    virtual awaitable<void> run() = 0;
    /// No new connections; WebSockets are told "going away"; requests under way end. At most `grace`.
    virtual awaitable<void> stop(std::chrono::milliseconds grace) = 0;
};

std::unique_ptr<http_server> make_http_server(asio::any_io_executor executor, server_limits limits = {});

/// Says what is wrong with a request head (request line and fields up to and including the empty line), or
/// nothing. Refused: a bare LF or CR, obs-fold, white space before the colon, Content-Length together with
/// Transfer-Encoding, more than one or a signed or non-digit Content-Length, Transfer-Encoding other than one
/// "chunked", NUL, no or more than one Host on HTTP/1.1, a target that does not start with '/'.
std::optional<std::string> check_request_head(std::string_view head);

/// application/problem+json (RFC 9457) with `title` and `detail`; its type is the usual one of the status
/// (problem.hpp has those with more).
server_response problem(unsigned status, std::string title, std::string detail);

}  // namespace kith::net
