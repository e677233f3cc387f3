#include "daemon/relations/relations.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace kith {

namespace {

constexpr std::size_t at_once = 100;
constexpr std::chrono::milliseconds idle{500};
constexpr std::chrono::seconds after_trouble{2};

const account* find(const std::deque<account>& accounts, const std::string& id) {
    const auto it =
        std::find_if(accounts.begin(), accounts.end(), [&](const account& a) { return a.config.id == id; });
    return it == accounts.end() ? nullptr : &*it;
}

/// One look: what came, whose time is over, and whether the file is to be cleaned of what was forgotten. Says
/// whether there is more to do at once.
awaitable<result<bool>> look(relations_store& s, const std::deque<account>& accounts,
                             std::shared_ptr<const stage_rules> rules,
                             std::shared_ptr<const word_lists> words, const std::string& house_name) {
    const auto same = co_await s.rules_are(rules->revision);
    if (same.has_error()) co_return same.error();
    const auto news = co_await s.unread(at_once);
    if (news.has_error()) co_return news.error();
    if (!news->empty()) {
        auto what = conclusions(*news, accounts, words.get(), *rules, house_name);
        kill_point("relations.before_store");
        const auto kept = co_await s.learn(std::move(what), rules);
        if (kept.has_error()) co_return kept.error();
    }
    const auto lost = co_await s.decay(rules, at_once);
    if (lost.has_error()) co_return lost.error();
    const auto clean = co_await s.scrub();
    if (clean.has_error()) co_return clean.error();
    co_return !news->empty() || *lost > 0;
}

awaitable<result<void>> stop_where_forbidden(relations_store& s, const std::deque<account>& accounts) {
    for (const auto& a : accounts) {
        if (a.platform->supports().profiling_allowed) continue;
        const auto done = co_await s.stop_following(a.config.id);
        if (done.has_error()) co_return done.error();
    }
    co_return result<void>();
}

}  // namespace

std::vector<learned> conclusions(const std::vector<relation_news>& news, const std::deque<account>& accounts,
                                 const word_lists* words, const stage_rules& rules,
                                 const std::string& house_name) {
    std::vector<learned> out;
    for (const auto& n : news) {
        auto& l = out.emplace_back();
        l.trace = n.trace;
        l.event = n.event;
        l.message_id = n.message.id;
        l.identity = n.identity;
        l.account = n.account;
        l.at = n.at;
        const auto* a = find(accounts, n.account);
        if (!a || !a->platform->supports().profiling_allowed || n.bot) continue;
        if (n.signal) {
            l.signals = {*n.signal};
            continue;
        }
        signal_options options;
        options.came_back_after = rules.came_back_after;
        options.one_thread = a->platform->supports().private_messages;
        options.house_name = house_name;
        l.signals = signals_of(n.message, n.about, words, options);
    }
    return out;
}

awaitable<void> keep_relations(relations_store& s, const std::deque<account>& accounts,
                               const stage_book& book, words_in_force words, std::string house_name) {
    auto ready = co_await stop_where_forbidden(s, accounts);
    for (;;) {
        if (ready.has_error()) {
            spdlog::error("relations: {}", ready.error().what);
            co_await sleep_for(after_trouble);
            ready = co_await stop_where_forbidden(s, accounts);
            continue;
        }
        auto rules = book.current();
        auto heard = words ? words() : nullptr;
        const auto more = co_await look(s, accounts, std::move(rules), std::move(heard), house_name);
        if (more.has_error()) {
            spdlog::error("relations: {}", more.error().what);
            co_await sleep_for(after_trouble);
        } else if (!*more) {
            co_await sleep_for(idle);
        }
    }
}

}  // namespace kith
