#include "daemon/net/http_session.hpp"

#include "daemon/async/with_timeout.hpp"
#include "daemon/net/http_wire.hpp"
#include "daemon/net/socket_io.hpp"
#include "daemon/net/text.hpp"
#include "daemon/net/websocket_link.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <optional>

namespace kith::net {

namespace http = boost::beast::http;
using steady = std::chrono::steady_clock;
using request_parser = http::request_parser<http::string_body>;

namespace {

/// More than this without a line's end is no chunk header.
constexpr std::size_t most_unparsed = 64 << 10;

enum class arrival { bytes, nothing };

/// Where the first line that ends the head ends, or nothing. A bare line feed counts as an end as well: what
/// it makes of the head is for `check_request_head` to refuse.
std::optional<std::size_t> end_of_head(std::string_view in, std::size_t from) {
    for (std::size_t i = from; i < in.size(); ++i) {
        if (in[i] != '\n') continue;
        if (i == 0 || in[i - 1] != '\r') return i + 1;
        if (i >= 3 && in[i - 2] == '\n') return i + 1;
        if (i == 1) return i + 1;
    }
    return std::nullopt;
}

}  // namespace

class session {
 public:
    session(std::shared_ptr<server_core> core, stream_socket socket, peer from)
        : core_(std::move(core)), socket_(std::move(socket)), from_(std::move(from)) {
        place_ = core_->sessions.insert(core_->sessions.end(), this);
    }
    ~session() { core_->sessions.erase(place_); }
    session(const session&) = delete;

    awaitable<void> run();
    void wind_down();
    void cut_off() noexcept;

 private:
    /// One request. Says whether another may follow.
    awaitable<bool> serve_one();
    awaitable<std::optional<std::string>> read_head();
    awaitable<bool> read_body(request_parser& parser);
    awaitable<arrival> fill(steady::time_point until);
    awaitable<bool> dispatch(server_request request, const std::vector<std::string>& segments);
    awaitable<bool> upgrade(server_request request, const route_table::upgrade& route, std::string head);
    awaitable<void> converse(server_request request, const route_table::upgrade& route);
    awaitable<server_response> handle(const route_table::plain& route, server_request request);
    awaitable<bool> respond(server_response r);
    awaitable<bool> refuse(server_response r);

