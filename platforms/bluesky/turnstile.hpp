/// One coroutine at a time, in the order in which they came. For work that awaits halfway.
#pragma once

#include "daemon/async/awaitable.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace kith::bluesky {

/// Lives on one executor and outlives its passes.
class turnstile {
 public:
    explicit turnstile(asio::any_io_executor executor) : bell_(std::move(executor)) {
        bell_.expires_at(asio::steady_timer::time_point::max());
    }

    /// The right to be inside, until it is destroyed.
    class pass {
     public:
        explicit pass(turnstile& of) : of_(&of) {}
        pass(pass&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        pass& operator=(pass&&) = delete;
        ~pass() {
            if (of_ == nullptr) return;
            of_->taken_ = false;
            of_->bell_.cancel_one();
        }

     private:
        turnstile* of_;
    };

    awaitable<pass> enter() {
        while (taken_) co_await bell_.async_wait(as_tuple);  // never expires: rung by whoever leaves
        taken_ = true;
        co_return pass(*this);
    }

 private:
    asio::steady_timer bell_;
    bool taken_ = false;
};

}  // namespace kith::bluesky
