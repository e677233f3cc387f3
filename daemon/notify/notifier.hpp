/// Tells one webhook what needs a person: each thing under one id, again with backoff until it is taken.
#pragma once

#include "daemon/async/bell.hpp"
#include "daemon/config/notify_config.hpp"
#include "daemon/ingest/account.hpp"
#include "daemon/net/http_client.hpp"
#include "daemon/queue/live.hpp"
#include "daemon/store/store.hpp"

#include <deque>

namespace kith {

/// After so many attempts nobody is there: the notification is given up, and says so in the log.
inline constexpr int most_notify_attempts = 12;

/// How long after the n-th attempt (from 1) the next one follows: 2 s, doubling, at most 15 minutes.
std::chrono::seconds notify_wait(int attempts) noexcept;

/// What an answer means: 2xx sent; 408, 429 and 5xx again; anything else refused for good. No answer: again,
/// since the id tells the receiver that it is the same.
notification_outcome notify_outcome(const notify_config& to, const result<net::client_response>& got,
                                    int attempts, timestamp at);

/// Lives on one executor; what it refers to outlives it.
class notifier {
 public:
    notifier(asio::any_io_executor executor, notify_config c, std::string console, kith::store& s,
             kith::live& news, const std::deque<account>& accounts, net::http_client& http);

    /// Notes what is new at `at`, and sends one thing that is due, if any. Says whether something was sent.
    awaitable<result<bool>> step(timestamp at);
    /// Runs until `stop` or a cancellation.
    awaitable<void> run();
    void stop();

 private:
    awaitable<result<void>> look(timestamp at);

    notify_config config_;
    notify_wish wish_;
    kith::store& store_;
    kith::live& news_;
    const std::deque<account>& accounts_;
    net::http_client& http_;
    bell wake_;
    bool stopping_ = false;
};

}  // namespace kith