    std::shared_ptr<server_core> core_;
    stream_socket socket_;
    peer from_;
    std::list<session*>::iterator place_;
    std::string in_;  ///< what came and was not looked at yet
    std::array<char, 8192> piece_;
    std::shared_ptr<websocket> socket_up_;  ///< after an upgrade
    bool first_ = true, idle_ = true;
    bool keep_alive_ = false, head_only_ = false;
    bool unread_ = false;  ///< we close without having read all that was sent
};

awaitable<void> session::run() {
    for (;;) {
        const bool more = co_await serve_one();
        if (!more) break;
        first_ = false;
    }
    if (unread_) co_await linger(socket_);
}

awaitable<arrival> session::fill(steady::time_point until) {
    auto one = read_some(socket_, asio::buffer(piece_));
    const auto got = co_await with_timeout(std::move(one), until - steady::now());
    if (got.has_error() || got->ec) co_return arrival::nothing;
    in_.append(piece_.data(), got->n);
    co_return arrival::bytes;
}

/// The head with its empty line. Nothing: the connection is to be closed; a refusal was sent if one was due.
awaitable<std::optional<std::string>> session::read_head() {
    const auto& limits = core_->limits;
    // A connection that nobody uses is not a slow request: it is closed without a word.
    idle_ = in_.empty();
    if (idle_) {
        if (core_->stopping) co_return std::nullopt;
        const auto patience = first_ ? limits.head : limits.keep_alive;
        const auto came = co_await fill(steady::now() + patience);
        if (came == arrival::nothing) co_return std::nullopt;
    }
    idle_ = false;
    const auto until = steady::now() + limits.head;
    std::size_t looked_at = 0;
    for (;;) {
        const auto end = end_of_head(in_, looked_at);
        looked_at = in_.size();
        if (end.value_or(in_.size()) > limits.head_bytes) {
            co_await refuse(
                problem(431, "Request Header Fields Too Large", "The head of the request is too large."));
            co_return std::nullopt;
        }
        if (end) {
            std::string head = in_.substr(0, *end);
            in_.erase(0, *end);
            co_return head;
        }
        const auto came = co_await fill(until);
        if (came == arrival::bytes) continue;
        if (steady::now() >= until)
            co_await refuse(problem(408, "Request Timeout", "The head of the request took too long."));
        co_return std::nullopt;
    }
}

awaitable<bool> session::read_body(request_parser& parser) {
    const auto until = steady::now() + core_->limits.body;
    while (!parser.is_done()) {
        error_code ec;
        std::size_t used = 0;
        if (!in_.empty()) used = parser.put(asio::buffer(in_), ec);
        in_.erase(0, used);
        if (ec == http::error::body_limit) {
            co_await refuse(problem(413, "Content Too Large", "The body of the request is too large."));
            co_return false;
        }
        if ((ec && ec != http::error::need_more) || in_.size() > most_unparsed) {
            co_await refuse(
                problem(400, "Bad Request", "The body of the request is not what its head says."));
            co_return false;
        }
        if (parser.is_done() || used > 0) continue;
        const auto came = co_await fill(until);
        if (came == arrival::bytes) continue;
        if (steady::now() >= until)
            co_await refuse(problem(408, "Request Timeout", "The body of the request took too long."));
        co_return false;
    }
    co_return true;
}

namespace {

/// Taken before the body is read: Beast adds a chunked body's trailer to the fields, and who sends a trailer
/// must not slip in what a proxy in front of us keeps out of the head.
server_request take_head(const request_parser& parser) {
    const auto& message = parser.get();
    server_request r;
    r.method = std::string(message.method_string().data(), message.method_string().size());
    for (const auto& field : message) {
        const auto name = field.name_string();
        const auto value = field.value();
        r.headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    const std::string_view target(message.target().data(), message.target().size());
    const auto question = target.find('?');
    r.path = std::string(target.substr(0, question));
    if (question != std::string_view::npos) r.query = std::string(target.substr(question + 1));
    return r;
}

std::string join(const std::vector<std::string>& segments) {
    std::string path;
    for (const auto& s : segments) path += "/" + s;
    return path;
}

bool asks_for_upgrade(const server_request& r) {
    return r.method == "GET" && lists_word(r.headers.get("Connection"), "upgrade") &&
           lists_word(r.headers.get("Upgrade"), "websocket");
}

}  // namespace

awaitable<bool> session::serve_one() {
    keep_alive_ = head_only_ = false;
    auto head = co_await read_head();
    if (!head) co_return false;
    if (auto wrong = check_request_head(*head)) {
        auto answer = problem(400, "Bad Request", "Not a request that this server reads: " + *wrong + ".");
        co_return co_await refuse(std::move(answer));
    }
    request_parser parser;
    parser.header_limit(static_cast<std::uint32_t>(head->size() + 1));
    parser.body_limit(core_->limits.body_bytes);
    parser.eager(true);
    error_code ec;
    parser.put(asio::buffer(*head), ec);
    if (ec == http::error::body_limit)
        co_return co_await refuse(problem(413, "Content Too Large", "The body of the request is too large."));
    if ((ec && ec != http::error::need_more) || !parser.is_header_done())
        co_return co_await refuse(problem(400, "Bad Request", "Not an HTTP request."));
    auto request = take_head(parser);
    request.from = from_;
    head_only_ = request.method == "HEAD";
    const bool wants_keep_alive = parser.keep_alive() && parser.get().version() == 11;

    const auto expect = request.headers.get("Expect");
    if (!expect.empty() && !same_word(expect, "100-continue"))
        co_return co_await refuse(problem(417, "Expectation Failed", "Only 100-continue is understood."));
    if (!expect.empty() && !parser.is_done() && in_.empty()) {
        const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool sent = co_await write_all(socket_, go_on, core_->limits.body);
        if (!sent) co_return false;
    }
    const bool whole = co_await read_body(parser);
    if (!whole) co_return false;
    request.body = std::move(parser.get().body());

    const auto segments = split_path(request.path);
    if (!segments)
        co_return co_await refuse(problem(400, "Bad Request", "The path of the request is not well formed."));
    request.path = join(*segments);
    keep_alive_ = wants_keep_alive;
    if (asks_for_upgrade(request)) {
        auto found = core_->routes.find_upgrade(*segments);
        if (found.route != nullptr) {
            request.parts = std::move(found.parts);
            co_return co_await upgrade(std::move(request), *found.route, std::move(*head));
        }
    }
    co_return co_await dispatch(std::move(request), *segments);
}

awaitable<bool> session::dispatch(server_request request, const std::vector<std::string>& segments) {
    auto found = core_->routes.find(request.method, segments);
    if (found.route == nullptr) {
        if (found.upgrade_only) {
            auto answer = problem(426, "Upgrade Required", "Only WebSockets are spoken here.");
            answer.headers.add("Upgrade", "websocket");
            co_return co_await respond(std::move(answer));
        }
        if (found.allow.empty())
            co_return co_await respond(problem(404, "Not Found", "There is nothing at this path."));
        auto answer = problem(405, "Method Not Allowed", "This path is for: " + found.allow + ".");
        answer.headers.add("Allow", found.allow);
        co_return co_await respond(std::move(answer));
    }
    request.parts = std::move(found.parts);
    auto answer = co_await handle(*found.route, std::move(request));
    co_return co_await respond(std::move(answer));
}

awaitable<server_response> session::handle(const route_table::plain& route, server_request request) {
    std::string wrong;
    try {
        co_return co_await route.handler(std::move(request));
    } catch (const std::exception& e) {
        wrong = e.what();
    }
    // Cancelled, we end here: the next await throws again.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    spdlog::error("http: {} {} failed: {}", route.method, route.pattern.text(), wrong);
    co_return problem(500, "Internal Server Error", "The server could not do this. Its log says why.");
}

awaitable<bool> session::respond(server_response r) {
    const bool close = !keep_alive_ || core_->stopping;
    std::string bytes;
    try {
        bytes = write_response(r, wire_options{head_only_, close});
    } catch (const std::invalid_argument& e) {
        spdlog::error("http: {}", e.what());
        auto instead =
            problem(500, "Internal Server Error", "The server could not do this. Its log says why.");
        bytes = write_response(instead, wire_options{head_only_, close});
    }
    const bool sent = co_await write_all(socket_, bytes, core_->limits.body);
    co_return sent && !close;
}

/// An answer to a request that was not read to its end: nothing that follows could be trusted.
awaitable<bool> session::refuse(server_response r) {
    keep_alive_ = false;
    unread_ = true;
    co_return co_await respond(std::move(r));
}

awaitable<bool> session::upgrade(server_request request, const route_table::upgrade& route,
                                 std::string head) {
    if (route.may) {
        if (auto refusal = route.may(request)) co_return co_await respond(std::move(*refusal));
    }
    const auto offered = request.headers.get("Sec-WebSocket-Protocol");
    const bool agreed = !route.subprotocol.empty() && lists_word(offered, route.subprotocol);
    // A browser that offered some would break the connection off if we named none of them.
    if (!offered.empty() && !agreed)
        co_return co_await refuse(
            problem(400, "Bad Request", "None of the subprotocols offered is spoken here."));
    if (!in_.empty())
        co_return co_await refuse(problem(400, "Bad Request", "Bytes after the upgrade, before its answer."));
    std::string subprotocol = agreed ? route.subprotocol : std::string();
    auto accepted =
        co_await accept_websocket(std::move(socket_), std::move(head), route.limits, std::move(subprotocol));
    if (accepted.has_error()) co_return false;
    socket_up_ = std::move(*accepted);
    co_await converse(std::move(request), route);
    co_return false;
}

awaitable<void> session::converse(server_request request, const route_table::upgrade& route) {
    const auto ws = socket_up_;
    // Stopping began while the handshake was under way.
    if (core_->stopping) {
        co_await ws->close(close_code::going_away, "the server is stopping");
        co_return;
    }
    std::string wrong;
    try {
        co_await route.handler(std::move(request), *ws);
    } catch (const std::exception& e) {
        wrong = e.what();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
    if (!wrong.empty()) spdlog::error("http: WebSocket {} failed: {}", route.pattern.text(), wrong);
    co_await ws->close(wrong.empty() ? close_code::normal : close_code::internal, "");
}

namespace {

/// Holds the WebSocket itself: its session may end before the peer has answered.
awaitable<void> say_goodbye(std::shared_ptr<websocket> ws) {
    co_await ws->close(close_code::going_away, "the server is stopping");
}

awaitable<void> serve(std::unique_ptr<session> one) {
    co_await one->run();
}

/// A connection too many, counted while it lasts.
struct refused_one {
    refused_one(std::shared_ptr<server_core> c, stream_socket s) : core(std::move(c)), socket(std::move(s)) {
        ++core->turned_away;
    }
    ~refused_one() { --core->turned_away; }
    refused_one(const refused_one&) = delete;
    std::shared_ptr<server_core> core;
    stream_socket socket;
};

awaitable<void> turn_away(std::unique_ptr<refused_one> one) {
    auto answer = problem(503, "Service Unavailable", "There are too many connections.");
    answer.headers.add("Retry-After", "5");
    const std::string bytes = write_response(answer, wire_options{false, true});
    const std::chrono::seconds patience{2};
    const bool sent = co_await write_all(one->socket, bytes, patience);
    if (sent) co_await linger(one->socket);
}

}  // namespace

void session::wind_down() {
    if (socket_up_)
        core_->tasks.spawn("websocket goodbye", say_goodbye(socket_up_));
    else if (idle_)
        cut_off();
}

void session::cut_off() noexcept {
    error_code ignored;
    if (socket_up_)
        socket_up_->abort();
    else
        socket_.close(ignored);
}

void start_session(const std::shared_ptr<server_core>& core, stream_socket socket, peer from) {
    auto one = std::make_unique<session>(core, std::move(socket), std::move(from));
    core->tasks.spawn("http session", serve(std::move(one)));
}

void start_refusal(const std::shared_ptr<server_core>& core, stream_socket socket) {
    // Beyond this many, connections are closed without a word.
    if (core->turned_away >= 64) return;
    core->tasks.spawn("http refusal", turn_away(std::make_unique<refused_one>(core, std::move(socket))));
}

void wind_down(server_core& core) {
    for (auto* one : core.sessions) one->wind_down();
}

void cut_off(server_core& core) noexcept {
    for (auto* one : core.sessions) one->cut_off();
}

}  // namespace kith::net
