#include "platforms/bluesky/post.hpp"

#include "platforms/bluesky/tid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kith::bluesky {
namespace {

approved_reply post_reply(std::string text = "Hi @ann.test, see help.example.com 🦋") {
    approved_reply r;
    r.text = std::move(text);
    r.target.native_id = "at://did:plc:ann/app.bsky.feed.post/3abc";
    r.target.revision = "bafyann";
    r.target.extra =
        R"({"cid":"bafyann","root":{"uri":"at://did:plc:bob/app.bsky.feed.post/3root","cid":"bafyroot"}})";
    r.approved_at = *from_rfc3339("2026-11-23T04:12:00.123456Z");
    return r;
}
const idempotency_key post_key{"abcdefghijklmnopqrstuvwxyz"};
const post_context with{"did:plc:us", "en", {{"ann.test", "did:plc:ann"}}};

TEST(bluesky_post, is_fixed_to_the_last_byte) {
    const auto p = make_post(post_reply(), post_key, with);
    ASSERT_TRUE(p.has_value()) << p.error().what;
    const std::string rkey = make_tid(post_reply().approved_at, post_key);
    EXPECT_EQ(p->native_id, "at://did:plc:us/app.bsky.feed.post/" + rkey);
    EXPECT_EQ(
        p->bytes,
        R"({"repo":"did:plc:us","collection":"app.bsky.feed.post","rkey":")" + rkey +
            R"(","record":{"$type":"app.bsky.feed.post","text":"Hi @ann.test, see help.example.com 🦋","facets":[)"
            R"({"index":{"byteStart":3,"byteEnd":12},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ann"}]},)"
            R"({"index":{"byteStart":18,"byteEnd":34},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://help.example.com"}]}],)"
            R"("reply":{"root":{"uri":"at://did:plc:bob/app.bsky.feed.post/3root","cid":"bafyroot"},)"
            R"("parent":{"uri":"at://did:plc:ann/app.bsky.feed.post/3abc","cid":"bafyann"}},)"
            R"("langs":["en"],"createdAt":"2026-11-23T04:12:00.123Z","via":"kith"},"swapRecord":null,"validate":true})");
    EXPECT_EQ(make_post(post_reply(), post_key, with)->bytes, p->bytes);
}

TEST(bluesky_post, is_read_back_and_recognised) {
    const auto p = make_post(post_reply(), post_key, with);
    const auto back = read_post(p->bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->uri(), p->native_id);
    EXPECT_TRUE(is_same_post(back->record, back->record));
    const auto other = read_post(make_post(post_reply("Something else"), post_key, with)->bytes);
    EXPECT_FALSE(is_same_post(other->record, back->record));
    EXPECT_FALSE(is_same_post(json::object{}, back->record));
    for (const char* wrong :
         {"", "{}", "[]", R"({"repo":"did:plc:us","collection":"app.bsky.feed.post","rkey":"","record":{}})"})
        EXPECT_FALSE(read_post(wrong)) << wrong;
}

TEST(bluesky_post, refuses_what_bluesky_would) {
    for (const std::string& text : {std::string(), std::string(301, 'x'), std::string("\xff")}) {
        const auto p = make_post(post_reply(text), post_key, with);
        ASSERT_TRUE(p.has_error());
        EXPECT_EQ(p.error().kind, errc::refused);
    }
    EXPECT_TRUE(make_post(post_reply(std::string(300, 'x')), post_key, with).has_value());
    approved_reply blind = post_reply();
    blind.target.extra = "{}";
    EXPECT_EQ(make_post(blind, post_key, with).error().kind, errc::refused);
}

TEST(bluesky_tid, is_the_same_for_each_attempt_and_differs_for_all_that_was_approved_in_one_go) {
    const timestamp at = *from_rfc3339("2026-11-23T04:12:00Z");
    std::set<std::string> all;
    for (int i = 0; i < 2'000; ++i) {
        const idempotency_key k{"key-" + std::to_string(i)};
        const std::string tid = make_tid(at, k);
        EXPECT_EQ(tid, make_tid(at, k));
        all.insert(tid);
    }
    EXPECT_EQ(all.size(), 2'000U);
}

TEST(bluesky_tid, has_the_form_and_the_time_of_one) {
    static constexpr std::string_view digits = "234567abcdefghijklmnopqrstuvwxyz";
    const timestamp at = *from_rfc3339("2026-11-23T04:12:00Z");
    const std::string tid = make_tid(at, post_key);
    ASSERT_EQ(tid.size(), 13U);
    EXPECT_LT(digits.find(tid[0]), 16U) << "the highest bit is zero";
    std::uint64_t n = 0;
    for (const char c : tid) {
        ASSERT_NE(digits.find(c), std::string_view::npos);
        n = n << 5 | digits.find(c);
    }
    const timestamp stated = from_micros(static_cast<std::int64_t>(n >> 10));
    EXPECT_LE(stated, at);
    EXPECT_GT(stated, at - std::chrono::seconds(1));
    EXPECT_LT(tid, make_tid(at + std::chrono::seconds(2), post_key)) << "later keys sort after earlier ones";
}

}  // namespace
}  // namespace kith::bluesky
