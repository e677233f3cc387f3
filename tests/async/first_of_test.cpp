#include "daemon/async/first_of.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

using namespace std::chrono_literals;

struct mark_end {
    bool& ended;
    ~mark_end() { ended = true; }
};

awaitable<void> long_loop(bool& ended) {
    const mark_end at_end{ended};
    for (;;) co_await sleep_for(1h);
}
awaitable<void> short_loop() {
    co_await sleep_for(1ms);
}
awaitable<void> broken_loop() {
    co_await sleep_for(1ms);
    throw std::runtime_error("broken");
}

TEST(first_of, ends_the_other_before_it_completes) {
    asio::io_context io;
    bool ended = false;
    test::run(io, first_of(long_loop(ended), short_loop()));
    EXPECT_TRUE(ended);
}

TEST(first_of, throws_what_broke) {
    asio::io_context io;
    bool ended = false;
    EXPECT_THROW(test::run(io, first_of(broken_loop(), long_loop(ended))), std::runtime_error);
    EXPECT_TRUE(ended);
}

TEST(first_of, is_cancelled_with_both_and_leaves_its_caller_cancellable) {
    asio::io_context io;
    bool first = false, second = false;
    task_group group(io.get_executor(), [](auto, auto what) { ADD_FAILURE() << what; });
    const auto body = [&]() -> awaitable<void> {
        bool ended = false;
        auto a = long_loop(ended);
        auto b = short_loop();
        co_await first_of(std::move(a), std::move(b));
        auto c = long_loop(first);
        auto d = long_loop(second);
        co_await first_of(std::move(c), std::move(d));
    };
    group.spawn("body", body());
    io.run_for(50ms);
    EXPECT_FALSE(first);
    group.emit();
    test::run(io, group.wait());
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
}

}  // namespace
}  // namespace kith
