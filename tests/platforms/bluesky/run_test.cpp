#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "tests/platforms/bluesky/fakes.hpp"

#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

using test::answer;
using test::world;

const std::string ann = "did:plc:ann";
const std::string us = "did:plc:us";

std::string uri(const std::string& did, const std::string& rkey) {
    return make_uri(did, post_collection, rkey);
}
std::string path(const std::string& rkey) {
    return std::string(post_collection) + "/" + rkey;
}

std::string notification(const std::string& rkey, const std::string& cid, const std::string& at,
                         const std::string& mentioned = us) {
    return R"({"uri":")" + uri(ann, rkey) + R"(","cid":")" + cid +
           R"(","author":{"did":"did:plc:ann","handle":"ann.test"},"reason":"mention","isRead":false,"indexedAt":")" +
           at + R"(","record":{"$type":"app.bsky.feed.post","text":"hi","createdAt":")" + at +
           R"(","facets":[{"index":{"byteStart":0,"byteEnd":1},"features":[{"$type":"app.bsky.richtext.facet#mention","did":")" +
           mentioned + R"("}]}]}})";
}
std::string page(const std::vector<std::string>& items, const std::string& next = {}) {
    std::string out;
    for (const auto& each : items) out += (out.empty() ? "" : ",") + each;
    return R"({"notifications":[)" + out + "]" + (next.empty() ? "" : R"(,"cursor":")" + next + "\"") + "}";
}
const std::string list = "app.bsky.notification.listNotifications";

cursor resumed(std::int64_t seq) {
    return R"({"stream":"wss://relay.test","firehose":)" + std::to_string(seq) +
           R"(,"at":"2026-11-23T04:00:00Z","notifications":"2026-11-23T04:00:00Z"})";
}

TEST(bluesky_run, reports_what_is_addressed_to_us_and_who_wrote_it) {
    world w;
    const std::string block = test::post("hello", us);
    w.relay.connections.push_back({{test::commit(11, ann, {{"create", path("3a"), block}}),
                                    test::commit(12, ann, {{"create", path("3b"), test::post("not to us")}})},
                                   world::cut()});
    const error end = w.run_from(resumed(10));
    EXPECT_EQ(end.kind, errc::transient);
    EXPECT_EQ(end.what, "firehose: cut");
    EXPECT_EQ(w.relay.urls.at(0), "wss://relay.test/xrpc/com.atproto.sync.subscribeRepos?cursor=10");
    const auto seen = w.in.all<message_seen>();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].what.native_id, uri(ann, "3a"));
    EXPECT_EQ(seen[0].what.revision, cid_text(test::cid_of(block)));
    EXPECT_EQ(seen[0].what.author.handle, "ann.test");
    EXPECT_EQ(seen[0].what.url, "https://bsky.app/profile/ann.test/post/3a");
    EXPECT_TRUE(seen[0].what.addressed);
    EXPECT_EQ(position::read(w.in.last, "wss://relay.test").seq, 12);
    EXPECT_TRUE(w.in.all<gap_noted>().empty());
}

TEST(bluesky_run, reports_everything_where_it_listens_to_all) {
    world w(true);
    w.relay.connections.push_back({{test::commit(12, ann, {{"create", path("3b"), test::post("not to us")}}),
                                    test::commit(13, us, {{"create", path("3c"), test::post("by us")}})},
                                   world::cut()});
    w.run_from(resumed(10));
    const auto seen = w.in.all<message_seen>();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_FALSE(seen[0].what.addressed);
    EXPECT_EQ(w.server->count("app.bsky.actor.getProfile"), 0U) << "nobody is looked up for those";
}

