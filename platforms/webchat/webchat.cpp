#include "platforms/webchat/webchat.hpp"

#include "daemon/async/bell.hpp"
#include "daemon/async/first_of.hpp"
#include "daemon/async/with_timeout.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/http_server.hpp"
#include "platforms/webchat/protocol.hpp"
#include "platforms/webchat/web_files.hpp"

#include <boost/url/parse.hpp>

#include <charconv>
#include <list>
#include <map>

namespace kith::webchat {

namespace {

using namespace std::chrono_literals;
using net::close_code;
using net::server_request;
using net::server_response;

struct settings {
    std::vector<std::string> origins;
    std::string name;
    std::size_t text_limit = 2000;
    std::chrono::seconds quiet_after{60};
    std::string quiet_text;
    int burst = 5;
    std::chrono::milliseconds every{2000};
    bool demo = false;
};

/// Replies; a chat is no place for essays.
text_length length(std::string_view text) {
    return {characters(text), 4000, "characters"};
}

constexpr std::size_t page_size = 200;
constexpr std::size_t most_shown = 500;              ///< of a thread, after a page was loaded ...
constexpr std::size_t most_shown_bytes = 200 << 10;  ///< ... and no more than that
constexpr std::size_t most_pages = 10;               ///< of one visitor at the same time
constexpr auto first_word = 15s;                     ///< within which the widget says hello
constexpr int patience = 20;                         ///< refused messages before the link is closed

class chat final : public platform {
 public:
    chat(const platform_context& context, settings s)
        : context_(context), settings_(std::move(s)), work_(context.executor) {
        capabilities_.threads = true;
        capabilities_.private_messages = true;
        capabilities_.idempotency = idempotency::native;
        capabilities_.length = length;
        add_routes();
    }

    const capabilities& supports() const noexcept override { return capabilities_; }
    std::string_view demo_page() const noexcept override { return settings_.demo ? "/demo" : ""; }

    awaitable<error> run(cursor from, inbox& to) override {
        std::int64_t after = 0;  // a cursor that is no number: read from the start, nothing is doubled
        std::from_chars(from.data(), from.data() + from.size(), after);
        for (;;) {
            auto entries = co_await context_.journal.read("", after, page_size);
            if (entries.has_error()) co_return entries.error();
            if (entries->empty()) {
                co_await work_.wait(10s);
                continue;
            }
            batch b;
            for (const auto& e : *entries) b.events.push_back(message_seen{to_message(e)});
            after = entries->back().number;
            b.next = std::to_string(after);
            const auto kept = co_await to.accept(std::move(b));
            if (kept.has_error()) co_return kept.error();
        }
    }

    awaitable<result<thread>> fetch_thread(const message& target) override {
        auto entries = co_await transcript(target.thread_id, 0);
        if (entries.has_error()) co_return entries.error();
        thread t;
        for (const auto& e : *entries) {
            if (e.id == target.native_id) t.target_revision = "1";
            t.messages.push_back(to_message(e));
            t.tail = e.id;
        }
        constexpr std::size_t most_lines = 50;
        if (t.messages.size() > most_lines)
            t.messages.erase(t.messages.begin(), t.messages.end() - most_lines);
        co_return t;
    }

    awaitable<result<prepared_reply>> prepare(const approved_reply& r, const idempotency_key& key) override {
        line l;
        l.from_staff = true;
        l.text = r.text;
        l.name = settings_.name;
        prepared_reply p;
        p.bytes = to_body(l);
        p.native_id = key.value;
        co_return p;
    }

    awaitable<result<receipt>> deliver(const approved_reply& r, const idempotency_key& key) override {
        auto e = co_await context_.journal.append(r.target.thread_id, key.value, r.prepared);
        if (e.has_error()) co_return e.error();
        ring(r.target.thread_id);
        co_return receipt_of(*e);
    }

    awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply&,
                                                             const idempotency_key& key) override {
        auto e = co_await context_.journal.find(key.value);
        if (e.has_error()) co_return e.error();
        if (!*e) co_return std::optional<receipt>{};
        co_return std::optional<receipt>(receipt_of(**e));
    }

 private:
    /// One open page of a visitor.
    struct page {
        explicit page(asio::any_io_executor executor) : news(std::move(executor)) {}
        bell news;
        std::int64_t shown = 0;
        std::string visitor;
        std::string language;
        std::string address;
    };
    using pages = std::multimap<std::string, page*>;

    static receipt receipt_of(const journal::entry& e) { return {e.id, "", e.at}; }

