/// Takes stored messages that no playbook has seen, one account at a time, and puts suggestions into the
/// queue.
#pragma once

#include "daemon/ingest/account.hpp"
#include "daemon/rulebook.hpp"

namespace kith {

/// How many of the messages get a canary, and the secret that says which.
struct canary_chance {
    double rate = 0;
    std::string seed;
};

/// Runs until cancelled. A message whose thread cannot be had is put off, never skipped.
awaitable<void> keep_judging(account& a, store& s, live& l, const rulebook& r, std::string house_language,
                             canary_chance c);

}  // namespace kith
