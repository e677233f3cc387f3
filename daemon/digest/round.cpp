#include "daemon/digest/round.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/model/local_time.hpp"
#include "daemon/observe/kill_point.hpp"

#include <spdlog/spdlog.h>

namespace kith {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_wait = 2s, longest_wait = 15min;
constexpr std::chrono::seconds look_again = 20s;  ///< so a clock that was set is noticed

std::string whole_seconds(timestamp t) {
    return std::to_string(to_micros(t) / 1'000'000);
}

}  // namespace

std::string digest_key(const std::string& department, timestamp until) {
    return "digest." + department + "." + whole_seconds(until);
}

digest_round::digest_round(asio::any_io_executor executor, std::string department, digest_config c,
                           digest_store& marks, digest_sender& sender, facts_source facts)
    : department_(std::move(department)),
      config_(std::move(c)),
      marks_(marks),
      sender_(sender),
      facts_(std::move(facts)),
      waits_(first_wait, longest_wait, std::random_device{}()),
      wake_(executor) {}

awaitable<digest_outcome> digest_round::attempt(const digest_line& due, timestamp at) {
    digest_outcome out;
    auto facts = co_await facts_(due.since, due.until, at);
    result<void> sent(facts.has_error() ? result<void>(facts.error()) : result<void>());
    if (facts.has_value())
        sent = co_await sender_.send(config_.to, std::move(*facts), digest_key(department_, due.until));
    if (sent.has_value()) co_return out;
    out.why = sent.error().what;
    const auto kind = sent.error().kind;
    if (kind == errc::refused || kind == errc::not_found || kind == errc::invalid)
        out.state = digest_state::refused;
    else if (kind == errc::unknown && !may_repeat(config_.to.is))
        out.state = digest_state::unsure;
    else
        out.state = digest_state::waiting;
    out.again_at = at + waits_.next();
    co_return out;
}

awaitable<result<timestamp>> digest_round::step(timestamp at) {
    const auto later = std::min(at + look_again, next_due(config_.when, at));
    const auto due = co_await marks_.due(department_, newest_due(config_.when, at), at);
    if (due.has_error()) co_return due.error();
    if (!*due) co_return later;
    digest_outcome o;
    // An attempt from before a restart: it may have arrived.
    const bool doubtful = (*due)->state == digest_state::sending && !may_repeat(config_.to.is);
    if (doubtful) {
        o.state = digest_state::unsure;
        o.why = "kithd ended while this mail was being sent: it may have arrived, so it is not sent again";
    } else {
        const auto begun = co_await marks_.begin_attempt(department_, (*due)->until, at);
        if (begun.has_error()) co_return begun.error();
        kill_point("digest.before_send");
        o = co_await attempt(**due, at);
        kill_point("digest.after_send");
    }
    const auto ended = co_await marks_.end_attempt(department_, (*due)->until, o, at);
    if (ended.has_error()) co_return ended.error();
    if (o.state == digest_state::waiting) {
        spdlog::warn("the digest of {} could not be sent, and is tried again: {}", department_, o.why);
        co_return std::min(later, o.again_at);
    }
    waits_.reset();
    if (o.state == digest_state::sent)
        spdlog::info("the digest of {} was sent", department_);
    else
        spdlog::error("the digest of {} was not sent: {}", department_, o.why);
    co_return later;
}

awaitable<void> digest_round::run() {
    while (!stopping_) {
        const auto next = co_await step(now());
        auto wait = std::chrono::microseconds(look_again);
        if (next.has_error())
            spdlog::error("the digest of {}: {}", department_, next.error().what);
        else
            wait = std::max<std::chrono::microseconds>(*next - now(), 50ms);
        if (!stopping_) co_await wake_.wait(wait);
    }
}

void digest_round::stop() {
    stopping_ = true;
    wake_.ring();
}

awaitable<void> keep_telling_owners(const department_desk& desk, kith::store& s) {
    for (;;) {
        const auto at = now();
        const auto today = to_rfc3339(at, 0).substr(0, 10);
        const auto told = co_await s.setting("answers.told");
        if (told.has_value() && *told != today) {
            for (const auto& a : desk.answers(at)) {
                if (a.age == answer_age::stale)
                    spdlog::warn("the answer {} of {} is past its review day by {} days: it is not suggested",
                                 a.id, a.owner, -a.days_left);
                if (a.age == answer_age::due)
                    spdlog::warn("the answer {} of {} is to be reviewed within {} days", a.id, a.owner,
                                 a.days_left);
            }
            co_await s.set("answers.told", today);
        }
        co_await sleep_for(std::chrono::minutes{10});
    }
}

}  // namespace kith
