#include "daemon/net/http_client.hpp"

#include "daemon/async/with_timeout.hpp"
#include "daemon/net/http_exchange.hpp"

#include <deque>

namespace kith::net {

namespace {

using clock = std::chrono::steady_clock;

/// Connections that wait for their next request.
class connection_pool {
 public:
    /// Nothing where there is none that looks alive.
    std::unique_ptr<byte_stream> take(const std::string& key) {
        drop_old();
        for (auto it = kept_.begin(); it != kept_.end();) {
            if (it->key != key) {
                ++it;
                continue;
            }
            auto stream = std::move(it->stream);
            it = kept_.erase(it);
            if (stream->is_quiet()) return stream;
        }
        return nullptr;
    }

    void put(std::string key, std::unique_ptr<byte_stream> stream) {
        drop_old();
        if (kept_.size() >= most) kept_.pop_front();
        kept_.push_back(entry{std::move(key), std::move(stream), clock::now()});
    }

 private:
    struct entry {
        std::string key;
        std::unique_ptr<byte_stream> stream;
        clock::time_point since;
    };

    /// Oldest first, so the old ones are at the front.
    void drop_old() {
        while (!kept_.empty() && clock::now() - kept_.front().since > most_age) kept_.pop_front();
    }

    static constexpr std::size_t most = 32;
    static constexpr std::chrono::seconds most_age{30};
    std::deque<entry> kept_;
};

/// Shared with the requests under way, which may outlive the client.
struct client_state {
    client_options options;
    std::shared_ptr<asio::ssl::context> tls;
    connection_pool pool;
};

std::string pool_key(const url& to) {
    return to.scheme + " " + to.host_header() + " " + std::to_string(to.port) + " " + to.socket_path;
}

/// May be sent twice without harm (RFC 9110, 9.2.2).
bool is_repeatable(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

awaitable<result<std::unique_ptr<byte_stream>>> connect(client_state& state, const url& to) {
    auto path = to.socket_path;
    auto host = to.host;
    auto socket = to.scheme == "unix" ? connect_unix(std::move(path)) : connect_tcp(std::move(host), to.port);
    auto connected = co_await std::move(socket);
    if (connected.has_error()) co_return connected.error();
    if (!to.secure()) co_return make_byte_stream(std::move(*connected));
    auto secured = co_await start_tls(std::move(*connected), state.tls, to.host);
    if (secured.has_error()) co_return secured.error();
    co_return make_byte_stream(std::move(*secured));
}

/// A request in all its attempts. Lives in `send`'s frame.
struct job {
    std::shared_ptr<client_state> state;
    client_request request{"", ""};
    url to;
    std::string bytes;
    attempt how;
};

awaitable<result<client_response>> attempt_over(job& j, std::unique_ptr<byte_stream> stream) {
    j.how = attempt{};
    auto answer =
        co_await exchange(*stream, j.bytes, j.request.method == "HEAD", j.request.most_bytes, j.how);
    if (!answer.has_error() && j.how.reusable) j.state->pool.put(pool_key(j.to), std::move(stream));
    co_return answer;
}

awaitable<result<client_response>> run_job(job& j) {
    if (is_repeatable(j.request.method)) {
        auto kept = j.state->pool.take(pool_key(j.to));
        if (kept) {
            auto answer = co_await attempt_over(j, std::move(kept));
            // The server may close what it kept at any time, also at the moment in which we use it.
            if (!answer.has_error() || !j.how.closed) co_return answer;
        }
    }
    auto fresh = co_await connect(*j.state, j.to);
    if (fresh.has_error()) co_return fresh.error();
    co_return co_await attempt_over(j, std::move(*fresh));
}

class client final : public http_client {
 public:
    explicit client(client_options options) : state_(std::make_shared<client_state>()) {
        state_->tls = make_client_tls(options.extra_ca_file);
        state_->options = std::move(options);
    }

    awaitable<result<client_response>> send(client_request r) override {
        auto to = url::parse(r.url);
        if (to.has_error()) co_return to.error();
        if (to->scheme == "ws" || to->scheme == "wss")
            co_return fail(errc::invalid, "a WebSocket's URL where an http one was expected");
        auto bytes = write_request(r, *to, state_->options.user_agent);
        if (bytes.has_error()) co_return bytes.error();
        job j;
        j.state = state_;
        j.to = std::move(*to);
        j.bytes = std::move(*bytes);
        j.request = std::move(r);
        auto work = run_job(j);
        auto answer = co_await with_timeout(std::move(work), j.request.timeout);
        if (!answer.has_error()) co_return answer;
        // The URL's path stays out of it: with some platforms it holds the credentials.
        error why = answer.error();
        why.what = j.request.method + " " + j.to.scheme + "://" + j.to.host_header() + ": " + why.what;
        if (j.how.sent) why.kind = errc::unknown;
        co_return why;
    }

 private:
    std::shared_ptr<client_state> state_;
};

}  // namespace

std::unique_ptr<http_client> make_http_client(asio::any_io_executor, client_options options) {
    return std::make_unique<client>(std::move(options));
}

}  // namespace kith::net
