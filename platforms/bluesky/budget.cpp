#include "platforms/bluesky/budget.hpp"

#include <algorithm>
#include <charconv>

namespace kith::bluesky {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return n;
}

}  // namespace

int budget::spent_since(timestamp t) const {
    int sum = 0;
    for (const expense& e : expenses_)
        if (e.at > t) sum += e.cost;
    return sum;
}

std::optional<timestamp> budget::wait_until(int cost, timestamp at) const {
    if (held_until_ > at) return held_until_;
    if (remaining_ && *remaining_ < cost && reset_ > at) return reset_;
    if (most_ == 0) return std::nullopt;
    int sum = spent_since(at - window_);
    if (sum + cost <= most_) return std::nullopt;
    for (const expense& e : expenses_) {
        if (e.at <= at - window_) continue;
        sum -= e.cost;
        if (sum + cost <= most_) return e.at + window_;
    }
    return at + window_;
}

budget_standing budget::standing(std::string what, timestamp at) const {
    budget_standing out;
    out.what = std::move(what);
    if (most_ > 0) out.left = std::max(0, most_ - spent_since(at - window_));
    if (remaining_ && reset_ > at) {
        out.left = std::max<std::int64_t>(0, out.left ? std::min(*out.left, *remaining_) : *remaining_);
        out.full_at = reset_;
    }
    if (held_until_ > at) {
        out.held = true;
        out.full_at = held_until_;
    }
    return out;
}

void budget::spend(int cost, timestamp at) {
    while (!expenses_.empty() && expenses_.front().at <= at - window_) expenses_.pop_front();
    if (most_ > 0) expenses_.push_back({at, cost});
    if (remaining_) *remaining_ -= cost;
}

void budget::learn(const net::http_fields& headers, timestamp at) {
    const auto remaining = number(headers.get("ratelimit-remaining"));
    const auto reset = number(headers.get("ratelimit-reset"));
    if (!remaining || !reset || *reset < 0 || *reset > 32'503'680'000) return;
    // A reset that is further away than a day is a broken header or a broken clock: better asked than
    // believed.
    const timestamp when{std::chrono::seconds(*reset)};
    if (when > at + std::chrono::hours(24)) return;
    remaining_ = remaining;
    reset_ = when;
}

}  // namespace kith::bluesky
