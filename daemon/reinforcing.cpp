#include "daemon/reinforcing.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/decide.hpp"
#include "daemon/match/event.hpp"
#include "daemon/relations/occasions.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

constexpr std::size_t customers_at_once = 50;

/// What a round of looking needs; made anew for each.
struct round {
    std::deque<account>& accounts;
    store& kept;
    live& news;
    std::shared_ptr<const matcher> rules;
    std::shared_ptr<const pack_set> packs;
    const house_facts& house;
    occasion_limits limits;
    std::vector<fix> fixes;
    std::map<std::string, timestamp> answers_seen;
};

account* account_of(round& r, const std::string& id) {
    for (auto& a : r.accounts)
        if (a.config.id == id) return &a;
    return nullptr;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& w : words) out += (out.empty() ? "" : "; ") + w;
    return out;
}

/// Judged as every suggestion is; only what it is for is another thing.
proposed_occasion judged(const round& r, const account& a, const occasion& o, const stored_message& to,
                         const thread& t, const standing& on_record, std::int64_t contact) {
    const decide_input in{
        *r.rules, to,      t,     a.config.platform, a.platform->supports().length, *r.packs, on_record,
        r.house,  a.label, now(), purpose::occasion};
    const std::vector<match> found{match_of(*o.playbook, o.what)};
    auto made = decide(in, found);
    proposed_occasion out;
    out.contact = contact;
    out.key = o.key;
    out.playbook = o.playbook->id;
    out.event = to_string(o.playbook->event->is);
    out.message_id = to.id;
    out.revision = to.what.revision;
    out.trace = std::move(made.trace);
    for (auto& s : made.suggestions)
        if (s.kind != "offer") out.suggestions.push_back(std::move(s));
    if (out.suggestions.empty()) out.why = joined(made.obstacles);
    return out;
}

/// The first occasion that the policies allow. A thread that cannot be had now is tried again next time.
awaitable<result<void>> serve(round& r, const customer_history& h) {
    auto* a = account_of(r, h.customer.account);
    const auto* place = place_for(h);
    if (!a || !place) co_return result<void>();
    const occasions_input in{h, *r.rules, a->config.platform, r.fixes, r.answers_seen, r.limits, now()};
    const auto found = find_occasions(in);
    if (found.empty()) co_return result<void>();
    const auto thread = co_await a->platform->fetch_thread(place->what);
    if (thread.has_error()) co_return thread.error();
    const auto on_record = co_await r.kept.standing(place->id, 0, r.packs->wanted, now());
    if (on_record.has_error()) co_return on_record.error();
    for (const auto& o : found) {
        auto proposal = judged(r, *a, o, *place, *thread, *on_record, h.customer.contact);
        const auto changes = co_await r.kept.customers().propose(std::move(proposal), r.limits);
        if (changes.has_error()) co_return changes.error();
        r.news.tell(*changes);
        if (!changes->empty()) co_return result<void>();
    }
    co_return result<void>();
}

awaitable<result<void>> look(round& r) {
    auto fixes = co_await r.kept.customers().fixes();
    if (fixes.has_error()) co_return fixes.error();
    r.fixes = std::move(*fixes);
    std::int64_t after = 0;
    for (;;) {
        const auto page = co_await r.kept.customers().histories(after, customers_at_once, now());
        if (page.has_error()) co_return page.error();
        if (page->empty()) co_return result<void>();
        for (const auto& h : *page) {
            const auto done = co_await serve(r, h);
            if (done.has_error())
                spdlog::debug("{}: customer {}: {}", h.customer.account, h.customer.id, done.error().what);
        }
        after = page->back().customer.id;
    }
}

awaitable<result<void>> look_once(round& r) {
    // Also without any event in the playbooks: an answer is as old as the day on which it was first seen.
    auto seen = co_await r.kept.customers().answers_seen(answers_in_force(r.rules->set()), now());
    if (seen.has_error()) co_return seen.error();
    r.answers_seen = std::move(*seen);
    if (r.limits.at_most < 1 || !has_events(r.rules->set())) co_return result<void>();
    co_return co_await look(r);
}

}  // namespace

awaitable<void> keep_reinforcing(std::deque<account>& accounts, store& s, live& l, const rulebook& r,
                                 const house_facts& house, reinforcement_config config) {
    for (;;) {
        round this_time{accounts, s, l, r.current(), r.packs(), house, {config.at_most, config.within},
                        {},       {}};
        const auto done = co_await look_once(this_time);
        if (done.has_error()) spdlog::error("looking for occasions: {}", done.error().what);
        co_await sleep_for(config.every);
    }
}

}  // namespace kith
