/// Existing customers first: which occasions there are to help one with what they bought, asked or reported.
/// Pure: (a customer, their past with us, playbooks, clock) gives the occasions. What is found is proposed,
/// judged and approved like every other suggestion.
#pragma once

#include "daemon/match/matcher.hpp"
#include "daemon/model/customer.hpp"
#include "daemon/store/customer_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace kith {

struct occasion {
    const kith::playbook* playbook = nullptr;
    std::string key;   ///< the same whenever it is found: "first-week welcome pro@2026-11-20"
    std::string what;  ///< in words: "bought pro on 2026-11-20"
};

struct occasions_input {
    const customer_history& history;
    const matcher& rules;
    std::string_view platform;
    const std::vector<fix>& fixes;
    const std::map<std::string, timestamp>& answers_seen;  ///< "answer@revision": in force since
    occasion_limits limits;
    timestamp at{};
};

/// The message beneath which an occasion would be told: the contact's newest to us. Null: there is none, and
/// so nothing can be told.
const stored_message* place_for(const customer_history& h);

/// In the order of the playbooks. Those told before are not among them; none while the limits are reached.
std::vector<occasion> find_occasions(const occasions_input& in);

/// Whether any playbook in the set has an event: otherwise nobody needs to look.
bool has_events(const playbook_set& set);

/// All answers in force, as "answer@revision".
std::vector<std::string> answers_in_force(const playbook_set& set);

}  // namespace kith
