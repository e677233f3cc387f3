#include "daemon/console/event_feed.hpp"

#include "daemon/async/first_of.hpp"
#include "daemon/async/sleep.hpp"
#include "daemon/async/with_timeout.hpp"
#include "daemon/console/queue_view.hpp"
#include "daemon/model/sha256.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

namespace kith::console {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_kept = 5'000;            ///< events, for pages that come back
constexpr std::uint64_t most_behind = 2'000;        ///< further behind, a page is too slow
constexpr std::size_t most_in_a_frame = 128 << 10;  ///< bytes, about
constexpr auto gathering = 20ms;                    ///< what changes together is told together
constexpr auto patience = 10s;                      ///< for a page to take one frame
constexpr auto often = 10s;                         ///< how often a silent page is asked who it belongs to

}  // namespace

event_feed::event_feed(asio::any_io_executor executor, kith::store& s, kith::live& l, kith::claims& c)
    : executor_(executor),
      store_(s),
      live_(l),
      claims_(c),
      boot_(random_base32(16)),
      news_(executor),
      listening_(l, [this](const live::news& n) {
          changed_.insert(n.what.suggestion_id);
          news_.ring();
      }) {
    claims_.on_change([this](std::int64_t message_id, std::int64_t suggestion_id) {
        reclaimed_[message_id] = suggestion_id;
        news_.ring();
    });
}

awaitable<void> event_feed::run() {
    auto changes = tell_changes();
    auto time = keep_time();
    co_await first_of(std::move(changes), std::move(time));
}

awaitable<void> event_feed::keep_time() {
    for (;;) {
        co_await sleep_for(1s);
        claims_.expire(now());
        const auto woken = co_await store_.queue().wake(now());
        if (woken.has_value()) live_.tell(*woken);
        const auto over = co_await store_.queue().expire(now());
        if (over.has_value()) live_.tell(*over);
        co_await look_at_brakes();
    }
}

/// A playbook is paused by itself inside whichever call passed its bound: only the store knows.
awaitable<void> event_feed::look_at_brakes() {
    const auto on = co_await store_.brakes().brakes();
    if (on.has_error()) co_return;
    std::vector<std::string> now_on;
    for (const auto& b : *on) now_on.push_back(b.scope + " " + std::to_string(to_micros(b.at)));
    if (stopped_ && *stopped_ != now_on) tell_status();
    stopped_ = std::move(now_on);
}

awaitable<void> event_feed::tell_changes() {
    for (;;) {
        co_await news_.wait(1h);
        co_await sleep_for(gathering);
        const auto changed = std::exchange(changed_, {});
        const auto reclaimed = std::exchange(reclaimed_, {});
        std::vector<std::int64_t> ids(changed.begin(), changed.end());
        const auto items = co_await store_.queue().items(std::move(ids));
        std::vector<std::int64_t> claimed;
        for (const auto& [message_id, id] : reclaimed) claimed.push_back(id);
        const auto about = co_await store_.queue().items(std::move(claimed));
        if (items.has_error() || about.has_error()) {  // told as soon as it can be read
            spdlog::warn("events: {}", (items.has_error() ? items.error() : about.error()).what);
            changed_.insert(changed.begin(), changed.end());
            reclaimed_.insert(reclaimed.begin(), reclaimed.end());
            co_await sleep_for(1s);
            news_.ring();
            continue;
        }
        const auto at = now();
        for (const auto& item : *items) {
            json::object e;
            e["type"] = "item";
            e["item"] = view(item, claims_.find(item.message.id, at), at);
            const auto& given = item.assigned.department;  // who sees both departments hears of it twice
            if (!given.empty() && given != item.shown.department) add(e, given, item.message.account);
            add(std::move(e), item.shown.department, item.message.account);
        }
        for (const auto& item : *about) {
            json::object e{{"type", "claim"}, {"id", item.shown.id}, {"message", item.message.id}};
            e["claim"] = view(claims_.find(item.message.id, at));
            add(std::move(e), item.shown.department, item.message.account);
        }
    }
}

void event_feed::tell_status(std::string account) {
    json::object e;
    e["type"] = "status";
    add(std::move(e), {}, std::move(account));
}

void event_feed::tell_question(std::int64_t id, const std::string& department, const std::string& account) {
    json::object e{{"type", "question"}, {"id", id}};
    add(std::move(e), department, account);
}

void event_feed::look_again() {
    for (auto* p : pages_) p->ring.ring();
}

void event_feed::add(json::object e, std::string department, std::string account) {
    e["seq"] = ++last_;
    kept_.push_back({last_, json::serialize(e), std::move(department), std::move(account)});
    if (kept_.size() > most_kept) kept_.pop_front();
    for (auto* p : pages_) p->ring.ring();
}

