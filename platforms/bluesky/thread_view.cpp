#include "platforms/bluesky/thread_view.hpp"

#include <algorithm>

namespace kith::bluesky {
namespace {

constexpr std::string_view post_type = "app.bsky.feed.defs#threadViewPost";
constexpr int deepest = 60;          // levels; we ask for ten
constexpr std::size_t most = 1'000;  // messages

/// A post with the AppView's time of it, which its author cannot choose.
struct placed {
    message what;
    timestamp indexed_at{};
};

std::optional<placed> read_post_view(const json::object& node, const viewpoint& we) {
    const json::object* post = object_at(node, "post");
    const json::object* author = post != nullptr ? object_at(*post, "author") : nullptr;
    const json::object* record = post != nullptr ? object_at(*post, "record") : nullptr;
    if (text_at(node, "$type") != post_type || author == nullptr || record == nullptr) return std::nullopt;
    post_source from;
    from.uri = text_at(*post, "uri");
    from.cid = text_at(*post, "cid");
    from.author = to_identity(*author);
    from.seen_at = from_rfc3339(text_at(*post, "indexedAt")).value_or(timestamp{});
    auto m = to_message(from, *record, we);
    if (!m) return std::nullopt;
    return placed{std::move(*m), from.seen_at};
}

void add_replies(const json::object& node, const viewpoint& we, int levels, std::vector<placed>& out) {
    const json::array* replies = array_at(node, "replies");
    if (replies == nullptr || levels == 0) return;
    for (const json::value& each : *replies) {
        const json::object* reply = each.if_object();
        if (reply == nullptr || out.size() >= most) continue;
        if (auto one = read_post_view(*reply, we)) out.push_back(std::move(*one));
        add_replies(*reply, we, levels - 1, out);
    }
}

std::vector<message> read_parents(const json::object& node, const viewpoint& we) {
    std::vector<message> out;
    const json::object* parent = object_at(node, "parent");
    for (int level = 0; parent != nullptr && level < deepest; ++level) {
        if (auto one = read_post_view(*parent, we)) out.push_back(std::move(one->what));
        parent = object_at(*parent, "parent");
    }
    std::reverse(out.begin(), out.end());
    return out;
}

/// Why the post at the top may not be answered; empty if it may.
std::string reason_against(const json::object& post) {
    const json::object* viewer = object_at(post, "viewer");
    if (viewer != nullptr && flag_at(*viewer, "replyDisabled"))
        return "the thread's author takes no replies from us";
    const json::object* author = object_at(post, "author");
    const json::object* between = author != nullptr ? object_at(*author, "viewer") : nullptr;
    if (between == nullptr) return {};
    if (flag_at(*between, "blockedBy")) return "the contact blocks us";
    if (between->contains("blocking") || between->contains("blockingByList")) return "we block the contact";
    return {};
}

}  // namespace

thread gone(std::string why) {
    thread out;
    out.may_reply = false;
    out.why_not = std::move(why);
    return out;
}

std::optional<thread> read_thread(const json::object& answer, const message& target, const viewpoint& we) {
    const json::object* top = object_at(answer, "thread");
    if (top == nullptr) return std::nullopt;
    const std::string_view type = text_at(*top, "$type");
    if (type == "app.bsky.feed.defs#notFoundPost") return gone("the message is gone");
    if (type == "app.bsky.feed.defs#blockedPost") {
        // Still there, but not for us: whichever side set the block, nothing may be sent.
        thread out = gone("there is a block between the contact and us");
        out.messages.push_back(target);
        out.tail = target.native_id;
        out.target_revision = target.revision;
        return out;
    }
    auto first = read_post_view(*top, we);
    if (!first || first->what.native_id != target.native_id) return std::nullopt;

    thread out;
    out.target_revision = first->what.revision;
    out.messages = read_parents(*top, we);
    std::vector<placed> below;
    add_replies(*top, we, deepest, below);
    std::sort(below.begin(), below.end(), [](const placed& a, const placed& b) {
        return std::tie(a.indexed_at, a.what.native_id) < std::tie(b.indexed_at, b.what.native_id);
    });
    out.messages.push_back(std::move(first->what));
    for (placed& each : below) out.messages.push_back(std::move(each.what));
    out.tail = out.messages.back().native_id;
    out.why_not = reason_against(*object_at(*top, "post"));
    out.may_reply = out.why_not.empty();
    return out;
}

}  // namespace kith::bluesky
