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
awaitable<void> keep_judging(account& a, store& s, live& l, const rulebook& r, const house_facts& house,
                             canary_chance c);

/// Asks the platform whether the account is marked as automated, at the start and then every hour. Runs until
/// cancelled.
awaitable<void> keep_asking_for_the_label(account& a, store& s, live& l);

/// After a load: what waits for a person gets the word of the packs that are in force now, and the messages
/// to which none were in force are judged again.
awaitable<void> judge_again_with_packs(account& a, store& s, live& l, const rulebook& r,
                                       const house_facts& house);

/// Whether the pack of this platform asks for the label.
bool asks_for_label(const pack_set& packs, std::string_view platform);

}  // namespace kith
