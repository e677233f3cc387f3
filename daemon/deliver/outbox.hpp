/// Sends what people approved: exactly that, once.
///
/// 1. The thread is fetched again. If anything that the approval binds has changed, nothing is sent and the
/// suggestion goes
///    back to the queue. 2. The intent, with every byte of the request, is on disk before the call. 3. An
///    attempt without an outcome (a crash, a time-out) may have been posted: it is looked up, and repeated
///    only where the platform makes a repetition harmless; where nobody can know, a person is asked.
#pragma once

#include "daemon/ingest/account.hpp"
#include "daemon/rulebook.hpp"

namespace kith {

class outbox {
 public:
    outbox(account& a, store& s, live& l, const rulebook& r, const house_facts& house);

    /// Runs until `stop`, and then until the reply under way has its outcome; or until cancelled, which
    /// leaves the attempt's outcome to be looked up at the next start.
    awaitable<void> run();

    /// No further sends.
    void stop();

 private:
    awaitable<void> handle(delivery d);
    /// Whether an attempt without an outcome still has none, and the delivery may go on.
    awaitable<bool> look_for(const delivery& d);
    /// Nothing if the approval no longer holds: the delivery was given back, withdrawn or postponed.
    /// Otherwise the caps that it is under.
    awaitable<std::optional<std::vector<room>>> still_approved(const delivery& d);
    awaitable<void> wait_for(const delivery& d, const verdict& v);
    awaitable<std::optional<prepared_reply>> prepared(const delivery& d);
    awaitable<void> attempt(const delivery& d, prepared_reply p, std::vector<room> under);

    awaitable<void> end(const delivery& d, outcome o);
    awaitable<void> failed(const delivery& d, const error& why);
    awaitable<void> later(const delivery& d, error why);

    account& account_;
    store& store_;
    live& live_;
    const rulebook& rules_;
    const house_facts& house_;
    bool stopping_ = false;
};

}  // namespace kith
