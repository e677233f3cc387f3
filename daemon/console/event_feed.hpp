/// What pages are told while they are open: every change of the queue as an event with a number, kept for a
/// while, so that a page that was gone for a moment misses nothing.
#pragma once

#include "daemon/async/bell.hpp"
#include "daemon/console/identity.hpp"
#include "daemon/net/websocket.hpp"
#include "daemon/queue/claims.hpp"
#include "daemon/queue/live.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <set>

namespace kith::console {

/// Lives on one executor; not thread-safe.
class event_feed {
 public:
    event_feed(asio::any_io_executor executor, kith::store& s, kith::live& l, kith::claims& c);

    /// Turns news into events, until cancelled; wakes what slept and forgets claims that ran out.
    awaitable<void> run();

    /// Something of /status changed: accounts, brakes, packs. `account`: of this one alone, for those who see
    /// it.
    void tell_status(std::string account = {});
    void tell_question(std::int64_t id, const std::string& department, const std::string& account);
    /// A session may have ended: every page is asked at once who it belongs to.
    void look_again();

    /// Who is at the other end; nothing: signed in no more. Asked before each frame.
    using who_is_it = std::function<std::optional<identity>()>;
    /// Talks to one page until it goes, its person's session ends, or it cannot keep up.
    awaitable<void> serve(net::websocket& page, who_is_it who, std::string boot, std::uint64_t after);

 private:
    struct event {
        std::uint64_t number = 0;
        std::string json;  ///< made once, for all pages
        std::string department, account;
    };
    struct page {
        page(const asio::any_io_executor& executor, identity w) : who(std::move(w)), ring(executor) {}
        identity who;
        std::uint64_t next = 0;         ///< number of the event that it is told next
        std::int64_t looking_at = 0;    ///< a message; 0: none
        bool presence_changed = false;  ///< of the message that it looks at
        bell ring;
    };

    void add(boost::json::object e, std::string department, std::string account);
    awaitable<void> tell_changes();
    awaitable<void> keep_time();
    awaitable<void> look_at_brakes();
    awaitable<void> talk(net::websocket& socket, page& to, who_is_it who);
    awaitable<void> listen(net::websocket& socket, page& from);
    awaitable<bool> may_see(identity who, std::int64_t message_id);
    void look(page& who, std::int64_t message_id);
    void tell_presence(std::int64_t message_id);
    std::string presence_of(std::int64_t message_id) const;
    std::string frame_for(page& to) const;

    asio::any_io_executor executor_;
    kith::store& store_;
    kith::live& live_;
    kith::claims& claims_;
    std::string boot_;  ///< of this start: numbers begin anew with each
    std::uint64_t last_ = 0;
    std::deque<event> kept_;
    std::set<std::int64_t> changed_;                   ///< suggestions
    std::map<std::int64_t, std::int64_t> reclaimed_;   ///< message → suggestion
    std::optional<std::vector<std::string>> stopped_;  ///< what was, and since when, at the last look
    bell news_;
    std::list<page*> pages_;
    live::subscription listening_;
};

}  // namespace kith::console
