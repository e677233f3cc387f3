#include "daemon/ingest/account.hpp"

#include "daemon/async/backoff.hpp"
#include "daemon/async/first_of.hpp"
#include "daemon/async/sleep.hpp"

#include <spdlog/spdlog.h>

#include <random>

namespace kith {

namespace {

awaitable<void> move_to(account& a, store& kept, link_state s, std::string detail) {
    // The same trouble is told once, not at every attempt.
    if (a.detail != detail && !detail.empty()) {
        if (s == link_state::stopped)
            spdlog::error("{}: stopped: {}", a.config.id, detail);
        else
            spdlog::warn("{}: {}", a.config.id, detail);
    }
    const bool first = a.since == timestamp{};
    a.state = s;
    a.since = now();
    a.detail = std::move(detail);
    if (a.changed) a.changed();
    // A picture of the past must not keep a link from its work.
    std::string why;
    if (s != link_state::running) why = a.detail;
    const auto noted = co_await kept.stats().note_state(a.config.id, std::string(to_string(s)),
                                                        std::move(why), a.since, !first);
    if (noted.has_error()) spdlog::warn("{}: its state is not kept: {}", a.config.id, noted.error().what);
}

awaitable<void> run_link(account& a, std::string from, error& why) {
    why = co_await a.platform->run(std::move(from), *a.inbox);
}

awaitable<void> until_reconnect(account& a, bool& wanted) {
    co_await a.to_reconnect.wait(std::chrono::hours{24 * 365 * 100});
    co_await sleep_for(std::chrono::milliseconds{0});  // throws where the wait ended by a cancellation
    wanted = true;
}

/// A link that held this long was a good one: the next failure starts with a short wait again.
constexpr std::chrono::minutes good_link{2};

}  // namespace

std::string_view to_string(link_state s) noexcept {
    switch (s) {
        case link_state::starting:
            return "starting";
        case link_state::running:
            return "running";
        case link_state::waiting:
            return "waiting";
        case link_state::stopped:
            return "stopped";
    }
    return "stopped";
}

std::string account::trouble(timestamp at) const {
    const auto heard = inbox ? inbox->last_event_at() : std::nullopt;
    const bool holds = state == link_state::running && (at - since >= good_link || (heard && *heard > since));
    return holds ? std::string() : detail;
}

awaitable<void> keep_running(account& a, store& s) {
    backoff wait(std::chrono::seconds{1}, std::chrono::minutes{10}, std::random_device{}());
    for (;;) {
        const auto memory = co_await s.remembered(a.config.id);
        error why;
        bool anew = false;
        const auto started = std::chrono::steady_clock::now();
        if (memory.has_error()) {
            why = memory.error();
        } else {
            co_await move_to(a, s, link_state::running, a.detail);
            spdlog::info("{}: connecting to {}", a.config.id, a.config.platform);
            auto link = run_link(a, memory->cursor, why);
            auto ring = until_reconnect(a, anew);
            co_await first_of(std::move(link), std::move(ring));
        }
        if (anew) {
            wait.reset();
            continue;
        }
        if (why.kind == errc::canceled) co_return;
        if (why.kind == errc::unauthorised) {
            co_await move_to(a, s, link_state::stopped, why.what);
            co_await a.to_reconnect.wait(std::chrono::hours{24 * 365 * 100});
            continue;
        }
        if (std::chrono::steady_clock::now() - started > good_link) wait.reset();
        std::chrono::steady_clock::duration pause = wait.next();
        if (why.retry_at && *why.retry_at > now())
            pause = std::max(pause, std::chrono::steady_clock::duration(*why.retry_at - now()));
        co_await move_to(a, s, link_state::waiting, why.what);
        co_await a.to_reconnect.wait(pause);
    }
}

awaitable<void> keep_telling_states(const std::deque<account>& all, store& s) {
    std::vector<std::string> ids;
    for (const auto& a : all) ids.push_back(a.config.id);
    for (;;) {
        co_await sleep_for(std::chrono::minutes{1});
        const auto told = co_await s.stats().still(ids, now());
        if (told.has_error()) spdlog::warn("the accounts' states are not kept: {}", told.error().what);
    }
}

}  // namespace kith
