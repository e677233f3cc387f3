#include "daemon/async/task_group.hpp"

#include "daemon/async/sleep.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kith {
namespace {

using namespace std::chrono_literals;

awaitable<void> count_up(int& n) {
    co_await sleep_for(1ms);
    ++n;
}

awaitable<void> forever(int& ended) {
    struct at_end {
        int& n;
        ~at_end() { ++n; }
    };
    const at_end mark{ended};
    for (;;) co_await sleep_for(1h);
}

awaitable<void> fails() {
    co_await sleep_for(1ms);
    throw std::runtime_error("out of cheese");
}

struct task_group_test : testing::Test {
    asio::io_context io{1};
    std::vector<std::string> failures;
    task_group group{io.get_executor(), [this](std::string_view name, std::string_view what) {
                         failures.push_back(std::string(name) + ": " + std::string(what));
                     }};
};

TEST_F(task_group_test, waits_until_every_task_has_ended) {
    int n = 0;
    for (int i = 0; i < 10; ++i) group.spawn("counter", count_up(n));
    EXPECT_EQ(group.size(), 10u);
    test::run(io, group.wait());
    EXPECT_EQ(n, 10);
    EXPECT_EQ(group.size(), 0u);
}

TEST_F(task_group_test, waiting_for_nothing_completes_at_once) {
    EXPECT_NO_THROW(test::run(io, group.wait(), 1s));
}

TEST_F(task_group_test, a_terminal_cancellation_ends_all_tasks_and_is_no_failure) {
    int ended = 0;
    for (int i = 0; i < 5; ++i) group.spawn("sleeper", forever(ended));
    test::settle(io);
    EXPECT_EQ(ended, 0);
    group.emit();
    test::run(io, group.wait());
    EXPECT_EQ(ended, 5);
    EXPECT_TRUE(failures.empty());
}

TEST_F(task_group_test, a_task_cancelled_before_it_ever_ran_ends_too) {
    int ended = 0;
    group.spawn("sleeper", forever(ended));
    group.emit();
    test::run(io, group.wait());
    EXPECT_EQ(group.size(), 0u);
    EXPECT_TRUE(failures.empty());
}

TEST_F(task_group_test, tells_the_name_and_the_words_of_an_exception_and_the_others_go_on) {
    int n = 0;
    group.spawn("cook", fails());
    group.spawn("counter", count_up(n));
    test::run(io, group.wait());
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_EQ(failures[0], "cook: out of cheese");
    EXPECT_EQ(n, 1);
}

awaitable<void> stop_all(task_group& group) {
    co_await sleep_for(1ms);
    group.emit();
}

TEST_F(task_group_test, a_task_may_cancel_its_own_group) {
    int ended = 0;
    group.spawn("sleeper", forever(ended));
    group.spawn("stopper", stop_all(group));
    group.spawn("sleeper", forever(ended));
    test::run(io, group.wait());
    EXPECT_EQ(ended, 2);
}

TEST_F(task_group_test, a_cancellation_from_outside_may_come_when_the_task_is_about_to_end) {
    int n = 0;
    group.spawn("counter", count_up(n));
    // Time passes, but nobody has run the timer's handler yet: it is queued before the cancellation is.
    std::this_thread::sleep_for(5ms);
    io.restart();
    io.run_one();
    group.emit();
    test::run(io, group.wait());
    EXPECT_EQ(group.size(), 0u);
}

awaitable<void> stop_all_and_return(task_group& group) {
    group.emit();
    co_return;
}

awaitable<void> spawn_it(task_group& group) {
    group.spawn("stopper", stop_all_and_return(group));
    co_return;
}

TEST_F(task_group_test, a_task_may_cancel_its_own_group_and_end_without_a_wait) {
    group.spawn("from outside", stop_all_and_return(group));
    EXPECT_NO_THROW(test::run(io, group.wait()));
    group.spawn("from inside", spawn_it(group));
    EXPECT_NO_THROW(test::run(io, group.wait()));
    EXPECT_EQ(group.size(), 0u);
}

TEST_F(task_group_test, two_may_wait_for_the_same_group) {
    int n = 0;
    group.spawn("counter", count_up(n));
    task_group waiters(io.get_executor(), nullptr);
    waiters.spawn("first", group.wait());
    waiters.spawn("second", group.wait());
    test::run(io, waiters.wait());
    EXPECT_EQ(n, 1);
}

TEST(task_group, destroyed_early_cancels_what_still_runs) {
    asio::io_context io{1};
    int ended = 0;
    {
        task_group group(io.get_executor(), nullptr);
        group.spawn("sleeper", forever(ended));
        test::settle(io);
    }
    io.restart();
    io.run_for(1s);
    EXPECT_EQ(ended, 1);
}

TEST(task_group, survives_that_its_executor_goes_with_tasks_in_it) {
    int ended = 0;
    auto io = std::make_unique<asio::io_context>(1);
    auto group = std::make_unique<task_group>(io->get_executor(), nullptr);
    group->spawn("sleeper", forever(ended));
    test::settle(*io);
    group.reset();
    io.reset();
    EXPECT_EQ(ended, 1);
}

}  // namespace
}  // namespace kith
