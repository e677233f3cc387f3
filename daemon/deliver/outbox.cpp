#include "daemon/deliver/outbox.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/decide.hpp"
#include "daemon/judging.hpp"
#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

using namespace std::chrono_literals;

constexpr auto idle = 500ms;

/// Longer than any request of ours may take (30 s): before that, "not there" proves nothing.
constexpr auto settling = 40s;

/// What could not be sent for so long is no answer any more: a person decides anew.
constexpr auto stale = 24h;

bool settled(const delivery& d) {
    return !d.attempted_at || now() - *d.attempted_at > settling;
}

approved_reply reply_of(const delivery& d, std::string prepared) {
    approved_reply r;
    r.account = d.approved.account;
    r.text = d.approved.text;
    r.target = d.message.what;
    r.approved_at = d.approved_at;
    r.prepared = std::move(prepared);
    return r;
}

/// Half as long again as it has already taken: at least a second, at most five minutes, not before the
/// platform allows.
timestamp next_try(const delivery& d, const error& why) {
    const auto took = now() - d.approved_at;
    const auto wait = std::clamp<timestamp::duration>(took / 2, 1s, 5min);
    return std::max(why.retry_at.value_or(now()), now() + wait);
}

/// The failures after which it is certain that nothing was posted.
bool certainly_not_posted(errc kind) {
    return kind != errc::unknown && kind != errc::canceled;
}

bool worth_retrying(errc kind) {
    return kind == errc::transient || kind == errc::limited || kind == errc::unauthorised ||
           !certainly_not_posted(kind);
}

}  // namespace

outbox::outbox(account& a, store& s, live& l, const rulebook& r, const house_facts& house)
    : account_(a), store_(s), live_(l), rules_(r), house_(house) {}

void outbox::stop() {
    stopping_ = true;
    account_.to_deliver.ring();
}

awaitable<void> outbox::run() {
    while (!stopping_) {
        auto due = co_await store_.due_deliveries(account_.config.id, now(), 1);
        if (due.has_error()) {
            spdlog::error("{}: {}", account_.config.id, due.error().what);
            co_await sleep_for(1s);
        } else if (due->empty()) {
            co_await account_.to_deliver.wait(idle);
        } else {
            co_await handle(std::move(due->front()));
        }
    }
}

awaitable<void> outbox::handle(delivery d) {
    if (d.attempt_open) {
        const bool nothing_there = co_await look_for(d);
        if (!nothing_there) co_return;
    }
    auto under = co_await still_approved(d);
    if (!under) co_return;
    const auto judged_by = std::pair(rules_.current(), rules_.packs());
    auto p = co_await prepared(d);
    if (!p) co_return;
    const bool same_rules = judged_by == std::pair(rules_.current(), rules_.packs());
    if (!same_rules) co_return;  // reloaded while the platform was asked: judged anew, at once
    co_await attempt(d, std::move(*p), std::move(*under));
}

awaitable<bool> outbox::look_for(const delivery& d) {
    const auto how = account_.platform->supports().idempotency;
    outcome o;
    if (how == idempotency::none) {
        o.is = outcome::kind::unsure;
        o.why = "the attempt at " + to_rfc3339(d.attempted_at.value_or(d.approved_at), 0) +
                " has no outcome, and the platform cannot say: look whether it was posted";
        co_await end(d, std::move(o));
        co_return false;
    }
    if (how == idempotency::read_back && !settled(d)) {
        co_await store_.postpone(d.id, *d.attempted_at + settling, "waiting for the attempt to settle");
        co_return false;
    }
    const auto r = reply_of(d, d.prepared.bytes);
    auto found = co_await account_.platform->find_delivered(r, d.key);
    if (found.has_error()) {
        const bool hopeless = !worth_retrying(found.error().kind) || now() - d.approved_at > stale;
        if (!hopeless) {
            co_await later(d, found.error());
            co_return false;
        }
        o.is = outcome::kind::unsure;
        o.why = "cannot look whether it was posted: " + found.error().what;
        co_await end(d, std::move(o));
        co_return false;
    }
    if (!*found) co_return true;
    spdlog::info("{}: suggestion {}: the attempt without an outcome had been posted", account_.config.id,
                 d.suggestion_id);
    o.is = outcome::kind::delivered;
    o.receipt = **found;
    co_await end(d, std::move(o));
    co_return false;
}

