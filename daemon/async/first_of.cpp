#include "daemon/async/first_of.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "daemon/async/bell.hpp"
#include "daemon/async/task_group.hpp"

namespace kith {

namespace {

struct ring_at_end {
    bell& b;
    ~ring_at_end() { b.ring(); }
};

awaitable<void> then_ring(awaitable<void> task, bell& over) {
    const ring_at_end at_end{over};
    co_await std::move(task);
}

}  // namespace

awaitable<void> first_of(awaitable<void> a, awaitable<void> b) {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::this_coro::throw_if_cancelled(false);
    std::string broken;
    bell over(executor);
    task_group both(executor, [&broken](std::string_view, std::string_view what) {
        if (broken.empty()) broken = what;
    });
    both.spawn("first", then_ring(std::move(a), over));
    both.spawn("second", then_ring(std::move(b), over));
    co_await over.wait(std::chrono::hours{24 * 365});
    const bool cancelled =
        (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    both.emit();
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await both.wait();
    co_await asio::this_coro::reset_cancellation_state();
    co_await asio::this_coro::throw_if_cancelled(true);
    if (!broken.empty()) throw std::runtime_error(broken);
    if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace kith
