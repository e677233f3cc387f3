#include "daemon/net/byte_stream.hpp"

#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include <cerrno>

namespace kith::net {

namespace {

bool is_quiet_socket(stream_socket& socket) noexcept {
    char c = 0;
    return ::recv(socket.native_handle(), &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

class plain final : public byte_stream {
 public:
    explicit plain(stream_socket socket) : socket_(std::move(socket)) {}
    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        auto [ec, n] = co_await socket_.async_read_some(into, as_tuple);
        co_return io_result{ec, n};
    }
    awaitable<io_result> write(asio::const_buffer all) override {
        auto [ec, n] = co_await asio::async_write(socket_, all, as_tuple);
        co_return io_result{ec, n};
    }
    bool is_quiet() noexcept override { return is_quiet_socket(socket_); }

 private:
    stream_socket socket_;
};

class secure final : public byte_stream {
 public:
    explicit secure(std::unique_ptr<tls_stream> stream) : stream_(std::move(stream)) {}
    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        auto [ec, n] = co_await stream_->async_read_some(into, as_tuple);
        co_return io_result{ec, n};
    }
    awaitable<io_result> write(asio::const_buffer all) override {
        auto [ec, n] = co_await asio::async_write(*stream_, all, as_tuple);
        co_return io_result{ec, n};
    }
    bool is_quiet() noexcept override { return is_quiet_socket(stream_->next_layer()); }

 private:
    std::unique_ptr<tls_stream> stream_;
};

}  // namespace

std::unique_ptr<byte_stream> make_byte_stream(stream_socket socket) {
    return std::make_unique<plain>(std::move(socket));
}

std::unique_ptr<byte_stream> make_byte_stream(std::unique_ptr<tls_stream> stream) {
    return std::make_unique<secure>(std::move(stream));
}

}  // namespace kith::net
