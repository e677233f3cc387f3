#include "daemon/console/approving.hpp"

#include "daemon/console/api_canaries.hpp"

namespace kith::console {

namespace {

/// Two people are two whom nobody else can pass for.
result<void> must_count(const api_context& c, const queue_item& item, const identity& who) {
    if (item.shown.verdict.decision != decision::second) return {};
    if (who.user == 0 && !c.people.by_login(who.login))
        return fail(errc::refused,
                    "this needs two people, and nobody at the console is called " + who.login +
                        ", so it does not count as one: approve in the console, or as a user of this machine"
                        " whose name is a login there");
    if (!who.token_of_other) return {};
    return fail(errc::refused,
                "this needs two people, and somebody else made this token of " + who.login +
                    ", so it does not count as one: approve in the console, or with a token made"
                    " there under Me");
}

}  // namespace

result<void> must_be_unclaimed(const api_context& c, const queue_item& item, const identity& who) {
    const auto held = c.claims.held_by_other(item.message.id, who.login, now());
    if (!held || item.shown.state != suggestion_state::open) return {};
    return fail(errc::conflict,
                held->name + " is deciding on it; approve it all the same with despite_claim");
}

awaitable<result<std::optional<boost::json::object>>> say_yes(api_context& c, yes what,
                                                              const queue_item& item, identity who) {
    if (!what.despite_claim) {
        const auto free = must_be_unclaimed(c, item, who);
        if (free.has_error()) co_return free.error();
    }
    const auto counts = must_count(c, item, who);
    if (counts.has_error()) co_return counts.error();
    canary_act seen{"approved", what.hash, 0, who.login};
    auto canary = co_await decided_on_canary(c, what.id, std::move(seen));
    if (canary.has_error()) co_return canary;
    if (*canary) c.claims.give_back(item.message.id, who.login);
    if (*canary) co_return canary;
    auto done = co_await c.store.queue().approve(what.id, what.hash, who.login, c.queue.undo);
    if (done.has_error()) co_return done.error();
    c.claims.give_back(item.message.id, who.login);
    c.live.tell(*done);
    co_return std::optional<boost::json::object>();
}

}  // namespace kith::console