TEST(bluesky_run, starts_from_now_and_reads_no_history) {
    world w;
    w.server->on[list] = [](const auto&) {
        return answer(200, page({notification("3old", "bafyold", "2026-11-23T03:00:00Z")}));
    };
    w.relay.connections.push_back(
        {{test::commit(50, ann, {{"create", path("3a"), test::post("x", us)}})}, world::cut()});
    w.run_from("");
    EXPECT_EQ(w.relay.urls.at(0), "wss://relay.test/xrpc/com.atproto.sync.subscribeRepos");
    EXPECT_EQ(w.in.all<message_seen>().size(), 1U);
    EXPECT_TRUE(w.in.all<gap_noted>().empty());

    // Nor after a restart soon after, though the overlap reaches back to it.
    w.relay.connections.push_back({{}, std::nullopt});
    int polls = 0;
    w.server->on[list] = [&](const auto&) -> result<net::client_response> {
        if (++polls == 3) return answer(401, "{}");
        return answer(200, page({notification("3new", "bafynew", "2026-11-23T03:00:01Z"),
                                 notification("3old", "bafyold", "2026-11-23T03:00:00Z")}));
    };
    const error end = w.run_from(w.in.last);
    EXPECT_EQ(end.kind, errc::unauthorised) << "either stream's end ends both";
    const auto seen = w.in.all<message_seen>();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].what.native_id, uri(ann, "3new"));
}

TEST(bluesky_run, reports_once_what_both_streams_show) {
    world w;
    const std::string block = test::post("hello", us);
    const std::string cid = cid_text(test::cid_of(block));
    int polls = 0;
    w.server->on[list] = [&](const auto&) -> result<net::client_response> {
        if (++polls == 3) return answer(401, "{}");
        return answer(200, page({notification("3a", cid, "2026-11-23T04:12:00Z")}));
    };
    w.relay.connections.push_back({{test::commit(11, ann, {{"create", path("3a"), block}})}, std::nullopt});
    w.run_from(resumed(10));
    EXPECT_EQ(w.in.all<message_seen>().size(), 1U);
    EXPECT_EQ(position::read(w.in.last, "wss://relay.test").notified, from_rfc3339("2026-11-23T04:12:00Z"));
}

/// In the shape that a real AppView gives.
std::string told_of(const std::string& reason, const std::string& collection, const std::string& rkey,
                    const std::string& at, const std::string& subject = {}) {
    const std::string about = subject.empty() ? "" : R"("reasonSubject":")" + subject + "\",";
    const std::string record = subject.empty() ? R"("subject":"did:plc:us")"
                                               : R"("subject":{"uri":")" + subject + R"(","cid":"bafyours"})";
    return R"({"uri":"at://did:plc:ann/)" + collection + "/" + rkey + R"(","cid":"bafy)" + rkey +
           R"(","author":{"did":"did:plc:ann","handle":"ann.test","displayName":"Ann"},"reason":")" + reason +
           "\"," + about + R"("isRead":false,"indexedAt":")" + at + R"(","record":{"$type":")" + collection +
           "\"," + record + R"(,"createdAt":")" + at + "\"}}";
}

TEST(bluesky_run, reports_follows_and_likes_of_our_posts_once) {
    world w;
    const auto ours = uri(us, "3ours");
    int polls = 0;
    w.server->on[list] = [&](const net::client_request& r) -> result<net::client_response> {
        EXPECT_NE(r.url.find("reasons=follow"), std::string::npos);
        EXPECT_NE(r.url.find("reasons=like"), std::string::npos);
        if (++polls == 3) return answer(401, "{}");
        return answer(
            200, page({told_of("like", "app.bsky.feed.like", "3l", "2026-11-23T04:12:01Z", ours),
                       told_of("like", "app.bsky.feed.like", "3m", "2026-11-23T04:12:01Z",
                               "at://did:plc:us/app.bsky.feed.generator/cats"),
                       told_of("like", "app.bsky.feed.like", "3n", "2026-11-23T04:12:01Z", uri(ann, "3x")),
                       told_of("follow", "app.bsky.graph.follow", "3f", "2026-11-23T04:12:00Z")}));
    };
    w.relay.connections.push_back({{}, std::nullopt});
    w.run_from(resumed(10));
    const auto follows = w.in.all<contact_followed>();
    ASSERT_EQ(follows.size(), 1U);
    EXPECT_EQ(follows[0].who.id, "did:plc:ann");
    EXPECT_EQ(follows[0].who.handle, "ann.test");
    EXPECT_EQ(follows[0].native_id, "at://did:plc:ann/app.bsky.graph.follow/3f");
    const auto likes = w.in.all<contact_reacted>();
    ASSERT_EQ(likes.size(), 1U) << "of our posts only";
    EXPECT_EQ(likes[0].to, ours);
    EXPECT_TRUE(likes[0].good);
    EXPECT_TRUE(w.in.all<message_seen>().empty());
}

