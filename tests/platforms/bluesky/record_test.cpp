#include "platforms/bluesky/record.hpp"

#include <gtest/gtest.h>

namespace kith::bluesky {
namespace {

const viewpoint we{"did:plc:us", "https://bsky.app"};
constexpr const char* our_post = "at://did:plc:us/app.bsky.feed.post/3ours";
constexpr const char* their_post = "at://did:plc:they/app.bsky.feed.post/3they";

post_source source() {
    post_source s;
    s.uri = "at://did:plc:ann/app.bsky.feed.post/3abc";
    s.cid = "bafyann";
    s.author = {"did:plc:ann", "ann.test", "Ann", false};
    s.seen_at = *from_rfc3339("2026-11-23T05:00:00Z");
    return s;
}

json::object parse(const std::string& text) {
    auto out = parse_object(text);
    EXPECT_TRUE(out) << text;
    return out.value_or(json::object{});
}

json::object answering(const std::string& parent, const std::string& root) {
    return parse(
        R"({"$type":"app.bsky.feed.post","text":"x","createdAt":"2026-11-23T04:12:00Z","reply":{"parent":{"uri":")" +
        parent + R"(","cid":"bafyp"},"root":{"uri":")" + root + R"(","cid":"bafyr"}}})");
}

TEST(bluesky_record, becomes_a_message_with_all_that_an_answer_needs) {
    const auto m = to_message(source(), answering(their_post, our_post), we);
    ASSERT_TRUE(m);
    EXPECT_EQ(m->native_id, source().uri);
    EXPECT_EQ(m->revision, "bafyann");
    EXPECT_EQ(m->parent_id, their_post);
    EXPECT_EQ(m->thread_id, our_post);
    EXPECT_EQ(m->url, "https://bsky.app/profile/ann.test/post/3abc");
    EXPECT_EQ(m->written_at, *from_rfc3339("2026-11-23T04:12:00Z"));
    const auto refs = refs_to_answer(*m);
    ASSERT_TRUE(refs);
    EXPECT_EQ(refs->root.uri, our_post);
    EXPECT_EQ(refs->root.cid, "bafyr");
    EXPECT_EQ(refs->parent.uri, source().uri);
    EXPECT_EQ(refs->parent.cid, "bafyann");
}

TEST(bluesky_record, is_addressed_to_us_by_a_mention_an_answer_or_a_quote) {
    const auto with = [](const std::string& more) {
        return parse(R"({"text":"x","createdAt":"2026-11-23T04:12:00Z",)" + more + "}");
    };
    const std::string ref = std::string(R"({"uri":")") + our_post + R"(","cid":"bafyo"})";
    EXPECT_TRUE(is_addressed(answering(our_post, their_post), we.did));
    EXPECT_TRUE(is_addressed(
        with(
            R"("facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"a"}]},{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:us"}]}])"),
        we.did));
    EXPECT_TRUE(
        is_addressed(with(R"("embed":{"$type":"app.bsky.embed.record","record":)" + ref + "}"), we.did));
    EXPECT_TRUE(is_addressed(
        with(
            R"("embed":{"$type":"app.bsky.embed.recordWithMedia","media":{},"record":{"$type":"app.bsky.embed.record","record":)" +
            ref + "}}"),
        we.did));
}

TEST(bluesky_record, is_not_addressed_to_us_by_less) {
    const auto with = [](const std::string& more) {
        return parse(R"({"text":"@us.test did:plc:us","createdAt":"x",)" + more + "}");
    };
    EXPECT_FALSE(is_addressed(answering(their_post, our_post), we.did))
        << "an answer to somebody else below our post";
    EXPECT_FALSE(is_addressed(answering("at://did:plc:usher/app.bsky.feed.post/3a", our_post), we.did));
    EXPECT_FALSE(is_addressed(
        with(R"("facets":[{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:they"}]}])"),
        we.did));
    EXPECT_FALSE(
        is_addressed(with(R"("facets":[7,{"features":7},{"features":[7]}],"embed":[],"reply":"x")"), we.did));
}

TEST(bluesky_record, starts_a_thread_of_its_own_where_it_answers_nothing_or_nothing_that_exists) {
    for (const auto& record : {parse(R"({"text":"x"})"), answering("https://example.com/x", our_post),
                               answering(their_post, "")}) {
        const auto m = to_message(source(), record, we);
        ASSERT_TRUE(m);
        EXPECT_EQ(m->thread_id, source().uri);
        EXPECT_EQ(m->parent_id, "");
        EXPECT_EQ(refs_to_answer(*m)->root.cid, "bafyann");
    }
}

TEST(bluesky_record, takes_the_first_language_if_it_is_one_and_the_time_if_it_is_one) {
    const auto of = [](const std::string& more) {
        return *to_message(source(), parse(R"({"text":"x")" + more + "}"), we);
    };
    EXPECT_EQ(of(R"(,"langs":["de-AT","en"])").language, "de-AT");
    for (const char* wrong : {"<b>", "-", "e", "en-", "-en", "english", "e1", "en--US"})
        EXPECT_EQ(of(std::string(R"(,"langs":[")") + wrong + "\"]").language, "") << wrong;
    EXPECT_EQ(of(R"(,"langs":[])").language, "");
    EXPECT_EQ(of(R"(,"createdAt":"yesterday")").written_at, source().seen_at);
}

TEST(bluesky_record, refuses_what_is_no_post_or_breaks_its_limits) {
    EXPECT_FALSE(to_message(source(), parse(R"({"text":7})"), we));
    EXPECT_FALSE(to_message(source(), parse(R"({"$type":"app.bsky.feed.like","text":"x"})"), we));
    EXPECT_FALSE(to_message(source(), parse(R"({"text":")" + std::string(3'001, 'x') + R"("})"), we));
    post_source elsewhere = source();
    elsewhere.uri = "at://did:plc:ann/app.bsky.feed.like/3abc";
    EXPECT_FALSE(to_message(elsewhere, parse(R"({"text":"x"})"), we));
}

TEST(bluesky_record, believes_a_bot_label_only_of_the_account_itself) {
    const std::string start =
        R"({"did":"did:plc:ann","handle":"ann.test","displayName":"Ann","labels":[{"src":")";
    EXPECT_TRUE(to_identity(parse(start + R"(did:plc:ann","val":"bot"}]})")).bot);
    EXPECT_FALSE(to_identity(parse(start + R"(did:plc:foe","val":"bot"}]})")).bot);
    EXPECT_FALSE(to_identity(parse(start + R"(did:plc:ann","val":"bot","neg":true}]})")).bot);
    EXPECT_EQ(to_identity(parse(R"({"did":"did:plc:ann","handle":"handle.invalid"})")).handle, "did:plc:ann");
}

TEST(bluesky_record, reads_addresses_strictly) {
    EXPECT_TRUE(at_uri::parse("at://did:web:a.example%3A80/app.bsky.feed.post/self"));
    for (const char* wrong : {"", "at://", "at://did:plc:a", "at://did:plc:a/c", "at://did:plc:a/c/",
                              "at://ann.test/c/r", "at://did:plc:a/c/r/s", "at://did:plc:a/c/r?x=1",
                              "at://did:plc:a/c/r\n", "http://did:plc:a/c/r", "at://did:plc:a/c/.."})
        EXPECT_FALSE(at_uri::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace kith::bluesky
