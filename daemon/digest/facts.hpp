/// What a digest tells: facts only, no words of contacts. A message is named by its number; who wants to
/// read it looks in the console.
#pragma once

#include "daemon/relations/answer_life.hpp"
#include "daemon/store/department_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace kith {

struct digest_facts {
    std::string house;
    std::string department;  ///< id
    std::string name;
    std::string zone;  ///< in which times are shown
    std::string link;  ///< of the console
    timestamp since{}, until{};
    timestamp at{};  ///< ages are counted up to here
    department_counts counts;
    department_period period;
    std::vector<question> waiting;               ///< questions nobody answered, oldest first
    std::vector<unanswered_message> unanswered;  ///< oldest first, as far as they are listed
    std::int64_t unanswered_count = 0;
    std::vector<answer_standing> answers;         ///< all of the department's
    std::map<std::string, answer_tally> outcome;  ///< by answer
};

}  // namespace kith
