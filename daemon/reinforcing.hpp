/// Looks for occasions to help customers, judges them, and puts them into the queue.
#pragma once

#include "daemon/ingest/account.hpp"
#include "daemon/rulebook.hpp"

#include <deque>

namespace kith {

/// Runs until cancelled. Keeps nothing in memory: after a restart it finds what is still to be told, and the
/// store keeps what was told from being told again.
awaitable<void> keep_reinforcing(std::deque<account>& accounts, store& s, live& l, const rulebook& r,
                                 const house_facts& house, reinforcement_config limits);

}  // namespace kith
