#include "platforms/bluesky/notifications.hpp"

#include "daemon/async/sleep.hpp"

#include <algorithm>

namespace kith::bluesky {
namespace {

constexpr int first_page = 30;
constexpr int later_pages = 100;

}  // namespace

awaitable<error> notifications::run() {
    int failed = 0;
    for (;;) {
        auto done = co_await poll();
        std::chrono::microseconds wait = options_.poll;
        if (done.has_value()) {
            failed = 0;
        } else if (done.error().kind == errc::limited && done.error().retry_at) {
            wait = std::clamp<std::chrono::microseconds>(*done.error().retry_at - now(), options_.poll,
                                                         std::chrono::minutes(15));
        } else if (done.error().kind != errc::transient || ++failed >= options_.patience) {
            error e = done.error();
            e.what = "notifications: " + e.what;
            co_return e;
        }
        co_await sleep_for(wait);
    }
}

awaitable<result<void>> notifications::begin() {
    if (out_.where().notified) co_return result<void>();
    auto first = co_await read(std::string(), 1);
    if (first.has_error()) co_return first.error();
    position& where = out_.where();
    where.notified = first->newest;
    where.since = first->newest;
    co_return co_await out_.flush();
}

awaitable<result<void>> notifications::poll() {
    const timestamp known = out_.where().notified.value_or(timestamp{});
    const timestamp stop = known - options_.overlap;
    std::vector<seen> fresh;
    timestamp newest = known;
    std::string cursor;
    for (int n = 0; n < options_.most_pages; ++n) {
        auto one = co_await read(cursor, n == 0 ? first_page : later_pages);
        if (one.has_error()) co_return one.error();
        newest = std::max(newest, one->newest);
        const bool nothing_new = one->fresh.empty() && one->oldest <= known;
        for (seen& s : one->fresh) fresh.push_back(std::move(s));
        cursor = std::move(one->next);
        if (cursor.empty() || one->items == 0 || one->oldest < stop || nothing_new) break;
        if (n + 1 == options_.most_pages)
            out_.note_gap(known, one->oldest, "more notifications than can be read at once");
    }
    // From here to the flush nothing is awaited: the position and what it stands for go together.
    std::reverse(fresh.begin(), fresh.end());
    for (seen& s : fresh) {
        if (recent_.knows(s.uri, s.cid)) continue;
        recent_.add(s.uri, s.cid, now());
        out_.note(std::move(s.what));
    }
    out_.where().notified = newest;
    co_return co_await out_.flush();
}

awaitable<result<notifications::page>> notifications::read(std::string cursor, int limit) {
    call c("app.bsky.notification.listNotifications");
    for (const char* reason : {"mention", "reply", "quote", "follow", "like"})
        c.query.emplace_back("reasons", reason);
    c.query.emplace_back("limit", std::to_string(limit));
    if (!cursor.empty()) c.query.emplace_back("cursor", std::move(cursor));
    auto answer = co_await calls_.send(std::move(c));
    if (answer.has_error()) co_return answer.error();
    const json::array* items = array_at(*answer, "notifications");
    if (items == nullptr) co_return fail(errc::transient, "the answer holds no notifications");
    page out;
    out.next = text_at(*answer, "cursor");
    for (const json::value& each : *items)
        if (const json::object* item = each.if_object()) read_item(*item, out);
    co_return out;
}

void notifications::read_item(const json::object& item, page& into) {
    const auto at = from_rfc3339(text_at(item, "indexedAt"));
    const json::object* author = object_at(item, "author");
    const json::object* record = object_at(item, "record");
    if (!at || author == nullptr || record == nullptr) return;
    into.oldest = into.items == 0 ? *at : std::min(into.oldest, *at);
    into.newest = std::max(into.newest, *at);
    ++into.items;
    if (*at <= out_.where().since) return;

    post_source from;
    from.uri = text_at(item, "uri");
    from.cid = text_at(item, "cid");
    from.author = to_identity(*author);
    from.seen_at = *at;
    if (recent_.knows(from.uri, from.cid)) return;
    auto what = read_event(item, from);
    if (what) into.fresh.push_back({from.uri, from.cid, std::move(*what)});
}

std::optional<event> notifications::read_event(const json::object& item, const post_source& from) {
    const std::string_view reason = text_at(item, "reason");
    if (reason == "follow") return contact_followed{from.author, from.uri};
    if (reason == "like") {
        const std::string_view subject = text_at(item, "reasonSubject");
        const auto post = at_uri::parse(subject);
        // Of a list or a feed of ours it says nothing about what we wrote.
        if (!post || post->did != we_.did || post->collection != post_collection) return std::nullopt;
        return contact_reacted{from.author, from.uri, std::string(subject), true};
    }
    auto m = to_message(from, *object_at(item, "record"), we_);
    if (!m || !m->addressed) return std::nullopt;
    profiles_.remember(m->author);
    message_seen seen;
    seen.what = std::move(*m);
    return seen;
}

}  // namespace kith::bluesky
