#include "daemon/async/pool_call.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace kith {

namespace {

awaitable<void> called(std::function<void()> work) {
    work();
    co_return;
}

}  // namespace

awaitable<void> run_on(asio::thread_pool& pool, std::function<void()> work) {
    auto started = called(std::move(work));
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    co_await asio::co_spawn(pool, std::move(started), std::move(token));
}

}  // namespace kith
