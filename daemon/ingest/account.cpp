#include "daemon/ingest/account.hpp"

#include <spdlog/spdlog.h>

#include <random>

#include "daemon/async/backoff.hpp"
#include "daemon/async/sleep.hpp"

namespace kith {

namespace {

void move_to(account& a, link_state s, std::string detail) {
    // The same trouble is told once, not at every attempt.
    if (a.detail != detail && !detail.empty()) {
        if (s == link_state::stopped) spdlog::error("{}: stopped: {}", a.config.id, detail);
        else spdlog::warn("{}: {}", a.config.id, detail);
    }
    a.state = s;
    a.since = now();
    a.detail = std::move(detail);
}

/// A link that held this long was a good one: the next failure starts with a short wait again.
constexpr std::chrono::minutes good_link{2};

}  // namespace

std::string_view to_string(link_state s) noexcept {
    switch (s) {
        case link_state::starting: return "starting";
        case link_state::running: return "running";
        case link_state::waiting: return "waiting";
        case link_state::stopped: return "stopped";
    }
    return "stopped";
}

awaitable<void> keep_running(account& a, store& s) {
    backoff wait(std::chrono::seconds{1}, std::chrono::minutes{10}, std::random_device{}());
    for (;;) {
        const auto memory = co_await s.remembered(a.config.id);
        error why;
        const auto started = std::chrono::steady_clock::now();
        if (memory.has_error()) {
            why = memory.error();
        } else {
            a.state = link_state::running;
            a.since = now();
            spdlog::info("{}: connecting to {}", a.config.id, a.config.platform);
            why = co_await a.platform->run(memory->cursor, *a.inbox);
        }
        if (why.kind == errc::canceled) co_return;
        if (why.kind == errc::unauthorised) {
            move_to(a, link_state::stopped, why.what);
            co_return;
        }
        if (std::chrono::steady_clock::now() - started > good_link) wait.reset();
        std::chrono::steady_clock::duration pause = wait.next();
        if (why.retry_at && *why.retry_at > now()) pause = std::max(pause, std::chrono::steady_clock::duration(*why.retry_at - now()));
        move_to(a, link_state::waiting, why.what);
        co_await sleep_for(pause);
    }
}

}  // namespace kith
