#include "daemon/net/http_server.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/with_timeout.hpp"
#include "daemon/net/http_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kith::net {

using asio::ip::tcp;
using local = asio::local::stream_protocol;

namespace {

[[noreturn]] void cannot_listen(const std::string& where, const std::string& why) {
    throw failure(fail(errc::invalid, "cannot listen on " + where + ": " + why));
}

void check(const error_code& ec, const std::string& where) {
    if (ec) cannot_listen(where, ec.message());
}

peer who_is(tcp::socket& socket) {
    error_code ec;
    socket.set_option(tcp::no_delay(true), ec);
    const auto endpoint = socket.remote_endpoint(ec);
    auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return peer{address.to_string(), std::nullopt};
}

peer who_is(local::socket& socket) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return peer{"unix", std::nullopt};
    return peer{"unix", who.uid};
}

template <class Acceptor>
awaitable<void> accept_all(std::shared_ptr<server_core> core, std::shared_ptr<Acceptor> acceptor) {
    while (acceptor->is_open()) {
        auto [ec, socket] = co_await acceptor->async_accept(as_tuple);
        if (ec == asio::error::operation_aborted || !acceptor->is_open()) co_return;
        if (ec) {
            // Out of file descriptors, most likely: the connection waits in the backlog, and so do we.
            spdlog::warn("http: cannot accept a connection: {}", ec.message());
            co_await sleep_for(std::chrono::milliseconds(100));
            continue;
        }
        auto from = who_is(socket);
        stream_socket plain(std::move(socket));
        if (core->sessions.size() < core->limits.connections)
            start_session(core, std::move(plain), std::move(from));
        else
            start_refusal(core, std::move(plain));
    }
}

/// Whether somebody answers on a socket's path.
bool answers(const std::string& path) {
    asio::io_context io;
    local::socket probe(io);
    error_code ec;
    probe.connect(local::endpoint(path), ec);
    // Only a refusal proves that nobody is there; a full backlog does not.
    return ec != asio::error::connection_refused;
}

void remove_stale_socket(const std::string& path) {
    struct stat what{};
    if (::lstat(path.c_str(), &what) != 0) return;
    if (!S_ISSOCK(what.st_mode)) cannot_listen(path, "there is something that is no socket");
    if (answers(path)) cannot_listen(path, "another process answers there");
    ::unlink(path.c_str());
}

/// All of the server. Shared with `run` and `stop`, of which one may resume when the server is gone already.
struct house : server_core {
    house(const asio::any_io_executor& ex, server_limits l, task_group::failure_handler on_failure)
        : server_core(ex, l, std::move(on_failure)), stopped(ex, asio::steady_timer::time_point::max()) {}

    struct unix_door {
        std::shared_ptr<local::acceptor> acceptor;
        std::string path;
        dev_t device;
        ino_t inode;
    };

    void close_doors() noexcept {
        error_code ignored;
        for (const auto& door : tcp_doors) door->close(ignored);
        for (const auto& door : unix_doors) {
            // Only our own file: somebody may have put another in its place.
            struct stat there{};
            const bool ours = ::lstat(door.path.c_str(), &there) == 0 && there.st_dev == door.device &&
                              there.st_ino == door.inode;
            if (ours) ::unlink(door.path.c_str());
            door.acceptor->close(ignored);
        }
        tcp_doors.clear();
        unix_doors.clear();
    }

    asio::steady_timer stopped;  ///< never expires; `stop` cancels it
    std::vector<std::shared_ptr<tcp::acceptor>> tcp_doors;
    std::vector<unix_door> unix_doors;
    bool running = false, ended = false;
};

class server final : public http_server {
 public:
    server(asio::any_io_executor ex, server_limits limits)
        : core_(std::make_shared<house>(ex, limits, [](std::string_view name, std::string_view what) {
              spdlog::error("http: {} failed: {}", name, what);
          })) {}

