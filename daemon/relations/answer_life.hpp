/// How long an answer may still be given, and whether it helped. Pure: the time is given.
#pragma once

#include "daemon/match/playbook.hpp"
#include "daemon/match/words.hpp"
#include "daemon/store/department_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace kith {

enum class answer_age {
    current,
    due,    ///< its review_by is near: the owner is told
    stale,  ///< past its review_by: not suggested any more
};
std::string_view to_string(answer_age a) noexcept;

struct answer_standing {
    std::string id;
    std::string owner;
    std::chrono::year_month_day review_by{};
    std::int64_t days_left = 0;  ///< negative once it is past; on the day itself 0, and it is still given
    answer_age age = answer_age::current;
};

/// Of every answer, by id. Days are counted in UTC, as where stale answers are left out of suggestions.
std::vector<answer_standing> answer_standings(const playbook_set& set, timestamp at,
                                              std::chrono::milliseconds notice);

/// Within this time after a reply nobody may come back with the same for it to count.
inline constexpr std::chrono::seconds solved_after = std::chrono::hours{7 * 24};

enum class helped { solved, not_solved, undecided };

/// Not solved if within seven days the contact wrote something that the same playbook matched (thanks in that
/// thread are no coming back, whatever else they hold). Else solved if they said thanks in that thread, or
/// once the seven days are over. `words` may be null: then nobody is heard to say thanks.
helped judge_help(const posted_reply& r, timestamp at, const word_lists* words);

/// What became of the replies that cite one answer. `posted` is the denominator, and the sum of the others.
struct answer_tally {
    std::int64_t posted = 0, solved = 0, not_solved = 0, undecided = 0;
};

/// By the answer's id. A reply that cites two counts for both.
std::map<std::string, answer_tally> tally_answers(const std::vector<posted_reply>& replies, timestamp at,
                                                  const word_lists* words);

/// A department's answer as the file of a reviewed answer, for a person to commit.
std::string answer_file(const std::string& id, const std::string& owner, const std::string& language,
                        const std::string& text, std::chrono::year_month_day review_by);

}  // namespace kith
