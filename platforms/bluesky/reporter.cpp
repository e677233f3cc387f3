#include "platforms/bluesky/reporter.hpp"

namespace kith::bluesky {

void reporter::note_gap(timestamp from, timestamp to, std::string cause) {
    if (to < from) to = from;
    auto* last = waiting_.empty() ? nullptr : std::get_if<gap_noted>(&waiting_.back());
    if (last != nullptr && last->cause == cause) {
        last->from = std::min(last->from, from);
        last->to = std::max(last->to, to);
        return;
    }
    waiting_.emplace_back(gap_noted{from, to, std::move(cause)});
}

awaitable<result<void>> reporter::flush() {
    const auto inside = co_await turn_.enter();
    if (broken_) co_return *broken_;
    batch b;
    b.next = where_.text();
    if (waiting_.empty() && b.next == stored_) co_return result<void>();
    b.events = std::exchange(waiting_, {});
    const cursor next = b.next;
    // Until it is known to be stored: if this ends by an exception, no later flush may move the cursor past
    // it.
    broken_ = fail(errc::transient, "an earlier batch was not stored");
    auto stored = co_await to_.accept(std::move(b));
    if (stored.has_error()) {
        broken_ = stored.error();
    } else {
        broken_.reset();
        stored_ = next;
    }
    co_return stored;
}

}  // namespace kith::bluesky