    ~server() override {
        core_->close_doors();
        core_->stopping = true;
        cut_off(*core_);
        core_->tasks.emit();
    }

    void on(std::string method, std::string pattern, http_handler handler) override {
        core_->routes.add(route_table::plain{std::move(method), route_pattern(pattern), std::move(handler)});
    }

    void on_websocket(std::string pattern, upgrade_check may, websocket_limits limits,
                      std::string subprotocol, websocket_handler handler) override {
        core_->routes.add(route_table::upgrade{route_pattern(pattern), std::move(may), limits,
                                               std::move(subprotocol), std::move(handler)});
    }

    std::uint16_t listen_tcp(const std::string& address, std::uint16_t port) override {
        const std::string where = address + " port " + std::to_string(port);
        error_code ec;
        const tcp::endpoint at(asio::ip::make_address(address, ec), port);
        check(ec, where);
        auto acceptor = std::make_shared<tcp::acceptor>(core_->executor);
        acceptor->open(at.protocol(), ec);
        check(ec, where);
        acceptor->set_option(asio::socket_base::reuse_address(true), ec);
        acceptor->bind(at, ec);
        check(ec, where);
        acceptor->listen(asio::socket_base::max_listen_connections, ec);
        check(ec, where);
        const auto chosen = acceptor->local_endpoint(ec).port();
        check(ec, where);
        core_->tcp_doors.push_back(std::move(acceptor));
        if (core_->running) open(core_->tcp_doors.back());
        return chosen;
    }

    void listen_unix(const std::string& path, unsigned mode) override {
        if (path.size() >= sizeof(sockaddr_un::sun_path)) cannot_listen(path, "the path is too long");
        remove_stale_socket(path);
        error_code ec;
        auto acceptor = std::make_shared<local::acceptor>(core_->executor);
        acceptor->open(local(), ec);
        check(ec, path);
        // Linux creates the file with the socket's own mode: so there is no moment in which it is open to
        // all.
        ::fchmod(acceptor->native_handle(), mode);
        acceptor->bind(local::endpoint(path), ec);
        check(ec, path);
        if (::chmod(path.c_str(), mode) != 0) cannot_listen(path, std::strerror(errno));
        acceptor->listen(asio::socket_base::max_listen_connections, ec);
        check(ec, path);
        struct stat made{};
        ::lstat(path.c_str(), &made);
        core_->unix_doors.push_back(house::unix_door{std::move(acceptor), path, made.st_dev, made.st_ino});
        if (core_->running) open(core_->unix_doors.back().acceptor);
    }

    awaitable<void> run() override {
        const auto core = core_;
        core->running = true;
        for (const auto& door : core->tcp_doors) open(door);
        for (const auto& door : core->unix_doors) open(door.acceptor);
        while (!core->ended) {
            auto [ec] = co_await core->stopped.async_wait(as_tuple);
            static_cast<void>(ec);
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) break;
        }
        if (core->ended) co_return;
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        core->stopping = true;
        core->close_doors();
        cut_off(*core);
        core->tasks.emit();
        co_await core->tasks.wait();
    }

    awaitable<void> stop(std::chrono::milliseconds grace) override {
        const auto core = core_;
        core->stopping = true;
        core->close_doors();
        wind_down(*core);
        auto all = core->tasks.wait();
        co_await with_timeout(std::move(all), grace);
        cut_off(*core);
        core->tasks.emit();
        co_await core->tasks.wait();
        core->ended = true;
        core->stopped.cancel();
    }

 private:
    template <class Acceptor>
    void open(const std::shared_ptr<Acceptor>& door) {
        core_->tasks.spawn("http listener", accept_all(core_, door));
    }

    std::shared_ptr<house> core_;
};

}  // namespace

std::unique_ptr<http_server> make_http_server(asio::any_io_executor executor, server_limits limits) {
    return std::make_unique<server>(std::move(executor), limits);
}

}  // namespace kith::net
