// Against a real Bluesky network: PDS, relay and AppView as started by tests/real/network. Runs where
// KITH_TEST_BLUESKY_PDS and KITH_TEST_BLUESKY_CONTROL say where that is.
#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/net/http_client.hpp"
#include "platforms/bluesky/link.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace kith::bluesky {
namespace {

using namespace std::chrono_literals;

/// Passes everything on; the next request that carries a token gets this one instead.
class meddling_client : public net::http_client {
 public:
    explicit meddling_client(asio::any_io_executor executor)
        : real_(net::make_http_client(std::move(executor))) {}
    std::string token_instead;
    std::vector<std::string> urls;

    awaitable<result<net::client_response>> send(net::client_request r) override {
        urls.push_back(r.url);
        if (!token_instead.empty() && r.headers.find("authorization")) {
            net::http_fields changed;
            for (const auto& [name, value] : r.headers.all())
                changed.add(name, name == "Authorization" ? "Bearer " + token_instead : value);
            r.headers = std::move(changed);
            token_instead.clear();
        }
        return real_->send(std::move(r));
    }

 private:
    std::unique_ptr<net::http_client> real_;
};

struct collecting_inbox : inbox {
    std::vector<event> events;
    cursor last;
    awaitable<result<void>> accept(batch b) override {
        for (event& e : b.events) events.push_back(std::move(e));
        if (!b.next.empty()) last = b.next;
        co_return result<void>();
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> out;
        for (const event& e : events)
            if (const T* one = std::get_if<T>(&e)) out.push_back(*one);
        return out;
    }
    std::size_t times(const std::string& uri) const {
        std::size_t n = 0;
        for (const auto& each : all<message_seen>()) n += each.what.native_id == uri ? 1 : 0;
        return n;
    }
};

struct bluesky_real : testing::Test {
    asio::io_context io;
    std::string pds, control;
    std::string us = name("us"), ann = name("ann");
    std::string us_did, ann_did;
    std::unique_ptr<net::http_client> client;
    meddling_client* wire = nullptr;
    std::unique_ptr<link> account;
    collecting_inbox in;
    std::optional<task_group> running;
    std::optional<error> ended;

    static std::string name(const std::string& start) {
        static std::mt19937_64 random{std::random_device{}()};
        return start + std::to_string(random() % 100'000'000) + ".test";
    }

    void SetUp() override {
        const char* p = std::getenv("KITH_TEST_BLUESKY_PDS");
        const char* c = std::getenv("KITH_TEST_BLUESKY_CONTROL");
        if (p == nullptr || c == nullptr)
            GTEST_SKIP()
                << "KITH_TEST_BLUESKY_PDS and KITH_TEST_BLUESKY_CONTROL are not set: no network to try";
        pds = p;
        control = c;
        client = net::make_http_client(io.get_executor());
        us_did = text_at(call_control("account", {{"handle", us}, {"password", "pw-us"}}), "did");
        ann_did = text_at(call_control("account", {{"handle", ann}, {"password", "pw-ann"}}), "did");
        ASSERT_FALSE(us_did.empty() || ann_did.empty());
        account = make_link("pw-us");
    }
    void TearDown() override {
        if (running) stop();
    }

    std::unique_ptr<link> make_link(std::string password) {
        options o;
        o.service = pds;
        o.stream = "ws" + pds.substr(4);
        o.web = "https://bsky.app";
        o.identifier = us;
        o.password = std::move(password);
        o.poll = 500ms;
        outside through;
        through.executor = io.get_executor();
        auto http = std::make_unique<meddling_client>(io.get_executor());
        wire = http.get();
        through.http = std::move(http);
        through.connect = [executor = io.get_executor()](net::websocket_request r) {
            return net::connect_websocket(executor, std::move(r));
        };
        through.house_language = "en";
        return std::make_unique<link>(std::move(o), std::move(through));
    }

