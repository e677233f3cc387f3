#include "daemon/judging.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/canaries.hpp"
#include "daemon/decide.hpp"
#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

constexpr std::size_t at_once = 64;
constexpr std::chrono::milliseconds idle{500};  ///< how soon something put off is found again

/// The longer it has not worked, the longer until the next try: a second at first, a minute at most.
timestamp next_try(const stored_message& m) {
    const auto age = now() - m.received_at;
    return now() +
           std::clamp<timestamp::duration>(age / 4, std::chrono::milliseconds{250}, std::chrono::minutes{1});
}

/// This message may have moved the threads of earlier ones on which somebody is just deciding. Only a
/// courtesy: the look right before each send is what counts, so a thread that cannot be had now is left as it
/// was.
awaitable<result<void>> rebind_others(account& a, store& s, live& l, std::int64_t message_id) {
    const auto others = co_await s.open_beside(message_id);
    if (others.has_error()) co_return others.error();
    for (const auto& other : *others) {
        const auto target = co_await s.find_message(other.message_id);
        if (target.has_error()) continue;
        const auto thread = co_await a.platform->fetch_thread(target->what);
        if (thread.has_error() || thread->tail == other.basis.thread_tail) continue;
        const auto changes = co_await s.rebind(other.id, thread->tail, lines_of(*thread));
        if (changes.has_value()) l.tell(*changes);
    }
    co_return result<void>();
}

awaitable<result<void>> judge_one(account& a, store& s, live& l, const rulebook& r,
                                  const std::string& house_language, const canary_chance& c,
                                  stored_message m) {
    auto thread = co_await a.platform->fetch_thread(m.what);
    if (thread.has_error()) {
        spdlog::debug("{}: message {}: no thread yet: {}", a.config.id, m.id, thread.error().what);
        co_return co_await s.put_off(m.id, next_try(m));
    }
    const auto current = r.current();
    const decide_input in{*current,       m,    *thread, a.config.platform, a.platform->supports().length,
                          house_language, now()};
    auto made = decide(in);
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.trace = std::move(made.trace);
    j.suggestions = std::move(made.suggestions);
    if (!j.suggestions.empty()) j.canary = draft_canary(in, j.suggestions.front(), c.rate, c.seed);
    kill_point("judge.before_store");
    auto changes = co_await s.judge(std::move(j));
    if (changes.has_error()) co_return changes.error();
    l.tell(*changes);
    co_return co_await rebind_others(a, s, l, m.id);
}

}  // namespace

awaitable<void> keep_judging(account& a, store& s, live& l, const rulebook& r, std::string house_language,
                             canary_chance c) {
    for (;;) {
        const auto waiting = co_await s.unjudged(a.config.id, now(), at_once);
        if (waiting.has_error()) {
            spdlog::error("{}: {}", a.config.id, waiting.error().what);
            co_await sleep_for(std::chrono::seconds{1});
            continue;
        }
        for (const auto& m : *waiting) {
            const auto done = co_await judge_one(a, s, l, r, house_language, c, m);
            if (done.has_error()) spdlog::error("{}: message {}: {}", a.config.id, m.id, done.error().what);
            if (done.has_error()) co_await sleep_for(std::chrono::seconds{1});
        }
        if (waiting->empty()) co_await a.to_judge.wait(idle);
    }
}

}  // namespace kith