TEST(bluesky_run, reports_edits_deletions_and_blocks) {
    world w;
    const auto block_us =
        test::map({{"subject", test::text(us)}, {"$type", test::text("app.bsky.graph.block")}});
    const auto block_bob = test::map({{"subject", test::text("did:plc:bob")}, {"note", test::text(us)}});
    w.relay.connections.push_back(
        {{test::commit(11, ann, {{"create", path("3a"), test::post("first", us)}}),
          test::commit(12, ann, {{"update", path("3a"), test::post("the name is gone")}}),
          test::commit(13, ann, {{"update", path("3z"), test::post("never seen, not to us")}}),
          test::commit(14, ann, {{"delete", path("3a"), ""}, {"delete", "app.bsky.feed.like/3l", ""}}),
          test::commit(15, us, {{"delete", path("3ours"), ""}}),
          test::commit(16, ann, {{"create", "app.bsky.graph.block/3b", block_us}}),
          test::commit(17, "did:plc:eve", {{"create", "app.bsky.graph.block/3b", block_bob}})},
         world::cut()});
    w.run_from(resumed(10));
    const auto seen = w.in.all<message_seen>();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].what.text, "the name is gone");
    EXPECT_NE(seen[1].what.revision, seen[0].what.revision);
    const auto deleted = w.in.all<message_deleted>();
    ASSERT_EQ(deleted.size(), 2U);
    EXPECT_EQ(deleted[0].native_id, uri(ann, "3a"));
    EXPECT_EQ(deleted[1].native_id, uri(us, "3ours")) << "so that a retry never brings it back";
    const auto blocks = w.in.all<contact_blocked>();
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_EQ(blocks[0].identity_id, ann);
}

TEST(bluesky_run, does_not_report_again_what_a_server_sends_again) {
    world w;
    w.relay.connections.push_back({{test::commit(9, ann, {{"create", path("3a"), test::post("old", us)}}),
                                    test::commit(10, ann, {{"delete", path("3b"), ""}})},
                                   world::cut()});
    w.run_from(resumed(10));
    EXPECT_TRUE(w.in.events.empty());
}

TEST(bluesky_run, notes_a_gap_and_goes_live_when_its_number_is_in_the_future) {
    world w;
    w.relay.connections.push_back({{test::error_frame("FutureCursor")}, world::cut()});
    const error end = w.run_from(resumed(1'000'000));
    EXPECT_EQ(end.kind, errc::transient);
    EXPECT_NE(end.what.find("FutureCursor"), std::string::npos);

    w.relay.connections.push_back(
        {{test::commit(3, ann, {{"create", path("3a"), test::post("x", us)}})}, world::cut()});
    w.run_from(w.in.last);
    EXPECT_EQ(w.relay.urls.at(1), "wss://relay.test/xrpc/com.atproto.sync.subscribeRepos");
    const auto gaps = w.in.all<gap_noted>();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, from_rfc3339("2026-11-23T04:00:00Z"));
    EXPECT_EQ(w.in.all<message_seen>().size(), 1U);
    EXPECT_EQ(position::read(w.in.last, "wss://relay.test").seq, 3);
}

TEST(bluesky_run, notes_a_gap_when_the_server_has_forgotten_our_place_and_reads_on) {
    world w;
    w.relay.connections.push_back(
        {{test::info_frame("OutdatedCursor"),
          test::commit(90, ann, {{"create", path("3a"), test::post("x", us)}}, "2026-11-23T05:00:00Z")},
         world::cut()});
    w.run_from(resumed(10));
    const auto gaps = w.in.all<gap_noted>();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, from_rfc3339("2026-11-23T04:00:00Z"));
    EXPECT_EQ(gaps[0].to, from_rfc3339("2026-11-23T05:00:00Z"));
    EXPECT_EQ(w.in.all<message_seen>().size(), 1U);
}

