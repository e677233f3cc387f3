#include "daemon/notify/mailer.hpp"

#include "daemon/notify/notifier.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace kith {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 5s;
constexpr std::size_t most_in_a_mail = 50;

bool has(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// Empty: all.
bool may(const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || has(all, one);
}

std::string hook_of(const user& u) {
    return "mail " + std::to_string(u.id);
}

bool wants_mail(const user& u) {
    return !u.disabled && !u.email.empty() && !u.mail_about.empty();
}

}  // namespace

notification_outcome mail_outcome(const result<void>& sent, int attempts, timestamp at) {
    using kind = notification_outcome::kind;
    notification_outcome out;
    if (sent.has_value()) return out;
    out.why = sent.error().what;
    const auto why = sent.error().kind;
    if (why == errc::unknown)
        out.is = kind::unsure;
    else if (why == errc::canceled)  // we are stopping, and nothing was handed over
        out.is = kind::again;
    else if (why == errc::refused || why == errc::invalid)
        out.is = kind::refused;
    else
        out.is = attempts >= most_notify_attempts ? kind::given_up : kind::again;
    if (out.is == kind::again) out.again_at = at + notify_wait(attempts);
    return out;
}

mailer::mailer(asio::any_io_executor executor, mailing_house house, kith::store& s,
               const std::deque<account>& accounts, people_source people, departments_source departments,
               digest_sender& post)
    : house_(std::move(house)),
      store_(s),
      accounts_(accounts),
      people_(std::move(people)),
      departments_(std::move(departments)),
      post_(post),
      wake_(std::move(executor)) {}

awaitable<result<void>> mailer::look(const user& u, timestamp at) {
    const notify_config usual;
    notify_wish wish;
    wish.hook = hook_of(u);
    wish.kinds = u.mail_about;
    wish.waiting = usual.waiting;
    wish.expiring = usual.expiring;
    wish.link = house_.console;
    wish.visible.departments = u.departments;
    wish.visible.accounts = u.accounts;
    const auto found = co_await store_.notifications().look(std::move(wish), at);
    if (found.has_error()) co_return found.error();
    for (const auto& a : accounts_) {
        const bool told = has(u.mail_about, "account-stopped") && may(u.accounts, a.config.id);
        if (!told || a.state != link_state::stopped) continue;
        auto about = a.config.id + " " + std::to_string(to_micros(a.since));
        const auto added = co_await store_.notifications().add(hook_of(u), "account-stopped",
                                                               std::move(about), "", a.config.id, at);
        if (added.has_error()) co_return added.error();
    }
    if (!has(u.mail_about, "daily")) co_return result<void>();
    digest_schedule daily;
    daily.at = summary_at;
    daily.zone = house_.zone;
    auto day = to_rfc3339(newest_due(daily, at), 0);
    const auto added = co_await store_.notifications().add(hook_of(u), "daily", std::move(day), "", "", at);
    if (added.has_error()) co_return added.error();
    co_return result<void>();
}

awaitable<result<notices>> mailer::notices_for(const user& u, std::vector<notification> news) {
    notices out;
    out.house = house_.name;
    out.language = u.language.empty() ? house_.language : u.language;
    out.link = house_.console;
    out.news = std::move(news);
    const bool daily = std::any_of(out.news.begin(), out.news.end(),
                                   [](const notification& n) { return n.kind == "daily"; });
    if (!daily) co_return out;
    auto counts = co_await store_.departments().counts(u.accounts);
    if (counts.has_error()) co_return counts.error();
    for (const auto& d : departments_())
        if (may(u.departments, d.id)) out.waiting.emplace_back(d.name, (*counts)[d.id]);
    co_return out;
}

awaitable<result<void>> mailer::mail(user u, timestamp at) {
    auto due = co_await store_.notifications().begin_all(hook_of(u), u.mail_about, at, most_in_a_mail);
    if (due.has_error()) co_return due.error();
    if (due->empty()) co_return result<void>();
    const auto told = co_await notices_for(u, *due);
    if (told.has_error()) co_return told.error();
    auto written = write_notices(*told);
    mail_parts parts;
    parts.to = u.email;
    parts.subject = std::move(written.subject);
    parts.text = std::move(written.text);
    parts.html = std::move(written.html);
    parts.id = "notice." + due->front().id;
    parts.at = at;
    const auto sent = co_await post_.mail(std::move(parts));
    if (sent.has_value()) quiet_until_[u.id] = at + pause;
    if (sent.has_error()) spdlog::warn("the mail to {} was not taken: {}", u.login, sent.error().what);
    for (const auto& n : *due) {
        auto outcome = mail_outcome(sent, n.attempts, at);
        const auto ended = co_await store_.notifications().end(n.id, std::move(outcome), at);
        if (ended.has_error()) co_return ended.error();
    }
    co_return result<void>();
}

awaitable<result<void>> mailer::step(timestamp at) {
    for (const auto& u : people_()) {
        if (stopping_ || !wants_mail(u)) continue;
        const auto looked = co_await look(u, at);
        if (looked.has_error()) co_return looked.error();
        if (quiet_until_[u.id] > at) continue;
        const auto mailed = co_await mail(u, at);
        if (mailed.has_error()) co_return mailed.error();
    }
    co_return result<void>();
}

awaitable<void> mailer::run() {
    while (!stopping_) {
        const auto done = co_await step(now());
        if (done.has_error()) spdlog::error("mails to people: {}", done.error().what);
        if (stopping_) co_return;
        co_await wake_.wait(done.has_error() ? 30s : look_again);
    }
}

void mailer::stop() {
    stopping_ = true;
    wake_.ring();
}

}  // namespace kith
