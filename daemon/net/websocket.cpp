#include "daemon/net/websocket.hpp"

#include "daemon/async/with_timeout.hpp"
#include "daemon/net/text.hpp"
#include "daemon/net/websocket_link.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <charconv>
#include <deque>

namespace kith::net {

namespace beast = boost::beast;
namespace http = beast::http;
namespace ws = beast::websocket;

namespace {

/// How long a goodbye may take, the peer's answer included.
constexpr std::chrono::seconds goodbye{5};
/// A buffer that grew beyond this for one message is given back after it.
constexpr std::size_t kept_buffer = 64 << 10;

/// A close frame's reason has room for 123 bytes; cut between two characters.
ws::close_reason make_reason(close_code code, std::string_view text) {
    std::size_t n = std::min<std::size_t>(text.size(), 123);
    while (n > 0 && n < text.size() && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
    return ws::close_reason(static_cast<ws::close_code>(code), beast::string_view(text.data(), n));
}

/// The stream and all that runs on it. Shared by the websocket, its readers and Beast's pending operations,
/// so that a websocket may be destroyed at any time.
template <class Stream>
class link : public std::enable_shared_from_this<link<Stream>> {
 public:
    template <class... Args>
    explicit link(websocket_limits limits, Args&&... args)
        : limits_(limits), ws_(std::forward<Args>(args)...) {
        // Beast sends a ping after half of this without a byte, and gives up after the other half.
        ws_.set_option(ws::stream_base::timeout{limits_.handshake, limits_.idle, true});
        ws_.read_message_max(limits_.message_bytes);
    }

    ws::stream<Stream>& stream() noexcept { return ws_; }

    awaitable<result<frame>> read() {
        if (over_) co_return fail(errc::transient, why_);
        if (reading_) co_return fail(errc::conflict, "somebody reads from this WebSocket already");
        const auto keep = this->shared_from_this();
        reading_ = true;
        const reading_mark at_end{*this};
        auto [ec, n] = co_await ws_.async_read(in_, as_tuple);
        if (ec) co_return ended(ec);
        frame f;
        f.binary = ws_.got_binary();
        f.data.assign(static_cast<const char*>(in_.data().data()), n);
        in_.consume(n);
        if (in_.capacity() > kept_buffer) in_.shrink_to_fit();
        co_return f;
    }

    awaitable<result<void>> write(std::string text) {
        if (over_ || closing_)
            co_return fail(errc::transient, over_ ? why_ : "the WebSocket is being closed");
        if (queued_bytes_ > limits_.queued_bytes) {
            end("the peer does not read what is sent to it");
            co_return fail(errc::limited, why_);
        }
        const auto keep = this->shared_from_this();
        waiter me(co_await asio::this_coro::executor);
        queued_bytes_ += text.size();
        queue_.push_back(outgoing{std::move(text), &me});
        const unlink_mark at_end{*this, me};
        if (queue_.size() == 1) send_front();
        while (!me.done) co_await me.wake.async_wait(as_tuple);
        if (me.sent) co_return result<void>();
        co_return fail(errc::transient, why_);
    }

    awaitable<void> close(close_code code, std::string reason) {
        if (over_ || closing_) co_return;
        const auto keep = this->shared_from_this();
        closing_ = true;
        const end_mark at_end{*this};
        auto farewell = say_goodbye(make_reason(code, reason));
        co_await with_timeout(std::move(farewell), goodbye);
    }

    /// Pending operations fail; nothing more is sent.
    void end(std::string why) noexcept {
        if (over_) return;
        over_ = true;
        why_ = std::move(why);
        error_code ignored;
        beast::get_lowest_layer(ws_).close(ignored);
        // The front one is in Beast's hands: its handler comes, with an error.
        for (auto& one : queue_) tell(one, false);
    }

 private:
    /// A writer's place in the queue; lives in its coroutine.
    struct waiter {
        explicit waiter(const asio::any_io_executor& ex) : wake(ex, asio::steady_timer::time_point::max()) {}
        asio::steady_timer wake;
        bool done = false;
        bool sent = false;
    };
    struct outgoing {
        std::string text;
        waiter* who = nullptr;  ///< nobody: the writer was cancelled. Its message goes out all the same.
    };
    struct reading_mark {
        link& l;
        ~reading_mark() { l.reading_ = false; }
    };
    struct unlink_mark {
        link& l;
        waiter& me;
        ~unlink_mark() {
            for (auto& one : l.queue_)
                if (one.who == &me) one.who = nullptr;
        }
    };
    struct end_mark {
        link& l;
        ~end_mark() { l.end("closed by us"); }
    };

    static void tell(outgoing& one, bool sent) {
        if (one.who == nullptr) return;
        one.who->done = true;
        one.who->sent = sent;
        one.who->wake.cancel();
        one.who = nullptr;
    }

    /// Beast takes one write at a time. The front message stays in the queue, at its address, until it is
    /// sent.
    void send_front() {
        ws_.text(true);
        ws_.async_write(
            asio::buffer(queue_.front().text),
            [keep = this->shared_from_this()](error_code ec, std::size_t) { keep->sent_front(ec); });
    }

    void sent_front(const error_code& ec) {
        queued_bytes_ -= queue_.front().text.size();
        tell(queue_.front(), !ec);
        queue_.pop_front();
        if (ec && !closing_) end("the link broke while sending: " + ec.message());
        if (ec || over_ || closing_) {
            for (auto& one : queue_) tell(one, false);
            queue_.clear();
            queued_bytes_ = 0;
            if (closing_ && why_.empty()) why_ = "closed by us";
        } else if (!queue_.empty()) {
            send_front();
        }
    }

    awaitable<result<void>> say_goodbye(ws::close_reason reason) {
        auto [ec] = co_await ws_.async_close(reason, as_tuple);
        static_cast<void>(ec);  // the link ends either way
        co_return result<void>();
    }

    /// Why a read failed. Beast has sent the close frame already where one is due.
    error ended(const error_code& ec) {
        if (over_) return fail(errc::transient, why_);
        // A peer that said goodbye and vanished makes it some other error, but its words are there.
        if (ec == ws::error::closed || ws_.reason()) return peer_closed();
        if (ec == ws::error::message_too_big || ec == ws::error::buffer_overflow)
            return broke("a message larger than " + std::to_string(limits_.message_bytes) + " bytes");
        if (ec == ws::error::bad_frame_payload) return broke("text that is not UTF-8");
        if (ec == ws::condition::protocol_violation)
            return broke("not the WebSocket protocol: " + ec.message());
        if (ec == beast::error::timeout)
            end("no sign of life for " + std::to_string(limits_.idle.count()) + " s");
        else if (closing_)
            // While we say goodbye, `close` is what ends the link.
            return fail(errc::transient, "closed by us");
        else if (ec == asio::error::operation_aborted)
            // A read that was cancelled may have stopped within a frame: nothing can be read after it.
            end("closed by us");
        else
            end("the link broke: " + ec.message());
        return fail(errc::transient, why_);
    }

    error peer_closed() {
        const auto& r = ws_.reason();
        std::string text = "closed by the peer: " + std::to_string(static_cast<unsigned>(r.code));
        if (!r.reason.empty()) text += " " + std::string(r.reason.data(), r.reason.size());
        end(std::move(text));
        return fail(errc::transient, why_);
    }

    error broke(std::string what) {
        end("the peer sent " + std::move(what));
        return fail(errc::invalid, why_);
    }

    websocket_limits limits_;
    ws::stream<Stream> ws_;
    beast::flat_buffer in_;
    std::deque<outgoing> queue_;
    std::size_t queued_bytes_ = 0;
    bool reading_ = false, closing_ = false, over_ = false;
    std::string why_;
};

/// `websocket` for all the world.
template <class Stream>
class linked final : public websocket {
 public:
    explicit linked(std::shared_ptr<link<Stream>> l) : link_(std::move(l)) {}
    ~linked() override { link_->end("closed by us"); }
    awaitable<result<frame>> read() override { return link_->read(); }
    awaitable<result<void>> write(std::string text) override { return link_->write(std::move(text)); }
    awaitable<void> close(close_code code, std::string reason) override {
        return link_->close(code, std::move(reason));
    }
    void abort() noexcept override { link_->end("closed by us"); }

 private:
    std::shared_ptr<link<Stream>> link_;
};

// ---- the client's side

error not_upgraded(const error_code& ec, const ws::response_type& response) {
    if (ec == asio::error::operation_aborted) return fail(errc::canceled, "canceled");
    if (ec != ws::error::upgrade_declined) return fail(errc::transient, "no WebSocket: " + ec.message());
    const unsigned status = response.result_int();
    error e = fail(errc::transient, "no WebSocket: the server answered " + std::to_string(status));
    if (status == 401 || status == 403)
        e.kind = errc::unauthorised;
    else if (status == 429)
        e.kind = errc::limited;
    else if (status >= 400 && status < 500)
        e.kind = errc::refused;
    const auto after = response[http::field::retry_after];
    unsigned seconds = 0;
    const auto parsed = std::from_chars(after.data(), after.data() + after.size(), seconds);
    if (e.kind == errc::limited && parsed.ec == std::errc{} && seconds < 86'400u * 7)
        e.retry_at = now() + std::chrono::seconds(seconds);
    return e;
}

template <class Stream>
awaitable<result<std::unique_ptr<websocket>>> upgrade(std::shared_ptr<link<Stream>> l, url to,
                                                      websocket_request r) {
    auto& stream = l->stream();
    const std::string subprotocol = r.subprotocol;
    const auto decorate = [r = std::move(r)](ws::request_type& request) {
        if (!r.subprotocol.empty()) request.set(http::field::sec_websocket_protocol, r.subprotocol);
        if (!r.headers.find("User-Agent")) request.set(http::field::user_agent, "kith");
        for (const auto& [name, value] : r.headers.all()) request.set(name, value);
    };
    stream.set_option(ws::stream_base::decorator(decorate));
    ws::response_type response;
    const std::string host = to.host_header();
    auto [ec] = co_await stream.async_handshake(response, host, to.target, as_tuple);
    if (ec) co_return not_upgraded(ec, response);
    const auto chosen = response[http::field::sec_websocket_protocol];
    if (!chosen.empty() && std::string_view(chosen.data(), chosen.size()) != subprotocol)
        co_return fail(errc::refused, "no WebSocket: the server chose another subprotocol");
    co_return std::make_unique<linked<Stream>>(std::move(l));
}

awaitable<result<std::unique_ptr<websocket>>> connect(url to, websocket_request r,
                                                      std::shared_ptr<asio::ssl::context> tls) {
    auto socket = co_await connect_tcp(to.host, to.port);
    if (socket.has_error()) co_return socket.error();
    const auto limits = r.limits;
    if (!to.secure()) {
        auto l = std::make_shared<link<stream_socket>>(limits, std::move(*socket));
        co_return co_await upgrade(std::move(l), std::move(to), std::move(r));
    }
    auto secured = co_await start_tls(std::move(*socket), std::move(tls), to.host);
    if (secured.has_error()) co_return secured.error();
    auto l = std::make_shared<link<tls_stream>>(limits, std::move(**secured));
    co_return co_await upgrade(std::move(l), std::move(to), std::move(r));
}

}  // namespace

awaitable<result<std::unique_ptr<websocket>>> connect_websocket(asio::any_io_executor, websocket_request r) {
    auto to = url::parse(r.url);
    if (to.has_error()) co_return to.error();
    if (to->scheme != "ws" && to->scheme != "wss")
        co_return fail(errc::invalid, "a WebSocket's URL starts with ws:// or wss://");
    for (const auto& [name, value] : r.headers.all())
        if (!is_token(name) || !is_field_value(value))
            co_return fail(errc::invalid, "not a header field: " + percent_encode(name));
    if (!r.subprotocol.empty() && !is_token(r.subprotocol))
        co_return fail(errc::invalid, "not a subprotocol");
    std::shared_ptr<asio::ssl::context> tls;
    try {
        if (to->secure()) tls = make_client_tls(r.extra_ca_file);
    } catch (const failure& e) {
        co_return e.why();
    }
    const auto limit = r.limits.handshake;
    const std::string where = to->scheme + "://" + to->host_header() + ": ";
    auto work = connect(std::move(*to), std::move(r), std::move(tls));
    auto connected = co_await with_timeout(std::move(work), limit);
    if (!connected.has_error()) co_return connected;
    error why = connected.error();
    why.what = where + why.what;
    co_return why;
}

// ---- the server's side

awaitable<result<std::unique_ptr<websocket>>> accept_websocket(stream_socket socket, std::string head,
                                                               websocket_limits limits,
                                                               std::string subprotocol) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    error_code bad;
    parser.put(asio::buffer(head), bad);
    if (bad || !parser.is_header_done()) co_return fail(errc::invalid, "not a request's head");
    auto l = std::make_shared<link<stream_socket>>(limits, std::move(socket));
    auto& stream = l->stream();
    const auto decorate = [subprotocol = std::move(subprotocol)](ws::response_type& response) {
        if (!subprotocol.empty()) response.set(http::field::sec_websocket_protocol, subprotocol);
        response.set("X-Content-Type-Options", "nosniff");
        response.set(http::field::server, "kith");
    };
    stream.set_option(ws::stream_base::decorator(decorate));
    auto [ec] = co_await stream.async_accept(parser.get(), as_tuple);
    if (ec) co_return fail(errc::invalid, "no WebSocket: " + ec.message());
    co_return std::make_unique<linked<stream_socket>>(std::move(l));
}

}  // namespace kith::net
