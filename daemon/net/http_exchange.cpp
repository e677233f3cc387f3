#include "daemon/net/http_exchange.hpp"

#include "daemon/net/text.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace kith::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t most_head_bytes = 64 << 10;
constexpr std::size_t piece = 16 << 10;

void add_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// These we write ourselves: two of them would be a request that servers read differently.
bool is_set_by_client(std::string_view name) {
    for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection"})
        if (same_word(name, own)) return true;
    return false;
}

}  // namespace

result<std::string> write_request(const client_request& r, const url& to, const std::string& user_agent) {
    if (!is_token(r.method)) return fail(errc::invalid, "not an HTTP method");
    std::string out = r.method + " " + to.target + " HTTP/1.1\r\n";
    if (!r.headers.find("Host")) add_line(out, "Host", to.host_header());
    if (!r.headers.find("User-Agent")) add_line(out, "User-Agent", user_agent);
    if (!r.headers.find("Accept")) add_line(out, "Accept", "*/*");
    for (const auto& [name, value] : r.headers.all()) {
        if (!is_token(name) || !is_field_value(value))
            return fail(errc::invalid, "not a header field: " + percent_encode(name));
        if (!is_set_by_client(name)) add_line(out, name, value);
    }
    const bool has_body = !r.body.empty() || r.method == "POST" || r.method == "PUT" || r.method == "PATCH";
    if (has_body) add_line(out, "Content-Length", std::to_string(r.body.size()));
    out += "\r\n";
    out += r.body;
    return out;
}

namespace {

/// Feeds the parser; knows nothing of sockets.
class answer_reader {
 public:
    answer_reader(bool is_head, std::size_t most_bytes) : is_head_(is_head), most_(most_bytes) { restart(); }

    boost::asio::mutable_buffer room() { return in_.prepare(piece); }

    /// `n` bytes were read into `room()`. Says what is wrong, or nothing.
    error_code took(std::size_t n) {
        in_.commit(n);
        while (in_.size() > 0 && !parser_->is_done()) {
            error_code ec;
            const auto used = parser_->put(in_.data(), ec);
            in_.consume(used);
            if (ec && ec != http::error::need_more) return ec;
            if (parser_->is_done() && is_interim())
                restart();
            else if (used == 0)
                break;
        }
        // What is left is an unfinished line, of a head or of a chunk.
        if (in_.size() > 2 * most_head_bytes) return http::error::header_limit;
        return {};
    }

    /// The connection was closed: the end of some answers, the failure of others.
    error_code ended() {
        error_code ec;
        if (!parser_->got_some()) return http::error::end_of_stream;
        parser_->put_eof(ec);
        return ec;
    }

    bool done() const { return parser_->is_done(); }
    bool reusable() const { return parser_->keep_alive() && in_.size() == 0; }

    client_response take() {
        auto message = parser_->release();
        client_response r;
        r.status = message.result_int();
        for (const auto& field : message) {
            const auto name = field.name_string();
            const auto value = field.value();
            r.headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
        }
        r.body = std::move(message.body());
        return r;
    }

 private:
    /// 100 and 103 come before the answer itself.
    bool is_interim() const {
        const auto status = parser_->get().result_int();
        return status >= 100 && status < 200 && status != 101;
    }

    void restart() {
        parser_.emplace();
        parser_->header_limit(most_head_bytes);
        parser_->body_limit(most_);
        parser_->eager(true);
        if (is_head_) parser_->skip(true);
    }

    bool is_head_;
    std::size_t most_;
    boost::beast::flat_buffer in_;
    std::optional<http::response_parser<http::string_body>> parser_;
};

bool is_end(const error_code& ec) noexcept {
    return ec == asio::error::eof;
}

/// What a peer's closing looks like, politely or not.
bool is_closing(const error_code& ec) noexcept {
    return is_end(ec) || ec == asio::ssl::error::stream_truncated || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == http::error::end_of_stream;
}

error no_answer(const error_code& ec, std::size_t most_bytes) {
    if (ec == asio::error::operation_aborted) return fail(errc::canceled, "canceled");
    if (ec == http::error::body_limit)
        return fail(errc::unknown, "the answer is larger than " + std::to_string(most_bytes) + " bytes");
    if (is_closing(ec))
        return fail(errc::unknown, "the server closed the connection before its answer was whole");
    return fail(errc::unknown, "no whole answer: " + ec.message());
}

}  // namespace

awaitable<result<client_response>> exchange(byte_stream& stream, const std::string& bytes, bool is_head,
                                            std::size_t most_bytes, attempt& how) {
    how.sent = true;
    const auto written = co_await stream.write(asio::buffer(bytes));
    // A server may answer and close before it read all (413, say): so a failed write is not yet the end.
    if (written.ec && !is_closing(written.ec)) co_return no_answer(written.ec, most_bytes);
    answer_reader reader(is_head, most_bytes);
    while (!reader.done()) {
        const auto got = co_await stream.read_some(reader.room());
        error_code ec = got.ec;
        if (got.n > 0) how.answered = true;
        if (!ec)
            ec = reader.took(got.n);
        else if (is_end(ec))
            ec = reader.ended();
        if (!ec) continue;
        how.closed = !how.answered && is_closing(ec);
        co_return no_answer(ec, most_bytes);
    }
    how.reusable = !written.ec && reader.reusable();
    co_return reader.take();
}

}  // namespace kith::net
