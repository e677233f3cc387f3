#include "platforms/loopback/loopback.hpp"

#include "daemon/net/http_client.hpp"
#include "platforms/loopback/protocol.hpp"

namespace kith::loopback {

namespace {

/// Characters are code points here.
text_length length(std::string_view text) {
    const auto starts = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return {static_cast<std::size_t>(starts), 500, "characters"};
}

capabilities make_capabilities(idempotency how) {
    capabilities c;
    c.edits = c.deletes = c.threads = true;
    c.idempotency = how;
    c.length = length;
    return c;
}

class link final : public platform {
 public:
    link(const platform_context& context, std::string base, idempotency how)
        : base_(std::move(base)),
          capabilities_(make_capabilities(how)),
          http_(net::make_http_client(context.executor)) {}

    const capabilities& supports() const noexcept override { return capabilities_; }

    awaitable<result<automation_label>> profile() override {
        auto answer = co_await get("/profile");
        if (answer.has_error() && answer.error().kind == errc::not_found) co_return automation_label::unknown;
        if (answer.has_error()) co_return answer.error();
        co_return parse_profile(*answer);
    }

    awaitable<error> run(cursor from, inbox& to) override {
        for (;;) {
            if (from.empty()) from = "0";
            auto answer = co_await get("/events?wait=10&after=" + from);
            if (answer.has_error()) co_return answer.error();
            auto heard = parse_events(*answer);
            if (heard.has_error()) co_return heard.error();
            if (heard->events.empty()) continue;
            from = heard->next;
            const auto kept = co_await to.accept(std::move(*heard));
            if (kept.has_error()) co_return kept.error();
        }
    }

    awaitable<result<thread>> fetch_thread(const message& target) override {
        auto answer = co_await get("/threads/" + net::percent_encode(target.native_id));
        if (answer.has_error()) co_return answer.error();
        co_return parse_thread(*answer);
    }

    awaitable<result<prepared_reply>> prepare(const approved_reply& r, const idempotency_key& key) override {
        prepared_reply p;
        p.bytes = reply_body(r, key);
        co_return p;
    }

    awaitable<result<receipt>> deliver(const approved_reply& r, const idempotency_key&) override {
        net::client_request q("POST", base_ + "/replies");
        q.headers.add("Content-Type", "application/json");
        q.body = r.prepared;
        q.timeout = std::chrono::seconds{10};
        auto answer = co_await http_->send(std::move(q));
        if (answer.has_error()) co_return answer.error();
        if (answer->status != 200) co_return error_of(answer->status, answer->body);
        auto done = parse_receipt(answer->body);
        // It said yes, and we cannot read to what: it was posted for all that we know.
        if (done.has_error()) co_return fail(errc::unknown, done.error().what);
        co_return done;
    }

    awaitable<result<std::optional<receipt>>> find_delivered(const approved_reply&,
                                                             const idempotency_key& key) override {
        auto answer = co_await get("/replies/" + key.value);
        if (answer.has_error() && answer.error().kind == errc::not_found) co_return std::optional<receipt>{};
        if (answer.has_error()) co_return answer.error();
        auto found = parse_receipt(*answer);
        if (found.has_error()) co_return found.error();
        co_return std::optional<receipt>(std::move(*found));
    }

 private:
    /// The body of a 200. A failed GET did nothing, whatever became of it: it may be repeated.
    awaitable<result<std::string>> get(std::string target) {
        net::client_request q("GET", base_ + target);
        auto answer = co_await http_->send(std::move(q));
        error why;
        if (answer.has_value() && answer->status == 200) co_return std::move(answer->body);
        if (answer.has_error())
            why = answer.error();
        else
            why = error_of(answer->status, answer->body);
        if (why.kind == errc::unknown) why.kind = errc::transient;
        co_return why;
    }

    std::string base_;
    capabilities capabilities_;
    std::unique_ptr<net::http_client> http_;
};

}  // namespace

std::unique_ptr<platform> make(yaml::map_reader& options, const platform_context* context) {
    static constexpr idempotency ways[] = {idempotency::native, idempotency::read_back, idempotency::none};
    const auto base = options.need_text("url");
    if (!base.empty() && net::url::parse(base).has_error())
        options.complain(options.at("url"), "'" + base + "' is no web address", "write http://host:port");
    const auto how = ways[options.choice("idempotency", {"native", "read_back", "none"}, 0)];
    if (!context) return nullptr;
    return std::make_unique<link>(*context, base, how);
}

}  // namespace kith::loopback
