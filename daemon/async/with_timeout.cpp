#include "daemon/async/with_timeout.hpp"

#include <boost/asio/post.hpp>

#include <string>

namespace kith::detail {

void start_deadline(asio::steady_timer& timer, std::shared_ptr<deadline> d) {
    timer.async_wait([d = std::move(d)](error_code ec) {
        if (ec || d->over) return;
        d->expired = true;
        d->emit(asio::cancellation_type::terminal);
    });
}

void forward_cancellation(asio::cancellation_slot from, asio::any_io_executor executor,
                          std::shared_ptr<deadline> d) {
    if (!from.is_connected()) return;
    from.assign([d = std::move(d), executor = std::move(executor)](asio::cancellation_type type) {
        // The task may end within `emit`, and this handler with it: so what follows needs copies.
        const auto keep = d;
        const auto ex = executor;
        keep->emit(type);
        // If the cancellation came from outside the executor's thread, Asio has queued a bare pointer into
        // the signal: so the signal stays until that was dealt with.
        asio::post(ex, [keep] {});
    });
}

error timed_out(std::chrono::steady_clock::duration limit) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return fail(errc::transient, "timed out after " + std::to_string(ms) + " ms");
}

}  // namespace kith::detail
