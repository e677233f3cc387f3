#include "daemon/async/with_timeout.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace kith {
namespace {

using namespace std::chrono_literals;

awaitable<int> number_after(std::chrono::milliseconds t) {
    co_await sleep_for(t);
    co_return 42;
}

awaitable<result<int>> refused_after(std::chrono::milliseconds t) {
    co_await sleep_for(t);
    co_return fail(errc::refused, "no");
}

awaitable<void> throws() {
    co_await sleep_for(1ms);
    throw std::logic_error("a bug");
}

/// Does not heed the cancellation, and says what it knows.
awaitable<result<int>> stubborn() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await sleep_for(20ms);
    co_return fail(errc::unknown, "half of it was sent");
}

TEST(with_timeout, gives_the_value_of_a_task_that_ends_in_time) {
    asio::io_context io{1};
    const auto r = test::run(io, with_timeout(number_after(1ms), 5s));
    ASSERT_FALSE(r.has_error());
    EXPECT_EQ(r.value(), 42);
}

TEST(with_timeout, is_transient_when_the_time_is_up) {
    asio::io_context io{1};
    const auto r = test::run(io, with_timeout(number_after(1h), 5ms));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::transient);
    EXPECT_EQ(r.error().what, "timed out after 5 ms");
}

TEST(with_timeout, does_not_wrap_a_result_in_a_result) {
    asio::io_context io{1};
    const result<int> r = test::run(io, with_timeout(refused_after(1ms), 5s));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::refused);
}

TEST(with_timeout, keeps_what_a_task_says_of_itself_after_the_time_was_up) {
    asio::io_context io{1};
    const auto r = test::run(io, with_timeout(stubborn(), 2ms));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::unknown);
}

TEST(with_timeout, lets_exceptions_pass) {
    asio::io_context io{1};
    EXPECT_THROW(test::run(io, with_timeout(throws(), 5s)), std::logic_error);
}

TEST(with_timeout, takes_a_task_without_a_value) {
    asio::io_context io{1};
    const result<void> in_time = test::run(io, with_timeout(sleep_for(1ms), 5s));
    const result<void> late = test::run(io, with_timeout(sleep_for(1h), 2ms));
    EXPECT_FALSE(in_time.has_error());
    EXPECT_TRUE(late.has_error());
}

awaitable<void> guarded(bool& went_on) {
    co_await with_timeout(sleep_for(1h), 1h);
    went_on = true;
}

TEST(with_timeout, passes_a_cancellation_on_to_the_task) {
    asio::io_context io{1};
    bool went_on = false;
    task_group group(io.get_executor(), nullptr);
    group.spawn("guarded", guarded(went_on));
    test::settle(io);
    group.emit();
    test::run(io, group.wait(), 2s);
    EXPECT_FALSE(went_on);
}

TEST(with_timeout, survives_that_its_executor_goes_meanwhile) {
    bool went_on = false;
    auto io = std::make_unique<asio::io_context>(1);
    auto group = std::make_unique<task_group>(io->get_executor(), nullptr);
    group->spawn("guarded", guarded(went_on));
    test::settle(*io);
    group.reset();
    io.reset();
    EXPECT_FALSE(went_on);
}

awaitable<void> stop_now(task_group& group) {
    group.emit();
    co_return;
}

awaitable<void> stop_within(task_group& group) {
    co_await with_timeout(stop_now(group), 1s);
}

TEST(with_timeout, a_task_may_cancel_the_one_who_waits_for_it) {
    asio::io_context io{1};
    task_group group(io.get_executor(), nullptr);
    group.spawn("stopper", stop_within(group));
    EXPECT_NO_THROW(test::run(io, group.wait()));
    EXPECT_EQ(group.size(), 0u);
}

awaitable<void> twice(int& n) {
    for (int i = 0; i < 200; ++i) {
        const auto r = co_await with_timeout(sleep_for(1ms), 1ms);
        static_cast<void>(r);
        ++n;
    }
}

TEST(with_timeout, survives_that_the_task_and_the_time_end_together) {
    asio::io_context io{1};
    int n = 0;
    test::run(io, twice(n));
    EXPECT_EQ(n, 200);
}

TEST(with_timeout, survives_a_cancellation_at_any_moment) {
    asio::io_context io{1};
    for (int i = 0; i < 60; ++i) {
        int n = 0;
        task_group group(io.get_executor(), nullptr);
        group.spawn("twice", twice(n));
        test::run(io, sleep_for(std::chrono::microseconds(i * 50)));
        group.emit();
        test::run(io, group.wait(), 2s);
        EXPECT_LT(n, 200);
    }
}

}  // namespace
}  // namespace kith
