#include "platforms/bluesky/firehose.hpp"

#include "platforms/bluesky/base_n.hpp"
#include "platforms/bluesky/car.hpp"
#include "platforms/bluesky/cbor.hpp"

namespace kith::bluesky {
namespace {

constexpr std::size_t largest_frame = 8 << 20;  // the protocol's own limit is 5 MB
constexpr std::size_t most_waiting = 500;       // events before the stream has to wait for the store
constexpr int most_unreadable = 50;             // frames in a row: then it is not a firehose

struct op_path {
    std::string_view collection;
    std::string_view rkey;
};
op_path split(std::string_view path) noexcept {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

timestamp time_of(std::string_view stated) {
    return from_rfc3339(stated).value_or(now());
}

}  // namespace

awaitable<result<std::unique_ptr<net::websocket>>> firehose::join() {
    const position& from = out_.where();
    std::string url = options_.stream + "/xrpc/com.atproto.sync.subscribeRepos";
    if (from.seq) url += "?cursor=" + std::to_string(*from.seq);
    net::websocket_request request(std::move(url));
    request.extra_ca_file = options_.extra_ca_file;
    request.limits.message_bytes = largest_frame;
    auto socket = co_await connect_(std::move(request));
    if (socket.has_error()) {
        error e = socket.error();
        // The stream asks for no credentials: a refusal says nothing about the account's.
        if (e.kind == errc::unauthorised) e.kind = errc::transient;
        e.what = "firehose: " + e.what;
        co_return e;
    }
    if (!from.seq) {
        // Joined where it is. Unless this is the first time ever, something was missed.
        if (from.at != timestamp{}) out_.note_gap(from.at, now(), "the firehose could not be resumed");
        out_.where().at = now();
        auto stored = co_await out_.flush();
        if (stored.has_error()) co_return stored.error();
    }
    co_return std::move(*socket);
}

awaitable<error> firehose::run() {
    auto socket = co_await join();
    if (socket.has_error()) co_return socket.error();
    for (;;) {
        auto frame = co_await (*socket)->read();
        if (frame.has_error()) {
            error e = frame.error();
            if (e.kind == errc::invalid) {
                // The same frame would come again: leave it behind, as a gap.
                out_.where().seq.reset();
                e.kind = errc::transient;
            }
            auto stored = co_await out_.flush();
            if (stored.has_error()) co_return stored.error();
            e.what = "firehose: " + e.what;
            co_return e;
        }
        auto end = co_await handle(std::move(frame->data));
        if (!end && (urgent_ || out_.waiting() >= most_waiting)) {
            urgent_ = false;
            auto stored = co_await out_.flush();
            if (stored.has_error()) end = stored.error();
        }
        if (!end) continue;
        co_await (*socket)->close(net::close_code::normal, "");
        co_return std::move(*end);
    }
}

awaitable<std::optional<error>> firehose::handle(std::string bytes) {
    const auto frame = read_frame(bytes);
    if (frame.has_error()) {
        out_.note_gap(out_.where().at, now(), "a firehose message could not be read: " + frame.error().what);
        if (++unreadable_ < most_unreadable) co_return std::nullopt;
        auto stored = co_await out_.flush();
        co_return stored.has_error() ? stored.error()
                                     : fail(errc::transient, "firehose: " + frame.error().what);
    }
    unreadable_ = 0;
    if (const auto* e = std::get_if<error_frame>(&*frame)) {
        error end = handle_error(*e);
        auto stored = co_await out_.flush();
        co_return stored.has_error() ? stored.error() : end;
    }
    if (const auto* info = std::get_if<info_frame>(&*frame)) {
        if (info->name == "OutdatedCursor") lost_from_ = out_.where().at;
        co_return std::nullopt;
    }
    const auto& where = out_.where();
    if (const auto* c = std::get_if<commit_frame>(&*frame)) {
        if (where.seq && c->seq <= *where.seq) co_return std::nullopt;
        const timestamp at = time_of(c->time);
        co_await handle_commit(*c, at);
        moved(c->seq, at);
    } else if (const auto* i = std::get_if<identity_frame>(&*frame)) {
        profiles_.forget(i->did);
        moved(i->seq, time_of(i->time));
    } else if (const auto* o = std::get_if<other_frame>(&*frame)) {
        moved(o->seq, time_of(o->time));
    }
    co_return std::nullopt;
}

void firehose::moved(std::int64_t seq, timestamp at) {
    position& where = out_.where();
    if (where.seq && seq <= *where.seq) return;
    if (lost_from_)
        out_.note_gap(*std::exchange(lost_from_, std::nullopt), at, "the firehose had forgotten our place");
    where.seq = seq;
    where.at = at;
}

error firehose::handle_error(const error_frame& e) {
    // Our number is ahead of the server's: it started anew. What happened meanwhile it cannot tell.
    if (e.name == "FutureCursor") out_.where().seq.reset();
    return fail(errc::transient, "firehose: " + e.name + (e.message.empty() ? "" : ": " + e.message));
}

bool firehose::is_wanted(const commit_frame& c, const repo_op& op, bool names_us) const {
    const auto [collection, rkey] = split(op.path);
    if (op.is == repo_op::action::remove || c.did == we_.did) return false;
    if (collection == block_collection) return names_us;
    if (collection != post_collection) return false;
    // An edit may have taken our name out of a message that is on somebody's screen.
    return names_us || options_.listen_to_all ||
           (op.is == repo_op::action::update && recent_.knows(make_uri(c.did, collection, rkey)));
}

std::optional<json::object> firehose::record_of(const repo_op& op, std::string_view block) const {
    if (!is_content_of(op.cid, block)) return std::nullopt;
    const auto decoded = cbor::take(block);
    if (!decoded || !block.empty() || decoded->is != cbor::value::kind::map) return std::nullopt;
    return cbor::to_json(*decoded).as_object();
}

awaitable<void> firehose::handle_commit(const commit_frame& c, timestamp at) {
    // What concerns us names our DID somewhere in its bytes. Nearly nothing does, so nearly nothing is
    // decoded.
    const bool names_us = c.archive.find(we_.did) != std::string_view::npos;
    std::optional<blocks> archive;
    for (const repo_op& op : c.ops) {
        const auto [collection, rkey] = split(op.path);
        if (op.is == repo_op::action::remove && collection == post_collection)
            out_.note(message_deleted{make_uri(c.did, collection, rkey)});
        if (!is_wanted(c, op, names_us)) continue;
        if (!archive) {
            auto read = read_car(c.archive);
            archive = read.has_value() ? std::move(*read) : blocks{};
        }
        const auto block = archive->find(op.cid);
        const auto record = block != archive->end() ? record_of(op, block->second) : std::nullopt;
        if (!record)
            out_.note_gap(at, at, "a record that may concern us could not be read");
        else
            co_await handle_record(c, op, *record, at);
    }
}

awaitable<void> firehose::handle_record(const commit_frame& c, const repo_op& op, const json::object& record,
                                        timestamp at) {
    const auto [collection, rkey] = split(op.path);
    if (collection == block_collection) {
        if (text_at(record, "subject") != we_.did) co_return;
        out_.note(contact_blocked{std::string(c.did)});
        urgent_ = true;
        co_return;
    }
    post_source from;
    from.uri = make_uri(c.did, collection, rkey);
    from.cid = cid_text(op.cid);
    from.author.id = c.did;
    from.author.handle = c.did;
    from.seen_at = at;
    auto m = to_message(from, record, we_);
    if (!m || recent_.knows(from.uri, from.cid)) co_return;
    if (!m->addressed && !options_.listen_to_all && !recent_.knows(from.uri)) co_return;
    if (m->addressed) {
        m->author = co_await profiles_.find(std::string(c.did));
        m->url = post_url(we_, m->author, from.uri);
        if (recent_.knows(from.uri, from.cid)) co_return;  // the notifications were quicker
        urgent_ = true;
    }
    recent_.add(from.uri, from.cid, now());
    out_.note(message_seen{std::move(*m)});
}

}  // namespace kith::bluesky
