/// One account at work: its link to the platform, its inbox, and what became of the link.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/ingest/ingest.hpp"

#include <deque>
#include <functional>

namespace kith {

enum class link_state { starting, running, waiting, stopped };
std::string_view to_string(link_state s) noexcept;

struct account {
    account_config config;
    std::unique_ptr<kith::platform> platform;
    std::unique_ptr<ingest> inbox;
    bell to_judge;      ///< rung when a message was stored
    bell to_deliver;    ///< rung when a reply was approved
    bell to_reconnect;  ///< rung when a person wants the link made anew, also where it is stopped
    link_state state = link_state::starting;
    timestamp since{};
    std::string detail;             ///< why it waits or stopped; while it runs, why it last did
    std::function<void()> changed;  ///< called when the state did; may be empty
    automation_label label = automation_label::not_asked;

    account(account_config c, asio::any_io_executor executor)
        : config(std::move(c)), to_judge(executor), to_deliver(executor), to_reconnect(executor) {}

    /// What people are told is wrong with it: of a link that has held since, or was heard, nothing.
    std::string trouble(timestamp at) const;
};

/// The supervisor: runs the link again and again, with backoff, until cancelled. `unauthorised` stops it for
/// good (until a person reconnects it, or the daemon is started with other credentials), and says so once.
/// Each change of state is kept in the store.
awaitable<void> keep_running(account& a, store& s);

/// Keeps in the store, each minute, that the states still hold: where that is missing kithd was not running.
awaitable<void> keep_telling_states(const std::deque<account>& all, store& s);

}  // namespace kith