awaitable<std::optional<std::vector<room>>> outbox::still_approved(const delivery& d) {
    auto thread = co_await account_.platform->fetch_thread(d.message.what);
    if (thread.has_error()) {
        const auto why = "cannot read the thread: " + thread.error().what;
        if (d.attempt_open || now() - d.approved_at < stale) {
            co_await later(d, thread.error());
            co_return std::nullopt;
        }
        auto done = co_await store_.withdraw(d.id, "it could not be sent within 24 hours: " + why);
        if (done.has_value()) live_.tell(*done);
        co_return std::nullopt;
    }
    auto about = co_await store_.find_suggestion(d.suggestion_id);
    if (about.has_error()) {
        co_await later(d, about.error());
        co_return std::nullopt;
    }
    const auto current = rules_.current();
    const auto packs = rules_.packs();
    const auto at = now();
    // As of this moment: caps, brakes and opt-outs of one minute ago are not good enough for a send.
    const auto standing = co_await store_.standing(d.message.id, d.suggestion_id, packs->wanted, at);
    if (standing.has_error()) {
        co_await later(d, standing.error());
        co_return std::nullopt;
    }
    if (account_.label == automation_label::not_asked &&
        asks_for_label(*packs, account_.config.platform)) {  // just started: the platform is about to say
        co_await store_.postpone(d.id, at + 1s,
                                 "the platform has not yet said whether the account is marked");
        co_return std::nullopt;
    }
    const decide_input in{
        *current,      d.message, *thread, account_.config.platform, account_.platform->supports().length,
        *packs,        *standing, house_,  account_.label,           at,
        about->purpose};
    verdict v;
    const auto basis = basis_now(in, d.approved, about->kind, about->department, v);
    auto changed = d.approved.differences(basis);
    if (now() - d.approved_at > stale)
        changed.push_back("it could not be sent within 24 hours: " + d.last_error);
    if (changed.empty() && basis.hash() == d.hash) {
        const bool now_is_good = !v.not_before || *v.not_before <= at;
        if (!now_is_good) {
            co_await wait_for(d, v);
            co_return std::nullopt;
        }
        const reply_said said{d.approved.text, about->kind, d.approved.playbook, about->department};
        co_return room_left(in, said);
    }
    if (d.attempt_open && !settled(d)) {  // the first request may still arrive: no verdict on it yet
        co_await store_.postpone(d.id, *d.attempted_at + settling, "changed while its outcome is unknown");
        co_return std::nullopt;
    }
    const bool gone =
        basis.target_revision.empty() || d.message.deleted_at || basis.playbook_revision.empty();
    result<std::vector<change>> done;
    const std::string first = changed.empty() ? "the message is gone" : changed.front();
    if (gone)
        done = co_await store_.withdraw(d.id, first);
    else
        done = co_await store_.give_back(d.id, basis, v, lines_of(*thread), changed);
    if (done.has_value())
        live_.tell(*done);
    else
        co_await later(d, done.error());
    co_return std::nullopt;
}

/// Approved as before, and not now. Looked at again in between: the packs, or the brakes, may have changed.
awaitable<void> outbox::wait_for(const delivery& d, const verdict& v) {
    constexpr auto longest = 10min;
    std::string why = "waits until " + to_rfc3339(*v.not_before, 0);
    for (const auto& r : v.reasons)
        if (r.why.starts_with("not before ") || r.why.starts_with("stopped: "))
            why += "; " + r.rule + ": " + r.why;
    if (d.last_error != why) spdlog::info("{}: suggestion {} {}", account_.config.id, d.suggestion_id, why);
    const auto again = std::min<timestamp>(*v.not_before, now() + longest);
    co_await store_.postpone(d.id, again, std::move(why));
}

awaitable<std::optional<prepared_reply>> outbox::prepared(const delivery& d) {
    if (d.attempts > 0) co_return d.prepared;
    const auto r = reply_of(d, {});
    auto p = co_await account_.platform->prepare(r, d.key);
    if (p.has_value()) co_return std::move(*p);
    co_await failed(d, p.error());
    co_return std::nullopt;
}

awaitable<void> outbox::attempt(const delivery& d, prepared_reply p, std::vector<room> under) {
    kill_point("deliver.before_intent");
    const auto r = reply_of(d, p.bytes);
    auto begun = co_await store_.begin_attempt(d.id, std::move(p), std::move(under));
    if (begun.has_error() && begun.error().kind == errc::refused) {  // the contact asked us to stop
        auto done = co_await store_.withdraw(d.id, begun.error().what);
        if (done.has_value()) live_.tell(*done);
        co_return;
    }
    // Withdrawn meanwhile, or a cap was reached; or the disk is full, and nothing is sent without an intent.
    if (begun.has_error()) {
        co_await later(d, begun.error());
        co_return;
    }
    live_.tell(*begun);
    kill_point("deliver.after_intent");
    auto sent = co_await account_.platform->deliver(r, d.key);
    kill_point("deliver.before_record");
    if (sent.has_error()) {
        co_await failed(d, sent.error());
        co_return;
    }
    outcome o;
    o.is = outcome::kind::delivered;
    o.receipt = std::move(*sent);
    spdlog::info("{}: suggestion {} delivered: {}", account_.config.id, d.suggestion_id, o.receipt->url);
    co_await end(d, std::move(o));
}

awaitable<void> outbox::failed(const delivery& d, const error& why) {
    outcome o;
    o.is = worth_retrying(why.kind) ? outcome::kind::retry : outcome::kind::refused;
    // An earlier attempt without an outcome is not undone by a later one that certainly failed.
    o.may_have_been_posted = d.attempt_open || !certainly_not_posted(why.kind);
    o.why = std::string(to_string(why.kind)) + ": " + why.what;
    o.again_at = next_try(d, why);
    if (o.is == outcome::kind::refused && d.attempt_open) o.is = outcome::kind::unsure;
    spdlog::warn("{}: suggestion {}: {}", account_.config.id, d.suggestion_id, o.why);
    co_await end(d, std::move(o));
}

awaitable<void> outbox::end(const delivery& d, outcome o) {
    for (;;) {  // an outcome is not dropped because the disk is full: it is written as soon as it can be
        auto done = co_await store_.end_attempt(d.id, o);
        if (done.has_value()) live_.tell(*done);
        if (done.has_value() || done.error().kind != errc::transient) co_return;
        spdlog::error("{}: suggestion {}: {}", account_.config.id, d.suggestion_id, done.error().what);
        co_await sleep_for(1s);
    }
}

awaitable<void> outbox::later(const delivery& d, error why) {
    const auto until = next_try(d, why);
    co_await store_.postpone(d.id, until, std::move(why.what));
}

}  // namespace kith