    json::object call_control(const std::string& path, json::object body) {
        net::client_request r("POST", control + "/" + path);
        r.headers.add("Content-Type", "application/json");
        r.body = json::serialize(body);
        auto answer = kith::test::run(io, client->send(std::move(r)), 30s);
        EXPECT_TRUE(answer.has_value() && answer->status == 200)
            << path << ": " << (answer.has_value() ? answer->body : answer.error().what);
        return answer.has_value() ? parse_object(answer->body).value_or(json::object{}) : json::object{};
    }
    std::string mention(const std::string& words) {
        return std::string(
            text_at(call_control("post", {{"handle", ann}, {"text", words}, {"mention", us}}), "uri"));
    }

    awaitable<void> run_once(cursor from) { ended = co_await account->run(std::move(from), in); }
    void start(cursor from) {
        ended.reset();
        running.emplace(io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
        running->spawn("run", run_once(std::move(from)));
    }
    void stop() {
        running->emit();
        kith::test::run(io, running->wait());
        running.reset();
    }
    void start_fresh() {
        start("");
        EXPECT_TRUE(comes_true([&] { return in.last.find("\"at\"") != std::string::npos; }))
            << "never joined";
    }

    static awaitable<bool> wait_for(std::function<bool()> what, std::chrono::milliseconds limit) {
        const auto until = std::chrono::steady_clock::now() + limit;
        while (!what() && std::chrono::steady_clock::now() < until) co_await sleep_for(20ms);
        co_return what();
    }
    bool comes_true(std::function<bool()> what, std::chrono::milliseconds limit = 10s) {
        return kith::test::run(io, wait_for(std::move(what), limit), limit + 5s);
    }
    /// Long enough for the slower of the two streams to have said it too.
    void let_both_streams_speak() {
        call_control("process", {});
        const std::size_t polls = notification_polls();
        EXPECT_TRUE(comes_true([&] { return notification_polls() >= polls + 2; }));
    }
    std::size_t notification_polls() const {
        std::size_t n = 0;
        for (const auto& url : wire->urls) n += url.find("listNotifications") != std::string::npos ? 1 : 0;
        return n;
    }

    approved_reply answer_to(const message& target, std::string text) {
        approved_reply r;
        r.text = std::move(text);
        r.target = target;
        r.approved_at = now();
        return r;
    }
    std::size_t posts_of_us() {
        net::client_request r("GET", control + "/records?handle=" + us);
        auto answer = kith::test::run(io, client->send(std::move(r)), 30s);
        const auto body = parse_object(answer->body);
        return array_at(*body, "records")->size();
    }
};

TEST_F(bluesky_real, a_mention_arrives_once_though_both_streams_tell_of_it) {
    start_fresh();
    const std::string uri = mention("how do I reset my password?");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) > 0; }));
    let_both_streams_speak();
    EXPECT_EQ(in.times(uri), 1U);
    const message m = in.all<message_seen>().front().what;
    EXPECT_EQ(m.author.handle, ann);
    EXPECT_EQ(m.author.id, ann_did);
    EXPECT_TRUE(m.addressed);
    EXPECT_FALSE(m.ours);
    EXPECT_EQ(m.url, "https://bsky.app/profile/" + ann + "/post/" + std::string(at_uri::parse(uri)->rkey));
    EXPECT_GE(position::read(in.last, "ws" + pds.substr(4)).notified.value_or(timestamp{}), m.written_at)
        << "the notifications know of it too";
    EXPECT_TRUE(in.all<gap_noted>().empty());
}

