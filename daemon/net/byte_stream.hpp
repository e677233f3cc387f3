/// Bytes over a plain socket or over TLS, the difference forgotten. Inside this folder only.
#pragma once

#include "daemon/net/connect.hpp"

#include <memory>

namespace kith::net {

class byte_stream {
 public:
    virtual ~byte_stream() = default;
    virtual awaitable<io_result> read_some(asio::mutable_buffer into) = 0;
    /// All of it, or a failure.
    virtual awaitable<io_result> write(asio::const_buffer all) = 0;
    /// The peer has neither closed it nor sent anything unasked.
    virtual bool is_quiet() noexcept = 0;
};

std::unique_ptr<byte_stream> make_byte_stream(stream_socket socket);
std::unique_ptr<byte_stream> make_byte_stream(std::unique_ptr<tls_stream> stream);

}  // namespace kith::net
