/// Pages that cannot keep up, and those whose person has gone.
#include "daemon/console/event_feed.hpp"

#include "daemon/async/task_group.hpp"
#include "tests/store/fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace kith::console {
namespace {

/// A page that takes a frame only when the test lets it.
class slow_page final : public net::websocket {
 public:
    explicit slow_page(const asio::any_io_executor& executor) : taken_(executor), over_(executor) {}
    awaitable<result<net::frame>> read() override {
        co_await over_.wait(std::chrono::hours{1});
        co_return fail(errc::transient, "gone");
    }
    awaitable<result<void>> write(std::string text) override {
        frames.push_back(std::move(text));
        if (holds) co_await taken_.wait(std::chrono::hours{1});
        co_return result<void>();
    }
    awaitable<void> close(net::close_code code, std::string) override {
        closed = code;
        co_return;
    }
    void abort() noexcept override {}
    void take() {
        holds = false;
        taken_.ring();
    }

    std::vector<std::string> frames;
    std::optional<net::close_code> closed;
    bool holds = false;

 private:
    bell taken_, over_;
};

class event_feed_of_pages : public kith::test::store_fixture {
 public:
    void SetUp() override {
        store_fixture::SetUp();
        feed.emplace(io_.get_executor(), *store_, live_, claims_);
    }
    void TearDown() override {
        feed.reset();
        store_fixture::TearDown();
    }
    std::size_t told() const {
        std::size_t n = 0;
        for (const auto& f : page.frames) n += boost::json::parse(f).as_array().size();
        return n;
    }
    /// One page from its beginning to its end, while `body` runs beside it.
    template <class Body>
    void with_page(Body body, event_feed::who_is_it who) {
        task_group beside(io_.get_executor(),
                          [](std::string_view, std::string_view what) { FAIL() << what; });
        bool ended = false;
        beside.spawn("page", serve(*this, who, ended));
        beside.spawn("body", body(*this));
        for (int i = 0; i < 10'000 && !(ended && beside.size() == 0); ++i) {
            io_.restart();
            if (io_.poll() == 0) io_.run_one_for(std::chrono::milliseconds{10});
        }
        EXPECT_TRUE(ended) << "the page was served for ever";
        beside.emit();
        io_.restart();
        io_.poll();
    }
    static awaitable<void> serve(event_feed_of_pages& t, event_feed::who_is_it who, bool& ended) {
        co_await t.feed->serve(t.page, std::move(who), t.boot, t.after);
        ended = true;
    }

    kith::live live_;
    kith::claims claims_;
    std::optional<event_feed> feed;
    slow_page page{io_.get_executor()};
    bool signed_in = true;
    std::string boot;
    std::uint64_t after = 0;
};

identity ann() {
    return {1, "Ann", "ann", role::approver, {"support"}, {}};
}

awaitable<void> fall_behind(event_feed_of_pages& t);
awaitable<void> sign_out(event_feed_of_pages& t);
awaitable<void> hear_of_others(event_feed_of_pages& t);

TEST_F(event_feed_of_pages, lets_go_of_one_that_falls_too_far_behind) {
    with_page([](auto& t) { return fall_behind(t); }, [] { return std::optional(ann()); });
    EXPECT_EQ(page.closed, net::close_code::try_again_later);
    EXPECT_EQ(page.frames.size(), 2U) << "what waits for a page is not kept for it";
}

TEST_F(event_feed_of_pages, ends_at_once_with_the_session) {
    with_page([](auto& t) { return sign_out(t); },
              [this] { return signed_in ? std::optional(ann()) : std::nullopt; });
    EXPECT_EQ(page.closed, net::close_code::session_over);
    EXPECT_EQ(told(), 1U) << "nothing after the greeting";
}

TEST_F(event_feed_of_pages, begins_anew_with_a_page_that_comes_back_too_far_behind) {
    const auto come_and_go = [this] {
        signed_in = true;
        page.frames.clear();
        page.closed.reset();
        with_page([](auto& t) { return sign_out(t); },
                  [this] { return signed_in ? std::optional(ann()) : std::nullopt; });
        return boost::json::parse(page.frames.at(0)).as_array().at(0).as_object();
    };
    const auto hello = come_and_go();
    boot = std::string(hello.at("boot").as_string());
    after = hello.at("seq").to_number<std::uint64_t>();
    EXPECT_TRUE(come_and_go().at("resumed").as_bool());
    for (int i = 0; i < 2'500; ++i) feed->tell_status();
    EXPECT_FALSE(come_and_go().at("resumed").as_bool()) << "though all of it is kept still";
    EXPECT_EQ(page.closed, net::close_code::session_over) << "it was not sent away as too slow";
}

TEST_F(event_feed_of_pages, tells_nothing_of_departments_that_one_may_not_see) {
    with_page([](auto& t) { return hear_of_others(t); },
              [this] { return signed_in ? std::optional(ann()) : std::nullopt; });
    std::string all;
    for (const auto& f : page.frames) all += f;
    EXPECT_EQ(all.find("\"id\":1,"), std::string::npos) << all;
    EXPECT_NE(all.find("\"id\":2,"), std::string::npos) << all;
}

/// Lets everything run that can.
awaitable<void> pause(event_feed_of_pages&) {
    constexpr int rounds = 100;
    for (int i = 0; i < rounds; ++i) co_await asio::post(asio::use_awaitable);
}

awaitable<void> fall_behind(event_feed_of_pages& t) {
    co_await pause(t);
    t.page.holds = true;
    t.feed->tell_status();
    co_await pause(t);
    for (int i = 0; i < 2'001; ++i) t.feed->tell_status();
    co_await pause(t);
    t.page.take();
}

awaitable<void> sign_out(event_feed_of_pages& t) {
    co_await pause(t);
    t.signed_in = false;
    t.feed->tell_status();
    t.feed->look_again();
    co_await pause(t);
}

awaitable<void> hear_of_others(event_feed_of_pages& t) {
    co_await pause(t);
    t.feed->tell_question(1, "sales", "acc");
    t.feed->tell_question(2, "support", "acc");
    co_await pause(t);
    t.signed_in = false;
    t.feed->look_again();
}

}  // namespace
}  // namespace kith::console
