#include "platforms/loopback/protocol.hpp"

#include <gtest/gtest.h>

namespace kith::loopback {
namespace {

TEST(loopback_protocol, reads_every_kind_of_event_in_order) {
    const auto b = parse_events(R"({"next": 4, "events": [
        {"type": "message", "id": "m1", "revision": "2", "thread": "t", "author": "ann", "name": "Ann",
         "addressed": true, "text": "hello", "language": "en", "at": "2026-11-23T04:12:00Z"},
        {"type": "delete", "id": "m0"}, {"type": "block", "author": "bob"},
        {"type": "gap", "from": "2026-11-23T04:00:00Z", "to": "2026-11-23T04:01:00Z", "cause": "restart"}]})");
    ASSERT_TRUE(b.has_value()) << b.error().what;
    EXPECT_EQ(b->next, "4");
    ASSERT_EQ(b->events.size(), 4U);
    const auto& m = std::get<message_seen>(b->events[0]).what;
    EXPECT_EQ(m.native_id, "m1");
    EXPECT_EQ(m.revision, "2");
    EXPECT_EQ(m.author.display_name, "Ann");
    EXPECT_TRUE(m.addressed);
    EXPECT_EQ(m.written_at, from_rfc3339("2026-11-23T04:12:00Z"));
    EXPECT_EQ(std::get<message_deleted>(b->events[1]).native_id, "m0");
    EXPECT_EQ(std::get<contact_blocked>(b->events[2]).identity_id, "bob");
    EXPECT_EQ(std::get<gap_noted>(b->events[3]).cause, "restart");
}

TEST(loopback_protocol, takes_an_answer_that_is_none_as_a_passing_fault) {
    for (const char* text :
         {"", "<html>", "[]", "{}", R"({"events": 1, "next": 2})",
          R"({"events": [{"type": "party"}], "next": 1})", R"({"events": [], "next": "x"})"}) {
        const auto b = parse_events(text);
        ASSERT_TRUE(b.has_error()) << text;
        EXPECT_EQ(b.error().kind, errc::transient);
    }
    EXPECT_TRUE(parse_thread("nonsense").has_error());
    EXPECT_TRUE(parse_receipt("{}").has_error());
}

TEST(loopback_protocol, reads_a_thread_its_tail_and_what_is_gone) {
    const auto t =
        parse_thread(R"({"revision": "1", "messages": [{"id": "m1"}, {"id": "r1", "ours": true}]})");
    ASSERT_TRUE(t.has_value());
    EXPECT_EQ(t->tail, "r1");
    EXPECT_TRUE(t->messages[1].ours);
    EXPECT_TRUE(t->may_reply);
    EXPECT_EQ(parse_thread(R"({"messages": []})")->target_revision, "");
    const auto closed = parse_thread(R"({"messages": [], "revision": "1", "closed": "locked"})");
    EXPECT_FALSE(closed->may_reply);
    EXPECT_EQ(closed->why_not, "locked");
}

TEST(loopback_protocol, writes_the_same_bytes_for_the_same_reply) {
    approved_reply r;
    r.text = "Use \"the\" link.";
    r.target.native_id = "m1";
    const idempotency_key key{"k"};
    EXPECT_EQ(reply_body(r, key), R"({"key":"k","to":"m1","text":"Use \"the\" link.","via":"kith"})");
}

TEST(loopback_protocol, sorts_answers_by_what_they_mean_for_a_retry) {
    EXPECT_EQ(error_of(401, "").kind, errc::unauthorised);
    EXPECT_EQ(error_of(429, "").kind, errc::limited);
    EXPECT_EQ(error_of(422, "").kind, errc::refused);
    EXPECT_EQ(error_of(404, "").kind, errc::not_found);
    EXPECT_EQ(error_of(503, "").kind, errc::unknown) << "a server that fails may have posted all the same";
}

TEST(loopback_protocol, reads_what_contacts_do_beside_writing) {
    const auto b =
        parse_events(R"({"events":[{"type":"follow","author":"ann","name":"Ann","id":"f1"},)"
                     R"({"type":"unfollow","author":"ann"},)"
                     R"({"type":"react","author":"ann","id":"x1","to":"r1","good":false}],"next":3})");
    ASSERT_TRUE(b.has_value()) << b.error().what;
    ASSERT_EQ(b->events.size(), 3U);
    EXPECT_EQ(std::get<contact_followed>(b->events[0]).who.display_name, "Ann");
    EXPECT_EQ(std::get<contact_followed>(b->events[0]).native_id, "f1");
    EXPECT_EQ(std::get<contact_unfollowed>(b->events[1]).identity_id, "ann");
    const auto& reaction = std::get<contact_reacted>(b->events[2]);
    EXPECT_EQ(reaction.to, "r1");
    EXPECT_FALSE(reaction.good);
}

}  // namespace
}  // namespace kith::loopback