    void add_routes() {
        const auto base = "/webchat/" + context_.account;
        for (const auto& file : webchat_files) {
            if (file.name == "widget.js")
                context_.router.on("GET", base + "/widget.js",
                                   [&file](server_request) { return serve_widget(file); });
            else if (settings_.demo)
                context_.router.on("GET",
                                   file.name == "demo.html" ? "/demo" : "/demo/" + std::string(file.name),
                                   [this, &file](server_request) { return serve_demo(file); });
        }
        net::websocket_limits limits;
        limits.message_bytes = 16 << 10;
        limits.queued_bytes = 256 << 10;
        context_.router.on_websocket(
            base + "/socket", [this](const server_request& r) { return may_open(r); }, limits,
            "kith.webchat.1", [this](server_request, net::websocket& socket) { return talk(socket); });
    }

    static awaitable<server_response> serve_widget(const embedded_file& file) {
        auto out = server_response::make(200, "text/javascript; charset=utf-8", std::string(file.content));
        out.headers.add("Cross-Origin-Resource-Policy", "cross-origin");
        out.headers.add("Cache-Control", "public, max-age=300");
        co_return out;
    }

    awaitable<server_response> serve_demo(const embedded_file& file) {
        std::string content(file.content);
        constexpr std::string_view mark = "{{account}}";
        if (const auto at = content.find(mark); at != std::string::npos)
            content.replace(at, mark.size(), context_.account);
        const auto type = file.name.ends_with(".html")  ? "text/html; charset=utf-8"
                          : file.name.ends_with(".css") ? "text/css; charset=utf-8"
                                                        : "text/javascript; charset=utf-8";
        auto out = server_response::make(200, type, std::move(content));
        out.headers.add("Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        out.headers.add("Cache-Control", "no-cache");
        co_return out;
    }

    std::optional<server_response> may_open(const server_request& r) const {
        const auto origin = r.headers.get("origin");
        for (const auto& o : settings_.origins)
            if (o == "*" || o == origin) return std::nullopt;
        // The demo page is ours: its origin is wherever the browser reached us.
        const auto host = origin.find("://");
        if (settings_.demo && host != std::string_view::npos &&
            origin.substr(host + 3) == r.headers.get("host"))
            return std::nullopt;
        return net::problem(403, "Not allowed", "this site is not among the account's origins");
    }

    /// The conversation with one page: first its hello, then both directions at once.
    awaitable<void> talk(net::websocket& socket) {
        auto first = co_await with_timeout(socket.read(), first_word);
        if (first.has_error()) {
            co_await socket.close(close_code::policy, "say hello first");
            co_return;
        }
        auto parsed = parse(*first);
        const auto* h = parsed.has_value() ? std::get_if<hello>(&*parsed) : nullptr;
        if (!h) {
            const std::string why = parsed.has_error() ? parsed.error().what : "say hello first";
            co_await socket.close(close_code::policy, why);
            co_return;
        }
        const auto token = h->visitor.empty() ? random_base32(32) : h->visitor;
        page p(context_.executor);
        p.visitor = visitor_of(token);
        p.language = h->language;
        p.address = h->page;
        if (pages_.count(p.visitor) >= most_pages) {
            co_await socket.close(close_code::policy, "too many pages of one visitor");
            co_return;
        }
        p.shown = h->after;
        const auto welcomed = co_await welcome(socket, p, token);
        if (welcomed.has_error()) {
            co_await socket.close(close_code::try_again_later, "try again");
            co_return;
        }

        struct listed {
            pages& in;
            pages::iterator at;
            ~listed() { in.erase(at); }
        };
        const listed here{pages_, pages_.emplace(p.visitor, &p)};
        auto listening = listen(socket, p);
        auto telling = tell(socket, p);
        co_await first_of(std::move(listening), std::move(telling));
    }

    /// A function of its own, so that the transcript does not live as long as the conversation.
    awaitable<result<void>> welcome(net::websocket& socket, page& p, const std::string& token) {
        auto before = co_await transcript(p.visitor, p.shown);
        if (before.has_error()) co_return before.error();
        if (!before->empty()) p.shown = before->back().number;
        auto hello =
            welcome_frame(token, settings_.text_limit, settings_.quiet_after, settings_.quiet_text, *before);
        before->clear();
        co_return co_await socket.write(std::move(hello));
    }

    static result<client_frame> parse(const net::frame& f) {
        if (f.binary) return fail(errc::invalid, "text frames only");
        return parse_frame(f.data);
    }

    /// What the visitor says, until the link ends or the visitor goes too far.
    awaitable<void> listen(net::websocket& socket, page& p) {
        rate_limit pace(settings_.burst, settings_.every);
        for (int refused = 0; refused < patience;) {
            const auto f = co_await socket.read();
            if (f.has_error()) co_return;
            auto parsed = parse(*f);
            const auto* s = parsed.has_value() ? std::get_if<say>(&*parsed) : nullptr;
            if (!s) {
                const std::string why = parsed.has_error() ? parsed.error().what : "only one hello";
                co_await socket.write(error_frame("bad_frame", why, ""));
                const auto code = f->binary ? close_code::unknown_data : close_code::policy;
                co_await socket.close(code, why);
                co_return;
            }
            if (auto problem = objection(*s, pace); !problem.empty()) {
                ++refused;
                co_await socket.write(std::move(problem));
                continue;
            }
            const auto kept = co_await keep(*s, p);
            if (kept.has_error())
                co_await socket.write(error_frame("try_again", "not stored: try again", s->id));
            else
                co_await socket.write(ack_frame(s->id, kept->number));
        }
        co_await socket.close(close_code::policy, "too much");
    }

    /// The error frame for a message that is not taken, or nothing.
    std::string objection(const say& s, rate_limit& pace) const {
        if (s.text.find_first_not_of(" \t\r\n") == std::string::npos)
            return error_frame("empty", "say something", s.id);
        if (characters(s.text) > settings_.text_limit)
            return error_frame("too_long", "at most " + std::to_string(settings_.text_limit) + " characters",
                               s.id);
        if (!typed_by_a_person(s.text)) return error_frame("bad_text", "control characters", s.id);
        if (!pace.take(std::chrono::steady_clock::now()))
            return error_frame("too_fast", "wait a moment", s.id);
        return {};
    }

    awaitable<result<journal::entry>> keep(const say& s, const page& p) {
        line l;
        l.text = s.text;
        l.language = p.language;
        l.page = p.address;
        // The visitor is part of the id: one cannot take another's.
        auto e = co_await context_.journal.append(p.visitor, p.visitor + "-" + s.id, to_body(l));
        if (e.has_value()) {
            work_.ring();
            ring(p.visitor);
        }
        co_return e;
    }

    /// Everything new in the thread, to this page.
    awaitable<void> tell(net::websocket& socket, page& p) {
        for (;;) {
            auto entries = co_await context_.journal.read(p.visitor, p.shown, page_size);
            if (entries.has_error()) co_return;
            for (const auto& e : *entries) {
                const auto sent = co_await socket.write(message_frame(e));
                if (sent.has_error()) co_return;
                p.shown = e.number;
            }
            if (entries->empty()) co_await p.news.wait(1min);
        }
    }

    awaitable<result<std::vector<journal::entry>>> transcript(std::string visitor, std::int64_t after) {
        std::vector<journal::entry> all;
        for (;;) {
            auto some = co_await context_.journal.read(visitor, after, page_size);
            if (some.has_error()) co_return some.error();
            if (some->empty()) break;
            after = some->back().number;
            std::move(some->begin(), some->end(), std::back_inserter(all));
            drop_oldest(all);
        }
        co_return all;
    }

    /// Of a long thread only its newest part is held and shown.
    static void drop_oldest(std::vector<journal::entry>& all) {
        std::size_t bytes = 0, keep = 0;
        while (keep < all.size() && keep < most_shown && bytes < most_shown_bytes)
            bytes += all[all.size() - ++keep].body.size();
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(keep));
    }

