#include "platforms/bluesky/link.hpp"

#include "platforms/bluesky/bluesky.hpp"
#include "tests/platforms/bluesky/fakes.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace kith::bluesky {
namespace {

using test::answer;
using test::world;

const std::string put = "com.atproto.repo.putRecord";
const std::string get = "com.atproto.repo.getRecord";
const std::string get_thread = "app.bsky.feed.getPostThread";
const idempotency_key key{"abcdefghijklmnopqrstuvwxyz"};
const std::string target_uri = "at://did:plc:ann/app.bsky.feed.post/3abc";

approved_reply reply() {
    approved_reply r;
    r.text = "Hi @ann.test and @nobody.test";
    r.target.native_id = target_uri;
    r.target.revision = "bafyann";
    r.target.extra =
        R"({"cid":"bafyann","root":{"uri":"at://did:plc:ann/app.bsky.feed.post/3abc","cid":"bafyann"}})";
    r.target.written_at = *from_rfc3339("2026-11-23T04:00:00Z");
    r.approved_at = *from_rfc3339("2026-11-23T04:12:00Z");
    return r;
}

approved_reply prepared(world& w) {
    w.server->on["com.atproto.identity.resolveHandle"] = [](const net::client_request& r) {
        if (r.url.ends_with("handle=ann.test")) return answer(200, R"({"did":"did:plc:ann"})");
        return answer(400, R"({"error":"InvalidRequest","message":"Unable to resolve handle"})");
    };
    approved_reply r = reply();
    auto p = w.run(w.us->prepare(r, key));
    EXPECT_TRUE(p.has_value()) << p.error().what;
    if (p.has_value()) r.prepared = p->bytes;
    return r;
}

TEST(bluesky_deliver, puts_exactly_what_was_prepared) {
    world w;
    const approved_reply r = prepared(w);
    EXPECT_NE(r.prepared.find(R"("did":"did:plc:ann")"), std::string::npos);
    EXPECT_EQ(r.prepared.find("nobody.test\",\"did"), std::string::npos);
    EXPECT_EQ(w.server->count(put), 0U) << "to prepare posts nothing";
    w.server->on[put] = [](const auto&) { return answer(200, R"({"uri":"x","cid":"bafynew"})"); };
    const auto sent = w.run(w.us->deliver(r, key));
    ASSERT_TRUE(sent.has_value()) << sent.error().what;
    EXPECT_EQ(w.server->seen.back().body, r.prepared);
    EXPECT_EQ(w.server->seen.back().method, "POST");
    EXPECT_EQ(sent->native_id, read_post(r.prepared)->uri());
    EXPECT_EQ(sent->url, "https://bsky.app/profile/did:plc:us/post/" + read_post(r.prepared)->rkey);
    EXPECT_TRUE(w.run(w.us->deliver(r, key)).has_value());
    EXPECT_EQ(w.server->seen.back().body, r.prepared) << "the same bytes on each attempt";
}

TEST(bluesky_deliver, repeats_once_with_a_new_token_where_the_old_one_was_refused) {
    world w;
    const approved_reply r = prepared(w);
    std::vector<std::string> tokens;
    w.server->on[put] = [&](const net::client_request& request) {
        tokens.emplace_back(request.headers.get("Authorization"));
        if (tokens.size() == 1)
            return answer(400, R"({"error":"ExpiredToken","message":"Token has expired"})");
        return answer(200, R"({"uri":"x","cid":"y"})");
    };
    EXPECT_TRUE(w.run(w.us->deliver(r, key)).has_value());
    ASSERT_EQ(tokens.size(), 2U);
    EXPECT_NE(tokens[0], tokens[1]);
}

TEST(bluesky_deliver, does_not_go_round_in_circles_over_tokens) {
    world w;
    const approved_reply r = prepared(w);
    w.server->on[put] = [](const auto&) { return answer(400, R"({"error":"InvalidToken"})"); };
    EXPECT_EQ(w.run(w.us->deliver(r, key)).error().kind, errc::transient);
    EXPECT_EQ(w.server->count(put), 2U);
}

TEST(bluesky_deliver, tells_what_is_certain_from_what_is_not) {
    struct {
        result<net::client_response> given;
        errc kind;
    } const cases[] = {
        {answer(400, R"({"error":"InvalidSwap","message":"Record was at bafyx"})"), errc::refused},
        {answer(400, R"({"error":"InvalidRequest","message":"too long"})"), errc::refused},
        {answer(500, R"({"error":"InternalServerError"})"), errc::unknown},
        {answer(502, "<html>"), errc::unknown},
        {answer(200, "<html>"), errc::unknown},
        {fail(errc::unknown, "timed out"), errc::unknown},
        {fail(errc::transient, "connection refused"), errc::transient},
    };
    for (const auto& c : cases) {
        world w;
        const approved_reply r = prepared(w);
        w.server->on[put] = [&](const auto&) { return c.given; };
        EXPECT_EQ(w.run(w.us->deliver(r, key)).error().kind, c.kind);
        EXPECT_EQ(w.server->count(put), 1U) << "never repeated by itself";
    }
}

TEST(bluesky_deliver, sends_nothing_while_the_server_would_turn_it_away) {
    world w;
    const approved_reply r = prepared(w);
    w.server->on[put] = [](const auto&) {
        return answer(429, R"({"error":"RateLimitExceeded"})", {{"retry-after", "600"}});
    };
    const auto first = w.run(w.us->deliver(r, key));
    ASSERT_EQ(first.error().kind, errc::limited);
    const auto second = w.run(w.us->deliver(r, key));
    EXPECT_EQ(second.error().kind, errc::limited);
    ASSERT_TRUE(second.error().retry_at);
    EXPECT_EQ(*second.error().retry_at, *first.error().retry_at);
    EXPECT_EQ(w.server->count(put), 1U);
    EXPECT_TRUE(w.run(w.us->find_delivered(r, key)).has_error());
    EXPECT_EQ(w.server->count(get), 1U) << "reads are counted apart";
}

TEST(bluesky_deliver, is_never_unknown_for_a_failure_before_the_post) {
    world w;
    const approved_reply r = prepared(w);
    world again;  // not yet signed in
    again.server->on["com.atproto.server.createSession"] = [](const auto&) -> result<net::client_response> {
        return fail(errc::unknown, "timed out");
    };
    EXPECT_EQ(again.run(again.us->deliver(r, key)).error().kind, errc::transient);
}

TEST(bluesky_deliver, refuses_what_was_never_prepared) {
    world w;
    EXPECT_EQ(w.run(w.us->deliver(reply(), key)).error().kind, errc::refused);
    EXPECT_EQ(w.run(w.us->find_delivered(reply(), key)).error().kind, errc::refused);
    EXPECT_TRUE(w.server->seen.empty());
}

TEST(bluesky_prepare, waits_rather_than_drop_a_mention_when_nobody_can_say_who_it_is) {
    world w;
    w.server->on["com.atproto.identity.resolveHandle"] = [](const auto&) { return answer(502, ""); };
    EXPECT_EQ(w.run(w.us->prepare(reply(), key)).error().kind, errc::transient);
}

TEST(bluesky_find_delivered, finds_it_or_says_that_it_is_not_there) {
    world w;
    const approved_reply r = prepared(w);
    w.server->on[get] = [](const auto&) {
        return answer(400, R"({"error":"RecordNotFound","message":"Could not locate record"})");
    };
    auto found = w.run(w.us->find_delivered(r, key));
    ASSERT_TRUE(found.has_value());
    EXPECT_FALSE(*found);

    const auto post = *read_post(r.prepared);
    w.server->on[get] = [&](const auto&) {
        return answer(200, R"({"uri":"x","cid":"y","value":)" + json::serialize(post.record) + "}");
    };
    found = w.run(w.us->find_delivered(r, key));
    ASSERT_TRUE(found.has_value() && *found);
    EXPECT_EQ((*found)->native_id, post.uri());
    EXPECT_NE(w.server->seen.back().url.find("rkey=" + post.rkey), std::string::npos);

    w.server->on[get] = [](const auto&) {
        return answer(200, R"({"uri":"x","cid":"y","value":{"text":"another"}})");
    };
    EXPECT_EQ(w.run(w.us->find_delivered(r, key)).error().kind, errc::refused);
    w.server->on[get] = [](const auto&) { return answer(500, ""); };
    EXPECT_EQ(w.run(w.us->find_delivered(r, key)).error().kind, errc::transient);
}

std::string view(const std::string& did, const std::string& rkey, const std::string& indexed,
                 const std::string& more = {}, const std::string& author = {}) {
    return R"({"$type":"app.bsky.feed.defs#threadViewPost","post":{"uri":"at://)" + did +
           "/app.bsky.feed.post/" + rkey + R"(","cid":"bafy)" + rkey + R"(","author":{"did":")" + did +
           R"(","handle":"h.test")" + author + R"(},"record":{"$type":"app.bsky.feed.post","text":")" + rkey +
           R"(","createdAt":"2026-11-23T04:00:00Z"},"indexedAt":")" + indexed + "\"" + more + "}";
}

thread fetch(world& w, const std::string& body) {
    w.server->on[get_thread] = [body](const auto&) { return answer(200, R"({"thread":)" + body + "}"); };
    auto t = w.run(w.us->fetch_thread(reply().target));
    EXPECT_TRUE(t.has_value()) << t.error().what;
    return t.has_value() ? *t : thread{};
}

TEST(bluesky_thread, shows_the_branch_with_the_newest_as_its_tail) {
    world w;
    const std::string body = view("did:plc:ann", "3abc", "2026-11-23T04:01:00Z") + R"(,"parent":)" +
                             view("did:plc:bob", "3root", "2026-11-23T04:00:00Z") + R"(},"replies":[)" +
                             view("did:plc:us", "3late", "2026-11-23T04:09:00Z") + "}," +
                             view("did:plc:eve", "3early", "2026-11-23T04:02:00Z") + R"(,"replies":[)" +
                             view("did:plc:ann", "3mid", "2026-11-23T04:05:00Z") +
                             R"(},{"$type":"app.bsky.feed.defs#blockedPost","uri":"at://x"}]}]})";
    const thread t = fetch(w, body);
    std::vector<std::string> order;
    for (const auto& m : t.messages) order.push_back(m.text);
    EXPECT_EQ(order, (std::vector<std::string>{"3root", "3abc", "3early", "3mid", "3late"}));
    EXPECT_EQ(t.tail, "at://did:plc:us/app.bsky.feed.post/3late");
    EXPECT_TRUE(t.messages.back().ours);
    EXPECT_EQ(t.target_revision, "bafy3abc");
    EXPECT_TRUE(t.may_reply);
}

TEST(bluesky_thread, says_why_no_reply_may_be_sent) {
    world w;
    EXPECT_FALSE(
        fetch(w, view("did:plc:ann", "3abc", "2026-11-23T04:01:00Z", R"(,"viewer":{"replyDisabled":true})") +
                     "}")
            .may_reply);
    EXPECT_EQ(
        fetch(w, view("did:plc:ann", "3abc", "2026-11-23T04:01:00Z", "", R"(,"viewer":{"blockedBy":true})") +
                     "}")
            .why_not,
        "the contact blocks us");
    EXPECT_EQ(fetch(w, view("did:plc:ann", "3abc", "2026-11-23T04:01:00Z", "",
                            R"(,"viewer":{"blocking":"at://b"})") +
                           "}")
                  .why_not,
              "we block the contact");
    const thread blocked =
        fetch(w, R"({"$type":"app.bsky.feed.defs#blockedPost","uri":"at://x","blocked":true})");
    EXPECT_FALSE(blocked.may_reply);
    EXPECT_EQ(blocked.target_revision, "bafyann");
    const thread lost =
        fetch(w, R"({"$type":"app.bsky.feed.defs#notFoundPost","uri":"at://x","notFound":true})");
    EXPECT_FALSE(lost.may_reply);
    EXPECT_EQ(lost.target_revision, "");
    EXPECT_FALSE(lost.why_not.empty());
}

TEST(bluesky_thread, waits_for_an_appview_that_has_not_seen_a_young_message) {
    world w;
    w.server->on[get_thread] = [](const auto&) {
        return answer(400, R"({"error":"NotFound","message":"Post not found"})");
    };
    message young = reply().target;
    young.written_at = now();
    EXPECT_EQ(w.run(w.us->fetch_thread(young)).error().kind, errc::transient);
    young.written_at = now() + std::chrono::hours(24);
    EXPECT_TRUE(w.run(w.us->fetch_thread(young)).has_value())
        << "a time in the future is no reason to wait for it";
    const auto old = w.run(w.us->fetch_thread(reply().target));
    ASSERT_TRUE(old.has_value());
    EXPECT_EQ(old->target_revision, "");
}

TEST(bluesky_thread, fails_for_now_when_the_appview_is_down) {
    world w;
    w.server->on[get_thread] = [](const auto&) { return answer(502, R"({"error":"UpstreamFailure"})"); };
    EXPECT_EQ(w.run(w.us->fetch_thread(reply().target)).error().kind, errc::transient);
    w.server->on[get_thread] = [](const auto&) { return answer(200, R"({"thread":7})"); };
    EXPECT_EQ(w.run(w.us->fetch_thread(reply().target)).error().kind, errc::transient);
}

const int password_is_set = ::setenv("KITH_TEST_PASSWORD", "pw", 1);

struct checked {
    yaml::findings found;
    options read;
};
checked check(const std::string& text) {
    EXPECT_EQ(password_is_set, 0);
    checked out;
    const yaml::node n = yaml::parse(text, "kith.yaml", out.found);
    yaml::map_reader reader(n, "kith.yaml", "account", out.found);
    out.read = options::read(reader);
    reader.done();
    return out;
}

TEST(bluesky_options, have_defaults_for_all_but_who_we_are) {
    const auto c = check("identifier: us.test\npassword: env:KITH_TEST_PASSWORD\n");
    EXPECT_TRUE(c.found.empty()) << c.found.text();
    EXPECT_EQ(c.read.service, "https://bsky.social");
    EXPECT_EQ(c.read.stream, "wss://bsky.network");
    EXPECT_EQ(c.read.web, "https://bsky.app");
    EXPECT_EQ(c.read.poll, std::chrono::seconds(5));
    EXPECT_FALSE(c.read.listen_to_all);
}

TEST(bluesky_options, take_whole_base_urls) {
    const auto c = check(
        "identifier: us.test\npassword: env:KITH_TEST_PASSWORD\nservice: http://127.0.0.1:2583/a/\nstream: "
        "ws://127.0.0.1:2584/b\nlisten: all\n");
    EXPECT_TRUE(c.found.empty()) << c.found.text();
    EXPECT_EQ(c.read.service, "http://127.0.0.1:2583/a");
    EXPECT_EQ(c.read.stream, "ws://127.0.0.1:2584/b");
    EXPECT_TRUE(c.read.listen_to_all);
}

TEST(bluesky_options, complain_at_the_place) {
    const auto c = check(
        "identifier: '@us.test'\nservice: bsky.social\nstream: https://bsky.network\npoll: 10ms\nwebb: x\n");
    const std::string all = c.found.text();
    for (const char* place : {"kith.yaml:1:", "kith.yaml:2:", "kith.yaml:3:", "kith.yaml:4:", "kith.yaml:5:"})
        EXPECT_NE(all.find(place), std::string::npos) << place << "\n" << all;
    EXPECT_NE(all.find("password"), std::string::npos) << all;
}

TEST(bluesky_options, are_only_checked_without_a_context) {
    yaml::findings found;
    const yaml::node n = yaml::parse("identifier: us.test\npassword: env:KITH_TEST_PASSWORD\n", "kith.yaml", found);
    yaml::map_reader reader(n, "kith.yaml", "account", found);
    EXPECT_EQ(make(reader, nullptr), nullptr);
    EXPECT_TRUE(found.empty());
}

}  // namespace
}  // namespace kith::bluesky