TEST(bluesky_run, resumes_where_it_was_after_being_too_slow) {
    world w;
    w.relay.connections.push_back(
        {{test::commit(11, ann, {{"delete", path("3b"), ""}}), test::error_frame("ConsumerTooSlow")},
         world::cut()});
    EXPECT_NE(w.run_from(resumed(10)).what.find("ConsumerTooSlow"), std::string::npos);
    EXPECT_EQ(position::read(w.in.last, "wss://relay.test").seq, 11);
    EXPECT_TRUE(w.in.all<gap_noted>().empty());
}

TEST(bluesky_run, takes_a_number_of_another_stream_for_none) {
    world w;
    w.relay.connections.push_back({{}, world::cut()});
    cursor other = resumed(10);
    other.replace(other.find("relay.test"), 10, "other.test");
    w.run_from(other);
    EXPECT_EQ(w.relay.urls.at(0).find("cursor"), std::string::npos);
    EXPECT_EQ(w.in.all<gap_noted>().size(), 1U);
}

TEST(bluesky_run, notes_what_it_cannot_read_and_reads_on) {
    world w;
    std::string lie = test::commit(12, ann, {{"create", path("3a"), test::post("hello", us)}});
    lie[lie.rfind("hello")] = 'j';  // no longer what its content id says
    w.relay.connections.push_back(
        {{"junk", "junk", lie, test::commit(13, ann, {{"create", path("3b"), test::post("x", us)}})},
         world::cut()});
    w.run_from(resumed(10));
    EXPECT_EQ(w.in.all<gap_noted>().size(), 2U) << "one for the junk, one for the lie";
    ASSERT_EQ(w.in.all<message_seen>().size(), 1U);
    EXPECT_EQ(w.in.all<message_seen>()[0].what.native_id, uri(ann, "3b"));
}

TEST(bluesky_run, leaves_a_frame_behind_that_can_never_be_received) {
    world w;
    w.relay.connections.push_back({{}, fail(errc::invalid, "too big")});
    EXPECT_EQ(w.run_from(resumed(10)).kind, errc::transient);
    EXPECT_EQ(position::read(w.in.last, "wss://relay.test").seq, std::nullopt);
}

TEST(bluesky_run, does_not_take_the_relays_refusal_for_one_of_the_account) {
    world w;
    EXPECT_EQ(w.run_from(resumed(10)).kind, errc::transient);
}

TEST(bluesky_run, ends_when_nothing_can_be_stored_and_leaves_the_cursor) {
    world w;
    w.in.broken = fail(errc::transient, "disk full");
    w.relay.connections.push_back(
        {{test::commit(11, ann, {{"create", path("3a"), test::post("x", us)}})}, std::nullopt});
    EXPECT_EQ(w.run_from(resumed(10)).what, "disk full");
    EXPECT_EQ(w.in.last, "");
}

TEST(bluesky_run, hands_over_one_batch_at_a_time) {
    world w;
    test::fake_relay::connection c;
    for (int i = 0; i < 100; ++i)
        c.frames.push_back(
            test::commit(11 + i, ann, {{"create", path("3f" + std::to_string(i)), test::post("x", us)}}));
    w.relay.connections.push_back(std::move(c));
    int polls = 0;
    w.server->on[list] = [&](const auto&) -> result<net::client_response> {
        ++polls;
        std::vector<std::string> items;
        for (int i = 0; i < 20; ++i)
            items.push_back(notification("3n" + std::to_string(polls) + "x" + std::to_string(i), "bafyx",
                                         "2026-11-23T04:12:00Z"));
        return polls < 5 ? answer(200, page(items)) : answer(401, "{}");
    };
    w.run_from(resumed(10));
    EXPECT_EQ(w.in.most_at_once, 1);
    EXPECT_EQ(w.in.all<message_seen>().size(), 180U);
}

