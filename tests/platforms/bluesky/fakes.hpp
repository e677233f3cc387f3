/// The world around a Bluesky link, played by the test.
#pragma once

#include "platforms/bluesky/base_n.hpp"
#include "platforms/bluesky/link.hpp"
#include "tests/platforms/bluesky/cbor_writer.hpp"
#include "tests/support/coroutine.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <map>

namespace kith::bluesky::test {

inline std::string jwt(int seconds, const std::string& salt) {
    const std::string claims =
        R"({"iat":1000,"exp":)" + std::to_string(1000 + seconds) + R"(,"salt":")" + salt + "\"}";
    return "e30." + base64(claims) + ".sig";
}

inline result<net::client_response> answer(unsigned status, std::string body, net::http_fields headers = {}) {
    return net::client_response{status, std::move(headers), std::move(body)};
}

/// Answers by NSID. Signs anybody in; everything else is what the test says.
class fake_server : public net::http_client {
 public:
    using handler = std::function<result<net::client_response>(const net::client_request&)>;
    std::map<std::string, handler> on;
    std::vector<net::client_request> seen;
    int token_seconds = 7200;
    int tokens = 0;
    /// While not null, an answer is held back until it is rung.
    asio::steady_timer* hold = nullptr;

    fake_server() {
        on["com.atproto.server.createSession"] = [this](const auto&) { return session(); };
        on["com.atproto.server.refreshSession"] = [this](const auto&) { return session(); };
        on["app.bsky.notification.listNotifications"] = [](const auto&) {
            return answer(200, R"({"notifications":[]})");
        };
        on["app.bsky.actor.getProfile"] = [](const net::client_request& r) {
            const std::string did = *net::percent_decode(r.url.substr(r.url.find("actor=") + 6));
            return answer(200, R"({"did":")" + did + R"(","handle":"ann.test","displayName":"Ann"})");
        };
    }

    result<net::client_response> session() {
        const std::string n = std::to_string(++tokens);
        return answer(200, R"({"did":"did:plc:us","handle":"us.test","accessJwt":")" +
                               jwt(token_seconds, "a" + n) + R"(","refreshJwt":")" + jwt(99999, "r" + n) +
                               "\"}");
    }

    static std::string nsid(const net::client_request& r) {
        const auto begin = r.url.find("/xrpc/") + 6;
        return r.url.substr(begin, r.url.find('?', begin) - begin);
    }
    std::size_t count(const std::string& id) const {
        return static_cast<std::size_t>(
            std::count_if(seen.begin(), seen.end(), [&](const auto& r) { return nsid(r) == id; }));
    }

    awaitable<result<net::client_response>> send(net::client_request r) override {
        seen.push_back(r);
        if (hold != nullptr) co_await hold->async_wait(as_tuple);
        const auto it = on.find(nsid(r));
        if (it == on.end()) co_return answer(501, R"({"error":"MethodNotImplemented"})");
        co_return it->second(r);
    }
};

/// What the relay sends on each connection, in turn. When it has nothing more to say the connection stays
/// open.
struct fake_relay {
    struct connection {
        std::vector<std::string> frames;
        std::optional<error> then;  ///< how it ends
    };
    std::deque<connection> connections;
    std::vector<std::string> urls;

    class socket : public net::websocket {
     public:
        socket(asio::any_io_executor executor, connection c) : bell_(executor), c_(std::move(c)) {
            bell_.expires_at(asio::steady_timer::time_point::max());
        }
        awaitable<result<net::frame>> read() override {
            if (next_ < c_.frames.size()) {
                net::frame f;
                f.binary = true;
                f.data = c_.frames[next_++];
                co_return f;
            }
            if (c_.then) co_return *c_.then;
            co_await bell_.async_wait(as_tuple);
            co_return fail(errc::transient, "cut");
        }
        awaitable<result<void>> write(std::string) override { co_return result<void>(); }
        awaitable<void> close(net::close_code, std::string) override { co_return; }
        void abort() noexcept override { bell_.cancel(); }

     private:
        asio::steady_timer bell_;
        connection c_;
        std::size_t next_ = 0;
    };

    connector make(asio::any_io_executor executor) {
        return [this, executor](net::websocket_request r) { return open(executor, std::move(r)); };
    }
    awaitable<result<std::unique_ptr<net::websocket>>> open(asio::any_io_executor executor,
                                                            net::websocket_request r) {
        urls.push_back(r.url);
        if (connections.empty()) co_return fail(errc::transient, "nobody there");
        connection c = std::move(connections.front());
        connections.pop_front();
        std::unique_ptr<net::websocket> made = std::make_unique<socket>(executor, std::move(c));
        co_return std::move(made);
    }
};

class fake_inbox : public inbox {
 public:
    std::vector<event> events;
    cursor last;
    std::optional<error> broken;
    std::function<void()> on_accept;
    int at_once = 0, most_at_once = 0;

    awaitable<result<void>> accept(batch b) override {
        most_at_once = std::max(most_at_once, ++at_once);
        asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
        co_await pause.async_wait(as_tuple);
        --at_once;
        if (broken) co_return *broken;
        for (event& e : b.events) events.push_back(std::move(e));
        if (!b.next.empty()) last = b.next;
        if (on_accept) on_accept();
        co_return result<void>();
    }

    template <class T>
    std::vector<T> all() const {
        std::vector<T> out;
        for (const event& e : events)
            if (const T* one = std::get_if<T>(&e)) out.push_back(*one);
        return out;
    }
};

/// A link with everything around it.
struct world {
    asio::io_context io;
    fake_server* server = nullptr;
    fake_relay relay;
    fake_inbox in;
    std::unique_ptr<link> us;

    explicit world(bool listen_to_all = false) {
        options o;
        o.service = "https://pds.test";
        o.stream = "wss://relay.test";
        o.web = "https://bsky.app";
        o.identifier = "us.test";
        o.password = "pw";
        o.listen_to_all = listen_to_all;
        o.poll = std::chrono::milliseconds(20);
        auto http = std::make_unique<fake_server>();
        server = http.get();
        outside through;
        through.executor = io.get_executor();
        through.http = std::move(http);
        through.connect = relay.make(io.get_executor());
        through.house_language = "en";
        us = std::make_unique<link>(std::move(o), std::move(through));
    }

    template <class T>
    T run(awaitable<T> body) {
        return kith::test::run(io, std::move(body));
    }
    /// Runs until the relay's connection ends, as the test wrote it.
    error run_from(cursor from) { return run(us->run(std::move(from), in)); }

    static error cut() { return fail(errc::transient, "cut"); }
};

}  // namespace kith::bluesky::test
