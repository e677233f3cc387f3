#include "daemon/net/socket_io.hpp"

#include "daemon/async/with_timeout.hpp"

#include <algorithm>
#include <array>

namespace kith::net {

using steady = std::chrono::steady_clock;

awaitable<io_result> read_some(stream_socket& socket, asio::mutable_buffer into) {
    auto [ec, n] = co_await socket.async_read_some(into, as_tuple);
    co_return io_result{ec, n};
}

namespace {

/// How much of a refused request is read and thrown away, and for how long.
constexpr std::size_t linger_bytes = 256 << 10;
constexpr std::chrono::seconds linger_time{2};

awaitable<io_result> write_some(stream_socket& socket, asio::const_buffer from) {
    auto [ec, n] = co_await socket.async_write_some(from, as_tuple);
    co_return io_result{ec, n};
}

awaitable<void> discard(stream_socket& socket) {
    std::array<char, 4096> waste;
    for (std::size_t n = 0; n < linger_bytes;) {
        const auto got = co_await read_some(socket, asio::buffer(waste));
        if (got.ec) co_return;
        n += got.n;
    }
}

}  // namespace

awaitable<bool> write_all(stream_socket& socket, const std::string& bytes, steady::duration patience) {
    const auto until = steady::now() + patience + std::chrono::seconds(bytes.size() / 4096);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        auto one = write_some(socket, asio::buffer(bytes.data() + sent, bytes.size() - sent));
        const auto limit = std::min(patience, until - steady::now());
        const auto written = co_await with_timeout(std::move(one), limit);
        if (written.has_error() || written->ec) co_return false;
        sent += written->n;
    }
    co_return true;
}

awaitable<void> linger(stream_socket& socket) {
    error_code ignored;
    socket.shutdown(asio::socket_base::shutdown_send, ignored);
    auto rest = discard(socket);
    co_await with_timeout(std::move(rest), linger_time);
}

}  // namespace kith::net
