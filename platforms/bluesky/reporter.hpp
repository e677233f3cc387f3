/// What both streams have to say, on its way to the inbox: one batch at a time, each with the cursor that is
/// true once it is stored.
#pragma once

#include "platforms/bluesky/position.hpp"
#include "platforms/bluesky/turnstile.hpp"
#include "platforms/platform.hpp"

namespace kith::bluesky {

class reporter {
 public:
    reporter(asio::any_io_executor executor, inbox& to, position from)
        : to_(to), where_(std::move(from)), stored_(where_.text()), turn_(std::move(executor)) {}

    /// Moved by whoever read further, in the same breath as the events are noted that were read: no await
    /// between.
    position& where() noexcept { return where_; }

    void note(event e) { waiting_.push_back(std::move(e)); }
    /// Gaps of one cause that follow one another become one.
    void note_gap(timestamp from, timestamp to, std::string cause);

    std::size_t waiting() const noexcept { return waiting_.size(); }

    /// Hands over what is waiting, if anything is or the position moved. A failure is final for the run: what
    /// was handed over is not stored, and comes again with the next one.
    awaitable<result<void>> flush();

 private:
    inbox& to_;
    position where_;
    cursor stored_;
    std::vector<event> waiting_;
    turnstile turn_;
    std::optional<error> broken_;
};

}  // namespace kith::bluesky
