/// From a host name to a connected stream. Inside this folder only.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace kith::net {

/// TCP and Unix sockets are one type here, so that what is built on them is instantiated once.
using stream_socket = asio::generic::stream_protocol::socket;
using tls_stream = asio::ssl::stream<stream_socket>;

struct io_result {
    error_code ec;
    std::size_t n = 0;
};

/// The system's authorities and those of the file; TLS 1.2 at least. Throws kith::failure for an unusable
/// file.
std::shared_ptr<asio::ssl::context> make_client_tls(const std::string& extra_ca_file);

/// Every failure is `transient`, or `canceled`. Nothing but the connection itself was made.
awaitable<result<stream_socket>> connect_tcp(std::string host, std::uint16_t port);
awaitable<result<stream_socket>> connect_unix(std::string path);
/// The handshake, with SNI; the certificate must be for `host`.
awaitable<result<std::unique_ptr<tls_stream>>> start_tls(stream_socket socket,
                                                         std::shared_ptr<asio::ssl::context> context,
                                                         std::string host);

}  // namespace kith::net
