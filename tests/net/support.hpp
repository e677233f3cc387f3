/// A server on the loopback, and clients that send whatever bytes they like.
#pragma once

#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/async/with_timeout.hpp"
#include "daemon/net/http_client.hpp"
#include "daemon/net/http_server.hpp"
#include "tests/support/coroutine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <string>

namespace kith::test {

using asio::ip::tcp;
using namespace std::chrono_literals;

/// A socket of which the test writes every byte by hand.
class raw_socket {
 public:
    raw_socket(asio::io_context& io, std::uint16_t port) : io_(io), socket_(io) {
        socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    }

    void send(const std::string& bytes) { run(io_, send_all(bytes)); }
    /// Until the peer closes. Throws if it does not.
    std::string read_all(std::chrono::milliseconds limit = 10s) { return run(io_, read_until(""), limit); }
    /// Until `text` was received (or the end).
    std::string read_to(const std::string& text, std::chrono::milliseconds limit = 10s) {
        return run(io_, read_until(text), limit);
    }
    std::string ask(const std::string& bytes) {
        send(bytes);
        return read_all();
    }
    void close() { socket_.close(); }
    void close_writing() { socket_.shutdown(tcp::socket::shutdown_send); }

 private:
    awaitable<void> send_all(std::string bytes) {
        co_await asio::async_write(socket_, asio::buffer(bytes), as_tuple);
    }
    awaitable<std::string> read_until(std::string text) {
        std::string all;
        char piece[4096];
        for (;;) {
            if (!text.empty() && all.find(text) != std::string::npos) co_return all;
            auto [ec, n] = co_await socket_.async_read_some(asio::buffer(piece), as_tuple);
            if (ec) co_return all;
            all.append(piece, n);
        }
    }

    asio::io_context& io_;
    tcp::socket socket_;
};

/// Accepts connections and does with each what the test says.
class fake_server {
 public:
    using behaviour = std::function<awaitable<void>(tcp::socket&, int)>;
    fake_server(asio::io_context& io, behaviour b)
        : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          behave_(std::move(b)),
          tasks_(io.get_executor(), nullptr) {
        tasks_.spawn("fake server", accept());
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string url(const std::string& target = "/", const std::string& scheme = "http") const {
        return scheme + "://127.0.0.1:" + std::to_string(port()) + target;
    }
    int connections() const { return connections_; }

 private:
    awaitable<void> accept() {
        for (;;) {
            auto [ec, socket] = co_await acceptor_.async_accept(as_tuple);
            if (ec) co_return;
            tasks_.spawn("fake session", serve(std::move(socket), ++connections_));
        }
    }
    awaitable<void> serve(tcp::socket socket, int number) { co_await behave_(socket, number); }

    tcp::acceptor acceptor_;
    behaviour behave_;
    int connections_ = 0;
    task_group tasks_;
};

/// Reads a request's head off a socket.
inline awaitable<std::string> read_head(tcp::socket& socket) {
    std::string all;
    char c = 0;
    while (!all.ends_with("\r\n\r\n")) {
        auto [ec, n] = co_await socket.async_read_some(asio::buffer(&c, 1), as_tuple);
        if (ec) co_return all;
        all += c;
    }
    co_return all;
}

inline awaitable<void> say(tcp::socket& socket, std::string bytes) {
    co_await asio::async_write(socket, asio::buffer(bytes), as_tuple);
}

/// The head with which a server accepts an upgrade (RFC 6455, 4.2.2).
inline std::string upgrade_answer(const std::string& key) {
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char hash[20];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
    unsigned char accept[32] = {};
    EVP_EncodeBlock(accept, hash, sizeof hash);
    return std::string("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n") +
           "Sec-WebSocket-Accept: " + reinterpret_cast<const char*>(accept) + "\r\n\r\n";
}

struct server_test : testing::Test {
    asio::io_context io{1};
    net::server_limits limits;
    task_group tasks{io.get_executor(), [](std::string_view name, std::string_view what) {
                         ADD_FAILURE() << name << ": " << what;
                     }};
    std::unique_ptr<net::http_server> server;
    std::unique_ptr<net::http_client> client = net::make_http_client(io.get_executor());
    std::uint16_t port = 0;

    /// After the routes are there.
    void start() {
        port = server->listen_tcp("127.0.0.1", 0);
        tasks.spawn("server", server->run());
    }
    void make() { server = net::make_http_server(io.get_executor(), limits); }
    void SetUp() override { make(); }
    void TearDown() override {
        run(io, server->stop(0ms));
        tasks.emit();
        run(io, tasks.wait());
    }
    std::string url(const std::string& target, const std::string& scheme = "http") const {
        return scheme + "://127.0.0.1:" + std::to_string(port) + target;
    }
    result<net::client_response> send(net::client_request r) { return run(io, client->send(std::move(r))); }
    result<net::client_response> get(const std::string& target) {
        return send(net::client_request("GET", url(target)));
    }
    raw_socket raw() { return raw_socket(io, port); }
};

}  // namespace kith::test
