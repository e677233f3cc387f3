#include "platforms/bluesky/link.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "platforms/bluesky/length.hpp"
#include "platforms/bluesky/richtext.hpp"
#include "platforms/bluesky/thread_view.hpp"

namespace kith::bluesky {
namespace {

// The AppView knows a post 0.2 s after it was written, at most 1.4 s in what was measured: until then it says
// "no such post" of one that is there.
constexpr std::chrono::seconds appview_lag{15};

/// The first loop that ends decides; the others are stopped.
struct ending {
    explicit ending(asio::any_io_executor executor) : bell(std::move(executor)) {
        bell.expires_at(asio::steady_timer::time_point::max());
    }
    void set(error e) {
        if (why) return;
        why = std::move(e);
        bell.cancel();
    }
    std::optional<error> why;
    asio::steady_timer bell;
};

awaitable<void> watch(awaitable<error> loop, ending& end) {
    end.set(co_await std::move(loop));
}

/// Stores what has gathered: what people did within a quarter of a second, a bare cursor every three seconds.
awaitable<error> flush_often(reporter& out) {
    constexpr std::chrono::milliseconds step{250};
    constexpr int steps_for_cursor = 12;
    for (int n = 1;; ++n) {
        co_await sleep_for(step);
        if (out.waiting() == 0 && n % steps_for_cursor != 0) continue;
        auto stored = co_await out.flush();
        if (stored.has_error()) co_return stored.error();
    }
}

}  // namespace

link::link(options o, outside through)
    : options_(std::move(o)),
      outside_(std::move(through)),
      wire_(*outside_.http, options_.service),
      session_(outside_.executor, wire_, options_.identifier, options_.password),
      xrpc_(wire_, session_),
      profiles_(xrpc_) {}

const capabilities& link::supports() const noexcept {
    static const capabilities all = [] {
        capabilities c;
        c.edits = true;
        c.deletes = true;
        c.threads = true;
        c.private_messages = false;
        c.profiling_allowed = true;
        c.idempotency = idempotency::chosen_id;
        c.length = count_length;
        return c;
    }();
    return all;
}

/// The self-label "bot" of our own profile.
awaitable<result<automation_label>> link::profile() {
    const auto token = co_await session_.access();
    if (token.has_error()) co_return token.error();
    call c("app.bsky.actor.getProfile");
    c.query.emplace_back("actor", session_.did());
    const auto answer = co_await xrpc_.send(std::move(c));
    if (answer.has_error()) co_return answer.error();
    if (to_identity(*answer).bot) co_return automation_label::present;
    co_return automation_label::absent;
}

awaitable<error> link::run(cursor from, inbox& to) {
    const auto token = co_await session_.access();
    if (token.has_error()) co_return token.error();
    recent_ = recent();
    reporter out(outside_.executor, to, position::read(from, options_.stream));

    notification_options polling;
    polling.poll = options_.poll;
    notifications polled(polling, we(), xrpc_, profiles_, recent_, out);
    auto begun = co_await polled.begin();
    if (begun.has_error()) co_return begun.error();

    firehose_options streaming{options_.stream, options_.extra_ca_file, options_.listen_to_all};
    firehose stream(std::move(streaming), we(), outside_.connect, profiles_, recent_, out);
    co_return co_await follow(stream, polled, out);
}

awaitable<error> link::follow(firehose& stream, notifications& polled, reporter& out) {
    ending end(outside_.executor);
    const auto on_failure = [&end](std::string_view name, std::string_view what) {
        end.set(fail(errc::transient, std::string(name) + ": " + std::string(what)));
    };
    task_group loops(outside_.executor, on_failure);
    loops.spawn("bluesky firehose", watch(stream.run(), end));
    loops.spawn("bluesky notifications", watch(polled.run(), end));
    loops.spawn("bluesky reporter", watch(flush_often(out), end));

    if (!end.why) co_await end.bell.async_wait(as_tuple);
    // Also when we are cancelled ourselves: no loop may outlive what it refers to.
    const auto before = (co_await asio::this_coro::cancellation_state).cancelled();
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    loops.emit();
    co_await loops.wait();
    // The state belongs to whoever called us: left disabled, the supervisor could never be stopped again.
    co_await asio::this_coro::reset_cancellation_state();
    co_return before == asio::cancellation_type::none&& end.why ? *end.why : fail(errc::canceled, "stopped");
}

awaitable<result<thread>> link::fetch_thread(const message& target) {
    call c("app.bsky.feed.getPostThread");
    c.query.emplace_back("uri", target.native_id);
    c.query.emplace_back("depth", "10");
    c.query.emplace_back("parentHeight", "10");
    auto answer = co_await xrpc_.send(std::move(c));
    if (answer.has_error() && answer.error().kind != errc::not_found) co_return answer.error();

    thread out = gone("the message is gone");
    if (answer.has_value()) {
        auto read = read_thread(*answer, target, we());
        if (!read) co_return fail(errc::transient, "the server's answer shows another thread");
        out = std::move(*read);
    }
    if (!out.target_revision.empty()) co_return out;
    // The time that the author states may lie in the future; then it says nothing.
    const timestamp at = now();
    const timestamp stated = target.written_at <= at ? target.written_at : timestamp{};
    const timestamp known_since = recent_.first_seen(target.native_id).value_or(stated);
    if (at - std::max(known_since, stated) < appview_lag)
        co_return fail(errc::transient, "Bluesky does not show the message yet");
    co_return out;
}

awaitable<result<std::optional<std::string>>> link::resolve(std::string handle) {
    call c("com.atproto.identity.resolveHandle");
    c.query.emplace_back("handle", std::move(handle));
    auto answer = co_await xrpc_.send(std::move(c));
    if (answer.has_value()) {
        const std::string_view did = text_at(*answer, "did");
        if (did.starts_with("did:")) co_return std::optional<std::string>(did);
        co_return std::optional<std::string>();
    }
    // "Unable to resolve handle": nobody has it, so it stays plain text.
    if (answer.error().kind == errc::refused || answer.error().kind == errc::not_found)
        co_return std::optional<std::string>();
    co_return answer.error();
}

awaitable<result<prepared_reply>> link::prepare(const approved_reply& r, const idempotency_key& key) {
    const auto token = co_await session_.access();
    if (token.has_error()) co_return token.error();
    post_context with;
    with.did = session_.did();
    with.language = r.target.language.empty() ? outside_.house_language : r.target.language;
    for (const std::string& handle : handles_in(find_facets(r.text))) {
        auto did = co_await resolve(handle);
        if (did.has_error()) co_return did.error();
        if (*did) with.dids[handle] = **did;
    }
    co_return make_post(r, key, with);
}

receipt link::receipt_for(const planned_post& post) const {
    identity self;
    self.id = post.did;
    receipt out;
    out.native_id = post.uri();
    out.url = post_url(we(), self, out.native_id);
    out.at = now();
    return out;
}

awaitable<result<receipt>> link::deliver(const approved_reply& r, const idempotency_key&) {
    const auto post = read_post(r.prepared);
    if (!post) co_return fail(errc::refused, "the reply was not prepared for Bluesky");
    call c("com.atproto.repo.putRecord");
    c.procedure = true;
    c.body = r.prepared;
    auto answer = co_await xrpc_.send(std::move(c), points::put);
    if (answer.has_error()) co_return answer.error();
    co_return receipt_for(*post);
}

awaitable<result<std::optional<receipt>>> link::find_delivered(const approved_reply& r,
                                                               const idempotency_key&) {
    const auto post = read_post(r.prepared);
    if (!post) co_return fail(errc::refused, "the reply was not prepared for Bluesky");
    call c("com.atproto.repo.getRecord");
    c.query.emplace_back("repo", post->did);
    c.query.emplace_back("collection", std::string(post_collection));
    c.query.emplace_back("rkey", post->rkey);
    auto answer = co_await xrpc_.send(std::move(c));
    if (answer.has_error()) {
        if (answer.error().kind == errc::not_found) co_return std::optional<receipt>();
        co_return answer.error();
    }
    const json::object* found = object_at(*answer, "value");
    if (found == nullptr) co_return fail(errc::transient, "the server's answer holds no record");
    if (!is_same_post(*found, post->record))
        co_return fail(errc::refused, "another post stands where the reply was to be");
    auto out = receipt_for(*post);
    if (const auto created = from_rfc3339(text_at(*found, "createdAt"))) out.at = *created;
    co_return std::optional<receipt>(std::move(out));
}

}  // namespace kith::bluesky