awaitable<void> event_feed::serve(net::websocket& socket, who_is_it who, std::string boot,
                                  std::uint64_t after) {
    auto first = who();
    if (!first) {
        co_await socket.close(net::close_code::session_over, "the session has ended");
        co_return;
    }
    page here(executor_, std::move(*first));
    const auto oldest = kept_.empty() ? last_ + 1 : kept_.front().number;
    // Whoever is so far behind that they would be sent away as too slow begins anew.
    const bool resumed =
        boot == boot_ && after <= last_ && after + 1 >= oldest && last_ - after < most_behind;
    here.next = (resumed ? after : last_) + 1;
    struct place {
        event_feed& feed;
        std::list<page*>::iterator at;
        ~place() {
            auto* gone = *at;
            feed.pages_.erase(at);
            feed.tell_presence(gone->looking_at);
        }
    };
    const place among{*this, pages_.insert(pages_.end(), &here)};
    json::object hello{{"type", "hello"}, {"seq", last_}, {"boot", boot_}, {"resumed", resumed}};
    auto text = "[" + json::serialize(hello) + "]";
    const auto sent = co_await socket.write(std::move(text));
    if (sent.has_error()) co_return;
    auto talking = talk(socket, here, std::move(who));
    auto listening = listen(socket, here);
    co_await first_of(std::move(talking), std::move(listening));
}

awaitable<void> event_feed::talk(net::websocket& socket, page& to, who_is_it who) {
    for (;;) {
        auto now_it_is = who();
        if (!now_it_is) {
            co_await socket.close(net::close_code::session_over, "the session has ended");
            co_return;
        }
        to.who = std::move(*now_it_is);
        bool slow = last_ + 1 - to.next > most_behind;
        if (!slow) {
            auto frame = frame_for(to);
            if (frame.empty()) {
                co_await to.ring.wait(often);
                continue;
            }
            auto writing = socket.write(std::move(frame));
            const auto written = co_await with_timeout(std::move(writing), patience);
            slow = written.has_error();
        }
        if (!slow) continue;
        co_await socket.close(net::close_code::try_again_later, "too slow: come back with after=");
        co_return;
    }
}

/// What the page does not have yet, as far as it fits; moves it on. Empty: nothing.
std::string event_feed::frame_for(page& to) const {
    std::string out;
    const auto say = [&](const std::string& one) { out.append(out.empty() ? "[" : ",").append(one); };
    if (std::exchange(to.presence_changed, false)) say(presence_of(to.looking_at));
    while (to.next <= last_ && !kept_.empty() && out.size() < most_in_a_frame) {
        const auto& e = kept_.at(to.next - kept_.front().number);
        if (may(to.who, e.department, e.account)) say(e.json);
        ++to.next;
    }
    if (!out.empty()) out.append("]");
    return out;
}

/// Reading is also what notices that the page has gone.
awaitable<void> event_feed::listen(net::websocket& socket, page& from) {
    for (;;) {
        const auto said = co_await socket.read();
        if (said.has_error()) co_return;
        json::error_code ec;
        const auto v = json::parse(said->data, ec);
        if (ec || !v.is_object()) continue;
        const auto* type = v.get_object().if_contains("type");
        const auto* message = v.get_object().if_contains("message");
        if (!type || !type->is_string() || type->get_string() != "looking" || !message) continue;
        const auto id = message->is_int64() ? message->get_int64() : 0;
        const bool theirs = co_await may_see(from.who, id);
        look(from, theirs ? id : 0);
    }
}

/// Who else is there is told only to whom the message is one of theirs.
awaitable<bool> event_feed::may_see(identity who, std::int64_t message_id) {
    if (message_id == 0 || (who.departments.empty() && who.accounts.empty())) co_return true;
    const auto all = co_await store_.history(message_id);
    if (all.has_error()) co_return false;
    for (const auto& s : all->suggestions)
        if (may(who, s.department, s.basis.account)) co_return true;
    co_return false;
}

void event_feed::look(page& who, std::int64_t message_id) {
    const auto before = std::exchange(who.looking_at, message_id);
    if (before == message_id) return;
    tell_presence(before);
    tell_presence(message_id);
}

void event_feed::tell_presence(std::int64_t message_id) {
    if (message_id == 0) return;
    for (auto* p : pages_) {
        if (p->looking_at != message_id) continue;
        p->presence_changed = true;
        p->ring.ring();
    }
}

std::string event_feed::presence_of(std::int64_t message_id) const {
    std::map<std::string, std::string> people;
    for (const auto* p : pages_)
        if (message_id != 0 && p->looking_at == message_id) people[p->who.login] = p->who.name;
    json::array who;
    for (const auto& [login, name] : people) who.push_back({{"login", login}, {"name", name}});
    json::object out{{"type", "presence"}, {"message", message_id}};
    out["people"] = std::move(who);
    return json::serialize(out);
}

}  // namespace kith::console
