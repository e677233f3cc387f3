#include "daemon/async/with_timeout.hpp"

#include <string>

namespace kith::detail {

void start_deadline(asio::steady_timer& timer, std::shared_ptr<deadline> d) {
    timer.async_wait([d = std::move(d)](error_code ec) {
        if (ec || d->over) return;
        d->expired = true;
        d->emit(asio::cancellation_type::terminal);
    });
}

void forward_cancellation(asio::cancellation_slot from, std::shared_ptr<deadline> d) {
    if (!from.is_connected()) return;
    from.assign([d = std::move(d)](asio::cancellation_type type) { d->emit(type); });
}

error timed_out(std::chrono::steady_clock::duration limit) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return fail(errc::transient, "timed out after " + std::to_string(ms) + " ms");
}

}  // namespace kith::detail
