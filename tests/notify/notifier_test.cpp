#include "daemon/notify/notifier.hpp"

#include "daemon/notify/signature.hpp"
#include "tests/store/fixture.hpp"

namespace kith::test {
namespace {

using namespace std::chrono_literals;

notify_config hook() {
    notify_config c;
    c.id = "ops";
    c.url = "https://hooks.example.com/secret-path";
    c.secret = "sesame";
    c.kinds = {"waiting"};
    c.waiting = 1h;
    return c;
}

result<net::client_response> answered(unsigned status) {
    net::client_response r;
    r.status = status;
    return r;
}

TEST(notification_signature, covers_the_moment_and_the_body) {
    // printf '1790000000.{}' | openssl dgst -sha256 -hmac sesame
    const auto at = from_micros(1'790'000'000'999'999);
    const auto s = notification_signature("sesame", at, "{}");
    EXPECT_EQ(s, "t=1790000000,v1=e0396b00f7f6978215f795b5b1f6284c547e9ae13cfefa572a16c007d14eb84d");
    EXPECT_NE(notification_signature("sesame", at + 1s, "{}").substr(13), s.substr(13));
    EXPECT_NE(notification_signature("other", at, "{}"), s);
}

TEST(notify_wait, doubles_up_to_a_quarter_of_an_hour) {
    EXPECT_EQ(notify_wait(1), 2s);
    EXPECT_EQ(notify_wait(2), 4s);
    EXPECT_EQ(notify_wait(9), 512s);
    EXPECT_EQ(notify_wait(10), 15min);
    EXPECT_EQ(notify_wait(1'000), 15min);
}

TEST(notify_outcome, tries_again_what_may_be_taken_later) {
    using kind = notification_outcome::kind;
    const auto at = from_micros(1'790'000'000'000'000);
    for (const unsigned status : {200U, 204U, 299U})
        EXPECT_EQ(notify_outcome(hook(), answered(status), 1, at).is, kind::sent) << status;
    for (const unsigned status : {500U, 503U, 408U, 429U}) {
        const auto o = notify_outcome(hook(), answered(status), 1, at);
        EXPECT_EQ(o.is, kind::again) << status;
        EXPECT_EQ(o.again_at, at + 2s);
    }
    for (const unsigned status : {300U, 302U, 400U, 404U, 410U})
        EXPECT_EQ(notify_outcome(hook(), answered(status), 1, at).is, kind::refused) << status;
    const result<net::client_response> silent = fail(errc::unknown, "no answer");
    EXPECT_EQ(notify_outcome(hook(), silent, 1, at).is, kind::again) << "its id tells that it is the same";
    EXPECT_EQ(notify_outcome(hook(), silent, most_notify_attempts - 1, at).is, kind::again);
    EXPECT_EQ(notify_outcome(hook(), silent, most_notify_attempts, at).is, kind::given_up);
}

TEST(notify_outcome, tells_only_the_host_of_a_webhook) {
    const auto o = notify_outcome(hook(), answered(404), 1, now());
    EXPECT_EQ(o.why, "the webhook https://hooks.example.com answered 404");
}

/// Answers as it is told, and keeps what it was sent.
class receiver final : public net::http_client {
 public:
    awaitable<result<net::client_response>> send(net::client_request r) override {
        seen.push_back(std::move(r));
        net::client_response out;
        out.status = answer;
        co_return out;
    }
    std::vector<net::client_request> seen;
    unsigned answer = 204;
};

class a_notifier : public store_fixture {
 protected:
    receiver receiver_;
    live live_;
    std::deque<account> accounts_;
};

TEST_F(a_notifier, sends_the_same_again_until_it_is_taken) {
    const auto id = suggest(receive("a"));
    const auto at = find(id).created_at + 1h;
    notifier n(io_.get_executor(), hook(), "http://kith/console", *store_, live_, accounts_, receiver_);
    EXPECT_FALSE(get(n.step(at - 1us)));
    receiver_.answer = 503;
    EXPECT_FALSE(get(n.step(at)));
    EXPECT_FALSE(get(n.step(at + 2s - 1us)));
    ASSERT_EQ(receiver_.seen.size(), 1U);
    receiver_.answer = 204;
    EXPECT_TRUE(get(n.step(at + 2s)));
    EXPECT_FALSE(get(n.step(at + 1h)));
    ASSERT_EQ(receiver_.seen.size(), 2U);
    const auto &first = receiver_.seen[0], &second = receiver_.seen[1];
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(first.headers.get("Kith-Notification"), second.headers.get("Kith-Notification"));
    EXPECT_EQ(second.headers.get("Kith-Signature"), notification_signature("sesame", at + 2s, second.body));
}

}  // namespace
}  // namespace kith::test
