#include "platforms/bluesky/profiles.hpp"

#include "platforms/bluesky/record.hpp"

namespace kith::bluesky {
namespace {

constexpr std::size_t most_known = 4'096;
constexpr std::chrono::minutes good_for{10};
constexpr std::chrono::seconds unknown_for{60};
constexpr std::chrono::seconds patience{5};  // the firehose waits meanwhile

}  // namespace

awaitable<identity> profiles::find(std::string did) {
    const auto known = known_.find(did);
    if (known != known_.end() && std::chrono::steady_clock::now() < known->second.good_until)
        co_return known->second.who;

    call c("app.bsky.actor.getProfile");
    c.query.emplace_back("actor", did);
    c.timeout = patience;
    auto answer = co_await calls_.send(std::move(c));
    identity who;
    if (answer.has_value()) who = to_identity(*answer);
    const bool found = who.id == did;
    if (!found) {
        who = identity{};
        who.id = did;
        who.handle = did;
    }
    keep(who, found ? std::chrono::seconds(good_for) : unknown_for);
    co_return who;
}

void profiles::remember(const identity& who) {
    keep(who, good_for);
}

void profiles::forget(std::string_view did) {
    known_.erase(std::string(did));
}

void profiles::keep(const identity& who, std::chrono::seconds how_long) {
    if (known_.size() >= most_known) known_.clear();
    known_[who.id] = entry{who, std::chrono::steady_clock::now() + how_long};
}

}  // namespace kith::bluesky
