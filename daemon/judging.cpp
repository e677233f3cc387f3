#include "daemon/judging.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/canaries.hpp"
#include "daemon/decide.hpp"
#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

constexpr std::size_t at_once = 64;
/// Beside each other: while one waits for its thread or for the disk, others go on; those that wait for the
/// disk together share a commit.
constexpr std::size_t side_by_side = 16;
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
awaitable<result<void>> rebind_others(account& a, store& s, live& l, const rulebook& r,
                                      const house_facts& house, std::int64_t message_id) {
    const auto others = co_await s.open_beside(message_id);
    if (others.has_error()) co_return others.error();
    for (const auto& other : *others) {
        const auto target = co_await s.find_message(other.message_id);
        if (target.has_error()) continue;
        const auto thread = co_await a.platform->fetch_thread(target->what);
        if (thread.has_error() || thread->tail == other.basis.thread_tail) continue;
        const auto current = r.current();
        const auto packs = r.packs();
        const auto at = now();
        const auto standing = co_await s.standing(target->id, other.id, packs->wanted, at);
        if (standing.has_error()) continue;
        const decide_input in{
            *current, *target, *thread, a.config.platform, a.platform->supports().length, *packs, *standing,
            house,    a.label, at,      other.purpose};
        const reply_said said{other.basis.text, other.kind, other.basis.playbook, other.department};
        const auto v = verdict_on(in, said);
        const auto changes = co_await s.rebind(other.id, thread->tail, lines_of(*thread), v.until);
        if (changes.has_value()) l.tell(*changes);
    }
    co_return result<void>();
}

awaitable<result<void>> judge_one(account& a, store& s, live& l, const rulebook& r, const house_facts& house,
                                  const canary_chance& c, stored_message m) {
    auto thread = co_await a.platform->fetch_thread(m.what);
    if (thread.has_error()) {
        spdlog::debug("{}: message {}: no thread yet: {}", a.config.id, m.id, thread.error().what);
        co_return co_await s.put_off(m.id, next_try(m));
    }
    const auto current = r.current();
    const auto packs = r.packs();
    if (a.label == automation_label::not_asked && asks_for_label(*packs, a.config.platform))
        co_return co_await s.put_off(m.id, next_try(m));  // the platform is about to say
    const auto at = now();
    const auto standing = co_await s.standing(m.id, 0, packs->wanted, at);
    if (standing.has_error()) co_return standing.error();
    const decide_input in{*current, m,         *thread, a.config.platform, a.platform->supports().length,
                          *packs,   *standing, house,   a.label,           at};
    auto made = decide(in);
    judged_message j;
    j.message_id = m.id;
    j.revision = m.what.revision;
    j.again_with = made.again_with;
    j.trace = std::move(made.trace);
    j.suggestions = std::move(made.suggestions);
    if (!j.suggestions.empty()) j.canary = draft_canary(in, j.suggestions.front(), c.rate, c.seed);
    kill_point("judge.before_store");
    auto changes = co_await s.judge(std::move(j));
    if (changes.has_error()) co_return changes.error();
    l.tell(*changes);
    co_return co_await rebind_others(a, s, l, r, house, m.id);
}

}  // namespace

bool asks_for_label(const pack_set& packs, std::string_view platform) {
    for (const auto name : {std::string_view("house"), platform}) {
        const auto p = packs.packs.find(name);
        if (p == packs.packs.end()) continue;
        for (const auto& r : p->second.rules)
            if (std::holds_alternative<rules::automation_label>(r.kind)) return true;
    }
    return false;
}

awaitable<void> keep_asking_for_the_label(account& a, store& s, live& l) {
    constexpr std::chrono::hours often{1};
    for (auto wait = std::chrono::seconds{1};;) {
        const auto said = co_await a.platform->profile();
        if (said.has_error()) {
            spdlog::debug("{}: no word on its label: {}", a.config.id, said.error().what);
            co_await sleep_for(wait);
            wait = std::min<std::chrono::seconds>(wait * 2, std::chrono::minutes{5});
            continue;
        }
        const bool mended = a.label != *said;
        a.label = *said;
        if (mended) {
            const auto changes = co_await s.judge_again(a.config.id, "label");
            if (changes.has_value()) l.tell(*changes);
            a.to_judge.ring();
        }
        wait = std::chrono::seconds{1};
        co_await sleep_for(often);
    }
}