TEST_F(bluesky_real, a_reply_sent_twice_is_one_post_that_bluesky_finds_valid) {
    start_fresh();
    const std::string uri = mention("how do I reset my password?");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) > 0; }));
    approved_reply r =
        answer_to(in.all<message_seen>().front().what,
                  "🦋 Hi @" + ann + ", sorry! See help.example.com/reset (or https://example.com).");
    const idempotency_key key{"abcdefghijklmnopqrstuvwxyz"};
    auto p = kith::test::run(io, account->prepare(r, key));
    ASSERT_TRUE(p.has_value()) << p.error().what;
    r.prepared = p->bytes;
    auto found = kith::test::run(io, account->find_delivered(r, key));
    ASSERT_TRUE(found.has_value()) << found.error().what;
    EXPECT_FALSE(*found);

    for (int i = 0; i < 2; ++i) {
        const auto sent = kith::test::run(io, account->deliver(r, key));
        ASSERT_TRUE(sent.has_value()) << sent.error().what;
        EXPECT_EQ(sent->native_id, p->native_id);
    }
    EXPECT_EQ(posts_of_us(), 1U);
    found = kith::test::run(io, account->find_delivered(r, key));
    ASSERT_TRUE(found.has_value() && *found);

    const auto post = *read_post(r.prepared);
    const auto judged = call_control("validate", {{"record", post.record}});
    EXPECT_TRUE(flag_at(judged, "valid")) << json::serialize(judged);
    ASSERT_NE(array_at(post.record, "facets"), nullptr);
    EXPECT_EQ(array_at(post.record, "facets")->size(), 3U);
    EXPECT_NE(r.prepared.find(ann_did), std::string::npos);

    approved_reply other = r;
    other.prepared.replace(other.prepared.find("sorry"), 5, "hello");
    EXPECT_EQ(kith::test::run(io, account->deliver(other, key)).error().kind, errc::refused);

    call_control("process", {});
    const auto t = kith::test::run(io, account->fetch_thread(r.target));
    ASSERT_TRUE(t.has_value()) << t.error().what;
    EXPECT_EQ(t->tail, p->native_id) << "our own reply is the newest";
    EXPECT_EQ(t->target_revision, r.target.revision);
    EXPECT_TRUE(t->may_reply);
}

TEST_F(bluesky_real, an_edit_and_a_deletion_are_seen) {
    start_fresh();
    const std::string uri = mention("how do I reset my password?");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) == 1; }));
    const auto edited =
        call_control("put", {{"handle", ann}, {"uri", uri}, {"text", "@" + us + " forget it"}});
    ASSERT_TRUE(comes_true([&] { return in.times(uri) == 2; }));
    const message m = in.all<message_seen>().back().what;
    EXPECT_EQ(m.revision, text_at(edited, "cid"));
    EXPECT_EQ(m.text, "@" + us + " forget it");
    call_control("process", {});
    const auto now_shown = kith::test::run(io, account->fetch_thread(m));
    ASSERT_TRUE(now_shown.has_value()) << now_shown.error().what;
    EXPECT_EQ(now_shown->target_revision, m.revision);

    call_control("delete", {{"handle", ann}, {"uri", uri}});
    ASSERT_TRUE(comes_true([&] { return !in.all<message_deleted>().empty(); }));
    EXPECT_EQ(in.all<message_deleted>().front().native_id, uri);
    call_control("process", {});
    message old = m;
    old.written_at -= 1h;
    auto t = kith::test::run(io, account->fetch_thread(old));
    ASSERT_TRUE(t.has_error()) << "seen moments ago: it may merely not be shown yet";
    EXPECT_EQ(t.error().kind, errc::transient);
    stop();
    account = make_link("pw-us");
    t = kith::test::run(io, account->fetch_thread(old));
    ASSERT_TRUE(t.has_value()) << t.error().what;
    EXPECT_EQ(t->target_revision, "");
    EXPECT_FALSE(t->may_reply);
}

TEST_F(bluesky_real, a_block_is_seen_and_forbids_the_reply) {
    start_fresh();
    const std::string uri = mention("leave me alone");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) == 1; }));
    call_control("block", {{"handle", ann}, {"subject", us_did}});
    ASSERT_TRUE(comes_true([&] { return !in.all<contact_blocked>().empty(); }));
    EXPECT_EQ(in.all<contact_blocked>().front().identity_id, ann_did);
    call_control("process", {});
    const auto t = kith::test::run(io, account->fetch_thread(in.all<message_seen>().front().what));
    ASSERT_TRUE(t.has_value()) << t.error().what;
    EXPECT_FALSE(t->may_reply);
    EXPECT_NE(t->why_not, "");
}

