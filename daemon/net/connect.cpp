#include "daemon/net/connect.hpp"

#include "daemon/async/with_timeout.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/ssl.h>
#include <sys/un.h>

#include <vector>

namespace kith::net {

using asio::ip::tcp;
using endpoints = std::vector<tcp::endpoint>;

namespace {

error not_connected(const std::string& to, const error_code& ec) {
    if (ec == asio::error::operation_aborted) return fail(errc::canceled, "canceled");
    return fail(errc::transient, to + ": " + ec.message());
}

/// getaddrinfo cannot be interrupted. So it is not waited for but through this, which outlives the one who
/// asked.
struct lookup {
    explicit lookup(const asio::any_io_executor& ex)
        : resolver(ex), done(ex, asio::steady_timer::time_point::max()) {}
    tcp::resolver resolver;
    asio::steady_timer done;
    bool finished = false;
    error_code ec;
    endpoints found;
};

void start(const std::shared_ptr<lookup>& l, const std::string& host, std::uint16_t port) {
    l->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                              [l](error_code ec, tcp::resolver::results_type all) {
                                  l->finished = true;
                                  l->ec = ec;
                                  for (const auto& entry : all) l->found.push_back(entry.endpoint());
                                  l->done.cancel();
                              });
}

awaitable<result<endpoints>> resolve(std::string host, std::uint16_t port) {
    error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (!ec) co_return endpoints(1, tcp::endpoint(address, port));
    const auto l = std::make_shared<lookup>(co_await asio::this_coro::executor);
    start(l, host, port);
    while (!l->finished) co_await l->done.async_wait(as_tuple);
    if (l->ec) co_return not_connected(host, l->ec);
    co_return std::move(l->found);
}

awaitable<result<void>> connect_one(tcp::socket& socket, tcp::endpoint to) {
    auto [ec] = co_await socket.async_connect(to, as_tuple);
    if (ec) co_return not_connected(to.address().to_string(), ec);
    co_return result<void>();
}

/// An address that does not answer must not use up the time of the next one.
constexpr std::chrono::seconds patience{5};

}  // namespace

awaitable<result<stream_socket>> connect_tcp(std::string host, std::uint16_t port) {
    const auto executor = co_await asio::this_coro::executor;
    auto found = co_await resolve(host, port);
    if (found.has_error()) co_return found.error();
    error last = fail(errc::transient, host + ": the name has no address");
    for (std::size_t i = 0; i < found->size(); ++i) {
        tcp::socket socket(executor);
        const bool more = i + 1 < found->size();
        auto one = connect_one(socket, (*found)[i]);
        const auto limit = more ? std::chrono::steady_clock::duration(patience) : std::chrono::hours(1);
        const auto connected = co_await with_timeout(std::move(one), limit);
        if (connected.has_error()) {
            last = connected.error();
            continue;
        }
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        co_return stream_socket(std::move(socket));
    }
    co_return last;
}

awaitable<result<stream_socket>> connect_unix(std::string path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        co_return fail(errc::transient, path + ": too long for a socket's path");
    asio::local::stream_protocol::socket socket(co_await asio::this_coro::executor);
    const asio::local::stream_protocol::endpoint to(path);
    auto [ec] = co_await socket.async_connect(to, as_tuple);
    if (ec) co_return not_connected(path, ec);
    co_return stream_socket(std::move(socket));
}

std::shared_ptr<asio::ssl::context> make_client_tls(const std::string& extra_ca_file) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(asio::ssl::verify_peer);
    error_code ec;
    context->set_default_verify_paths(ec);
    if (ec) throw failure(fail(errc::invalid, "the system's certificate authorities: " + ec.message()));
    if (!extra_ca_file.empty()) context->load_verify_file(extra_ca_file, ec);
    if (ec) throw failure(fail(errc::invalid, extra_ca_file + ": " + ec.message()));
    return context;
}

awaitable<result<std::unique_ptr<tls_stream>>> start_tls(stream_socket socket,
                                                         std::shared_ptr<asio::ssl::context> context,
                                                         std::string host) {
    auto stream = std::make_unique<tls_stream>(std::move(socket), *context);
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    // SNI is for names; an address there is an error (RFC 6066, 3).
    if (not_an_address) SSL_set_tlsext_host_name(stream->native_handle(), host.c_str());
    static constexpr unsigned char protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(stream->native_handle(), protocols, sizeof protocols);
    stream->set_verify_callback(asio::ssl::host_name_verification(host));
    auto [ec] = co_await stream->async_handshake(asio::ssl::stream_base::client, as_tuple);
    if (ec) co_return not_connected(host + ": TLS", ec);
    co_return std::move(stream);
}

}  // namespace kith::net