TEST(bluesky_run, pages_back_to_where_it_was_and_orders_by_time) {
    world w;
    w.relay.connections.push_back({{}, std::nullopt});
    int first_pages = 0;
    w.server->on[list] = [&](const net::client_request& r) -> result<net::client_response> {
        if (r.url.find("cursor=two") != std::string::npos)
            return answer(200, page({notification("3b", "bafyb", "2026-11-23T04:10:00Z"),
                                     notification("3z", "bafyz", "2026-11-23T03:00:00Z")},
                                    "three"));
        if (++first_pages == 2) return answer(401, "{}");
        return answer(200, page({notification("3d", "bafyd", "2026-11-23T04:12:00Z"),
                                 notification("3x", "bafyx", "2026-11-23T04:11:30Z", "did:plc:bob"),
                                 notification("3c", "bafyc", "2026-11-23T04:11:00Z")},
                                "two"));
    };
    w.run_from(resumed(10));
    std::vector<std::string> order;
    for (const auto& each : w.in.all<message_seen>())
        order.push_back(at_uri::parse(each.what.native_id)->rkey.data());
    EXPECT_EQ(order, (std::vector<std::string>{"3z", "3b", "3c", "3d"}));
    EXPECT_EQ(w.server->count(list), 3U) << "what is older than the overlap ends the paging";
}

TEST(bluesky_run, notes_a_gap_when_there_are_more_notifications_than_it_can_page) {
    world w;
    w.relay.connections.push_back({{}, std::nullopt});
    int pages = 0;
    w.server->on[list] = [&](const auto&) -> result<net::client_response> {
        if (++pages > 20) return answer(401, "{}");
        return answer(200, page({notification("3p" + std::to_string(pages), "bafyp",
                                              "2026-11-23T05:00:" + std::to_string(60 - pages) + "Z")},
                                "more"));
    };
    w.run_from(resumed(10));
    EXPECT_EQ(w.in.all<message_seen>().size(), 20U);
    const auto gaps = w.in.all<gap_noted>();
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, from_rfc3339("2026-11-23T04:00:00Z"));
    EXPECT_EQ(gaps[0].to, from_rfc3339("2026-11-23T05:00:40Z"));
}

TEST(bluesky_run, bears_an_appview_that_stumbles_and_not_one_that_is_gone) {
    world w;
    w.relay.connections.push_back({{}, std::nullopt});
    int polls = 0;
    w.server->on[list] = [&](const auto&) -> result<net::client_response> {
        if (++polls == 3) return answer(200, page({}));
        return answer(502, R"({"error":"UpstreamFailure"})");
    };
    const error end = w.run_from(resumed(10));
    EXPECT_EQ(end.kind, errc::transient);
    EXPECT_EQ(polls, 6) << "two failures, a success, three failures";
}

TEST(bluesky_run, ends_both_streams_when_it_is_stopped) {
    world w;
    w.relay.connections.push_back({{}, std::nullopt});
    task_group group(w.io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
    const auto body = [&]() -> awaitable<void> { co_await w.us->run(resumed(10), w.in); };
    group.spawn("run", body());
    while (w.relay.urls.empty()) w.io.run_one();
    group.emit();
    kith::test::run(w.io, group.wait());
    EXPECT_EQ(group.size(), 0U);
    w.us.reset();
}

TEST(bluesky_run, leaves_its_caller_cancellable_when_it_ends_by_itself) {
    world w;
    w.relay.connections.push_back({{}, world::cut()});
    bool ended = false;
    task_group group(w.io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
    const auto supervisor = [&]() -> awaitable<void> {
        co_await w.us->run(resumed(10), w.in);
        ended = true;
        co_await sleep_for(std::chrono::hours{1});  // as before the next attempt
    };
    group.spawn("run", supervisor());
    while (!ended && w.io.run_one() > 0) {
    }
    ASSERT_TRUE(ended);
    group.emit();
    kith::test::run(w.io, group.wait());
    EXPECT_EQ(group.size(), 0U);
    w.us.reset();
}

TEST(bluesky_run, says_unauthorised_before_anything_else) {
    world w;
    w.server->on["com.atproto.server.createSession"] = [](const auto&) {
        return answer(401, R"({"error":"AuthenticationRequired"})");
    };
    EXPECT_EQ(w.run_from("").kind, errc::unauthorised);
    EXPECT_TRUE(w.relay.urls.empty());
}

}  // namespace
}  // namespace kith::bluesky