TEST_F(bluesky_real, a_gated_thread_takes_no_reply) {
    start_fresh();
    const std::string uri = mention("nobody may answer this");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) == 1; }));
    call_control("threadgate", {{"handle", ann}, {"uri", uri}});
    call_control("process", {});
    const auto t = kith::test::run(io, account->fetch_thread(in.all<message_seen>().front().what));
    ASSERT_TRUE(t.has_value()) << t.error().what;
    EXPECT_FALSE(t->may_reply);
}

TEST_F(bluesky_real, nothing_is_missed_over_a_restart) {
    start_fresh();
    const std::string first = mention("one");
    ASSERT_TRUE(comes_true([&] { return in.times(first) == 1; }));
    stop();
    const std::string second = mention("two");
    const std::string third = mention("three");
    call_control("delete", {{"handle", ann}, {"uri", third}});
    collecting_inbox before = std::exchange(in, {});
    start(before.last);
    ASSERT_TRUE(comes_true([&] { return in.times(second) > 0 && !in.all<message_deleted>().empty(); }));
    const std::string fourth = mention("four");
    ASSERT_TRUE(comes_true([&] { return in.times(fourth) > 0; }));
    let_both_streams_speak();
    EXPECT_EQ(in.times(second), 1U);
    EXPECT_EQ(in.times(fourth), 1U);
    EXPECT_EQ(in.all<message_deleted>().front().native_id, third);
    EXPECT_TRUE(in.all<gap_noted>().empty());
}

TEST_F(bluesky_real, the_stream_is_resumed_after_the_server_was_gone) {
    start_fresh();
    const std::string first = mention("one");
    ASSERT_TRUE(comes_true([&] { return in.times(first) == 1; }));
    call_control("pds/stop", {});
    ASSERT_TRUE(comes_true([&] { return ended.has_value(); }, 20s));
    EXPECT_EQ(ended->kind, errc::transient) << ended->what;
    call_control("pds/start", {});
    stop();
    const std::string second = mention("two");
    start(in.last);
    ASSERT_TRUE(comes_true([&] { return in.times(second) == 1; }));
    EXPECT_TRUE(in.all<gap_noted>().empty());
}

TEST_F(bluesky_real, an_expired_token_is_replaced_in_passing) {
    start_fresh();
    const std::string uri = mention("how do I reset my password?");
    ASSERT_TRUE(comes_true([&] { return in.times(uri) == 1; }));
    stop();
    approved_reply r = answer_to(in.all<message_seen>().front().what, "Like this.");
    const idempotency_key key{"abcdefghijklmnopqrstuvwxyz"};
    r.prepared = kith::test::run(io, account->prepare(r, key))->bytes;
    wire->token_instead = text_at(call_control("token", {{"handle", us}, {"kind", "expired"}}), "accessJwt");
    ASSERT_FALSE(wire->token_instead.empty());
    wire->urls.clear();
    const auto sent = kith::test::run(io, account->deliver(r, key));
    ASSERT_TRUE(sent.has_value()) << sent.error().what;
    ASSERT_EQ(wire->urls.size(), 3U);
    EXPECT_TRUE(wire->urls[1].ends_with("refreshSession"));
    EXPECT_EQ(posts_of_us(), 1U);
}

TEST_F(bluesky_real, a_number_from_the_future_becomes_a_gap) {
    start_fresh();
    stop();
    cursor ahead = in.last;
    auto p = position::read(ahead, "ws" + pds.substr(4));
    p.seq = 1'000'000'000;
    start(p.text());
    ASSERT_TRUE(comes_true([&] { return ended.has_value(); }));
    EXPECT_NE(ended->what.find("FutureCursor"), std::string::npos) << ended->what;
    stop();
    start(in.last);
    ASSERT_TRUE(comes_true([&] { return in.all<gap_noted>().size() == 1; }));
    const std::string uri = mention("still there?");
    EXPECT_TRUE(comes_true([&] { return in.times(uri) == 1; }));
}

TEST_F(bluesky_real, a_wrong_password_stops_the_account) {
    account = make_link("nonsense");
    const error end = kith::test::run(io, account->run("", in));
    EXPECT_EQ(end.kind, errc::unauthorised) << end.what;
    EXPECT_TRUE(in.events.empty());
}

}  // namespace
}  // namespace kith::bluesky