    void ring(const std::string& visitor) {
        const auto [first, last] = pages_.equal_range(visitor);
        for (auto it = first; it != last; ++it) it->second->news.ring();
    }

    platform_context context_;
    settings settings_;
    capabilities capabilities_;
    bell work_;
    pages pages_;
};

void check_origins(yaml::map_reader& options, const std::vector<std::string>& origins) {
    for (const auto& o : origins) {
        if (o == "*") continue;
        const auto parsed = boost::urls::parse_uri(o);
        const bool whole = parsed.has_value() &&
                           (parsed->scheme() == "https" || parsed->scheme() == "http") &&
                           !parsed->host().empty() && parsed->path().empty() && !parsed->has_query();
        if (!whole)
            options.complain(options.at("origins"), "'" + o + "' is no origin",
                             "write https://www.example.com, without a path");
    }
}

}  // namespace

std::unique_ptr<platform> make(yaml::map_reader& options, const platform_context* context) {
    settings s;
    s.demo = options.flag("demo", false);
    s.origins = options.texts("origins");
    check_origins(options, s.origins);
    if (s.origins.empty() && !s.demo)
        options.complain(options.at("origins"), "no site may use this chat",
                         "list the sites under 'origins:', as https://www.example.com");
    s.name = options.text("name", context ? context->house_name : "");
    s.text_limit = static_cast<std::size_t>(options.number("text_limit", 2000, 100, 10'000));
    if (const auto* node = options.take("quiet")) {
        yaml::map_reader quiet(*node, options.file(), "quiet", options.out());
        s.quiet_after =
            std::chrono::duration_cast<std::chrono::seconds>(quiet.duration("after", 60s, 5s, 24h));
        s.quiet_text = quiet.text("text");
        quiet.done();
    }
    if (const auto* node = options.take("rate")) {
        yaml::map_reader rate(*node, options.file(), "rate", options.out());
        s.burst = static_cast<int>(rate.number("burst", s.burst, 1, 100));
        s.every = rate.duration("every", s.every, 100ms, 10min);
        rate.done();
    }
    if (!context) return nullptr;
    return std::make_unique<chat>(*context, std::move(s));
}

}  // namespace kith::webchat