namespace {

/// The word of the packs in force on a suggestion that others were asked about.
awaitable<result<void>> rejudge(account& a, store& s, live& l, const rulebook& r, const house_facts& house,
                                const suggestion& about) {
    const auto m = co_await s.find_message(about.message_id);
    if (m.has_error()) co_return m.error();
    const auto thread = co_await a.platform->fetch_thread(m->what);
    if (thread.has_error()) co_return thread.error();
    const auto current = r.current();
    const auto packs = r.packs();
    const auto at = now();
    const auto standing = co_await s.standing(m->id, about.id, packs->wanted, at);
    if (standing.has_error()) co_return standing.error();
    const decide_input in{*current,     *m,        *thread, a.config.platform, a.platform->supports().length,
                          *packs,       *standing, house,   a.label,           at,
                          about.purpose};
    verdict v;
    basis_now(in, about.basis, about.kind, about.department, v);
    if (v.digest() == about.basis.verdict) co_return result<void>();
    const auto changes = co_await s.rejudge(about.id, about.version, std::move(v));
    if (changes.has_error()) co_return changes.error();
    l.tell(*changes);
    co_return result<void>();
}

}  // namespace

awaitable<void> judge_again_with_packs(account& a, store& s, live& l, const rulebook& r,
                                       const house_facts& house) {
    const auto packs = r.packs();
    for (const auto name : {std::string_view("house"), std::string_view(a.config.platform)})
        if (!packs->trouble(name, now()).empty()) co_return;
    const auto changes = co_await s.judge_again(a.config.id, "packs");
    if (changes.has_error()) {
        spdlog::error("{}: {}", a.config.id, changes.error().what);
        co_return;
    }
    l.tell(*changes);
    a.to_judge.ring();
    suggestion_filter open;
    open.states = {suggestion_state::open};
    open.most = 10'000;
    const auto waiting = co_await s.suggestions(open);
    if (waiting.has_error()) co_return;
    for (const auto& each : *waiting) {  // a courtesy: the look right before each send is what counts
        if (each.basis.account != a.config.id) continue;
        const auto done = co_await rejudge(a, s, l, r, house, each);
        if (done.has_error()) spdlog::debug("{}: suggestion {}: {}", a.config.id, each.id, done.error().what);
    }
}

namespace {

awaitable<void> judge_next(account& a, store& s, live& l, const rulebook& r, const house_facts& house,
                           canary_chance c, stored_message m) {
    const auto id = m.id;
    const auto done = co_await judge_one(a, s, l, r, house, c, std::move(m));
    if (done.has_value()) co_return;
    spdlog::error("{}: message {}: {}", a.config.id, id, done.error().what);
    co_await sleep_for(std::chrono::seconds{1});
}

}  // namespace

awaitable<void> keep_judging(account& a, store& s, live& l, const rulebook& r, const house_facts& house,
                             canary_chance c) {
    std::string wrong;  // with one of those beside each other: a bug, and the daemon ends by it
    task_group some(co_await asio::this_coro::executor,
                    [&wrong](std::string_view, std::string_view what) { wrong = what; });
    for (;;) {
        const auto waiting = co_await s.unjudged(a.config.id, now(), at_once);
        if (waiting.has_error()) {
            spdlog::error("{}: {}", a.config.id, waiting.error().what);
            co_await sleep_for(std::chrono::seconds{1});
            continue;
        }
        for (const auto& m : *waiting) {
            some.spawn("message " + std::to_string(m.id), judge_next(a, s, l, r, house, c, m));
            if (some.size() == side_by_side) co_await some.wait();
        }
        co_await some.wait();
        if (!wrong.empty()) throw std::runtime_error(wrong);
        if (waiting->empty()) co_await a.to_judge.wait(idle);
    }
}

}  // namespace kith
