/// Follows what was judged and what platforms report, and moves contacts along the A-Path on that evidence.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/ingest/account.hpp"
#include "daemon/match/words.hpp"
#include "daemon/relations/stage_book.hpp"
#include "daemon/store/relations_store.hpp"

#include <deque>

namespace kith {

/// Where the words are taken from at each look; null while there are none.
using words_in_force = std::function<std::shared_ptr<const word_lists>()>;

/// The news with what they say. `accounts`: news of one that is not among them, or whose platform forbids
/// profiling, says nothing.
std::vector<learned> conclusions(const std::vector<relation_news>& news, const std::deque<account>& accounts,
                                 const word_lists* words, const stage_rules& rules,
                                 const std::string& house_name);

/// Runs until cancelled. What it has read is remembered with what it concluded, so a crash loses nothing and
/// counts nothing twice.
awaitable<void> keep_relations(relations_store& s, const std::deque<account>& accounts,
                               const stage_book& book, words_in_force words, std::string house_name);

}  // namespace kith
