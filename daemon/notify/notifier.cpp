#include "daemon/notify/notifier.hpp"

#include "daemon/notify/signature.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace kith {

namespace {

using namespace std::chrono_literals;

constexpr auto until_looked_again = 5s;  ///< what only time brings about: waiting

}  // namespace

std::chrono::seconds notify_wait(int attempts) noexcept {
    return std::min<std::chrono::seconds>(2s * (1 << std::clamp(attempts - 1, 0, 12)), 15min);
}

notification_outcome notify_outcome(const notify_config& to, const result<net::client_response>& got,
                                    int attempts, timestamp at) {
    using kind = notification_outcome::kind;
    notification_outcome out;
    bool again = false;
    if (got.has_error()) {
        again = got.error().kind != errc::invalid;
        out.why = "the webhook " + to.in_words() + ": " + got.error().what;
    } else {
        if (got->status >= 200 && got->status < 300) return out;
        again = got->status >= 500 || got->status == 408 || got->status == 429;
        out.why = "the webhook " + to.in_words() + " answered " + std::to_string(got->status);
    }
    out.is = !again ? kind::refused : attempts >= most_notify_attempts ? kind::given_up : kind::again;
    if (out.is == kind::again) out.again_at = at + notify_wait(attempts);
    return out;
}

notifier::notifier(asio::any_io_executor executor, notify_config c, std::string console, kith::store& s,
                   kith::live& news, const std::deque<account>& accounts, net::http_client& http)
    : config_(std::move(c)),
      wish_{config_.id,      config_.department, config_.kinds,
            config_.waiting, config_.expiring,   std::move(console)},
      store_(s),
      news_(news),
      accounts_(accounts),
      http_(http),
      wake_(executor) {}

awaitable<result<void>> notifier::look(timestamp at) {
    const auto found = co_await store_.notifications().look(wish_, at);
    if (found.has_error()) co_return found.error();
    if (!config_.wants("account-stopped")) co_return result<void>();
    for (const auto& a : accounts_) {
        if (a.state != link_state::stopped) continue;
        // Once for each stop, also after a restart that finds it stopped again.
        const auto about = a.config.id + " " + std::to_string(to_micros(a.since));
        const auto added = co_await store_.notifications().add(
            config_.id, "account-stopped", about, "The account " + a.config.id + " is stopped: " + a.detail,
            a.config.id, at);
        if (added.has_error()) co_return added.error();
    }
    co_return result<void>();
}

awaitable<result<bool>> notifier::step(timestamp at) {
    const auto looked = co_await look(at);
    if (looked.has_error()) co_return looked.error();
    auto due = co_await store_.notifications().begin(config_.id, at);
    if (due.has_error()) co_return due.error();
    if (!*due) co_return false;
    net::client_request q("POST", config_.url);
    q.body = (*due)->body;
    q.headers.add("Content-Type", "application/json");
    q.headers.add("Kith-Notification", (*due)->id);
    q.headers.add("Kith-Signature", notification_signature(config_.secret, at, q.body));
    const auto got = co_await http_.send(std::move(q));
    auto o = notify_outcome(config_, got, (*due)->attempts, at);
    const bool sent = o.is == notification_outcome::kind::sent;
    if (o.is == notification_outcome::kind::again)
        spdlog::warn("notification {} is tried again: {}", (*due)->id, o.why);
    else if (!sent)
        spdlog::error("notification {} was not taken: {}", (*due)->id, o.why);
    const auto ended = co_await store_.notifications().end((*due)->id, std::move(o), at);
    if (ended.has_error()) co_return ended.error();
    co_return sent;
}

awaitable<void> notifier::run() {
    const live::subscription listening(news_, [this](const live::news&) { wake_.ring(); });
    while (!stopping_) {
        const auto sent = co_await step(now());
        if (sent.has_error()) spdlog::error("notifications to {}: {}", config_.in_words(), sent.error().what);
        if (stopping_ || (sent.has_value() && *sent)) continue;
        co_await wake_.wait(sent.has_error() ? 30s : until_looked_again);
    }
}

void notifier::stop() {
    stopping_ = true;
    wake_.ring();
}

}  // namespace kith
