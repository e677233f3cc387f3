/// From what a platform reports to what is stored, once.
#pragma once

#include "daemon/async/bell.hpp"
#include "daemon/ingest/wish.hpp"
#include "daemon/queue/live.hpp"
#include "daemon/store/store.hpp"
#include "platforms/platform.hpp"

#include <functional>
#include <string>

namespace kith {

struct ingest_counts {
    std::uint64_t seen = 0, stored = 0, known = 0, unwanted = 0, gaps = 0, opted_out = 0;
};

/// One account's inbox: drops our own messages and the strangers' that no playbook wants, stores the rest
/// with the cursor, tells the next stage that there is work.
class ingest final : public inbox {
 public:
    /// `wanted` is asked about messages that are not to us.
    using wanted_check = std::function<bool(const std::string& account, const message&)>;

    /// `words` gives the lists in force; they say who asks us to stop. Null: nobody is heard.
    using words_in_force = std::function<std::shared_ptr<const word_lists>()>;

    /// `follows`: the platform's rules let us follow where contacts stand; else what only that needs is
    /// dropped here.
    ingest(std::string account, store& s, live& l, bell& work, wanted_check wanted, words_in_force words,
           bool follows = true);

    awaitable<result<void>> accept(batch b) override;

    const ingest_counts& counts() const noexcept { return counts_; }
    std::optional<timestamp> last_event_at() const noexcept { return last_event_at_; }

 private:
    std::string account_;
    store& store_;
    live& live_;
    bell& work_;
    wanted_check wanted_;
    words_in_force words_;
    bool follows_;
    ingest_counts counts_;
    std::optional<timestamp> last_event_at_;
};

}  // namespace kith
