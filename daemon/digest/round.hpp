/// Sends each department's digest when it is due, once.
#pragma once

#include "daemon/async/backoff.hpp"
#include "daemon/async/bell.hpp"
#include "daemon/digest/desk.hpp"
#include "daemon/digest/send.hpp"

namespace kith {

/// One department's digests. Lives on one executor.
class digest_round {
 public:
    using facts_source =
        std::function<awaitable<result<digest_facts>>(timestamp since, timestamp until, timestamp at)>;

    digest_round(asio::any_io_executor executor, std::string department, digest_config c, digest_store& marks,
                 digest_sender& sender, facts_source facts);

    /// Sends what is due at `at`, if anything; completes with the moment at which to look again. A failure is
    /// the store's.
    awaitable<result<timestamp>> step(timestamp at);

    /// Runs until `stop` or a cancellation. What is under way at a stop is noted before it ends.
    awaitable<void> run();
    void stop();

 private:
    awaitable<digest_outcome> attempt(const digest_line& due, timestamp at);

    std::string department_;
    digest_config config_;
    digest_store& marks_;
    digest_sender& sender_;
    facts_source facts_;
    backoff waits_;
    bell wake_;
    bool stopping_ = false;
};

/// What both a sending by the clock and one by hand call this digest.
std::string digest_key(const std::string& department, timestamp until);

/// Once a day, in the log: which answers are near or past their review day. The day it was last said is in
/// the store.
awaitable<void> keep_telling_owners(const department_desk& desk, kith::store& s);

}  // namespace kith
