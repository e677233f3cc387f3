/// What departments see and are told: the store's facts and the playbooks in force, put together.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/digest/facts.hpp"
#include "daemon/rulebook.hpp"
#include "daemon/store/store.hpp"

#include <functional>

namespace kith {

/// Lives on one executor; what it refers to outlives it.
class department_desk {
 public:
    /// The lists of words in force; null: nobody is heard to say thanks.
    using words_source = std::function<std::shared_ptr<const word_lists>()>;

    static constexpr std::chrono::hours outcomes_of{24 * 90};  ///< how far back `outcomes` looks
    static constexpr std::size_t most_unanswered = 1000, most_posted = 1000;

    department_desk(kith::store& s, const rulebook& rules, const config& settings, words_source words);

    std::vector<department_config> departments() const;
    std::optional<department_config> find(const std::string& id) const;
    std::vector<answer_standing> answers(timestamp at) const;

    /// `not_found` if there is no such department.
    awaitable<result<digest_facts>> facts(std::string department, timestamp since, timestamp until,
                                          timestamp at) const;
    /// Messages that nobody answered in the last 30 days, oldest first, with whose they are (empty: the
    /// house's).
    awaitable<result<std::vector<unanswered_message>>> unanswered(timestamp at) const;
    /// The same of what was received then, at most `most_unanswered`.
    awaitable<result<std::vector<unanswered_message>>> unanswered(timestamp since, timestamp until) const;
    /// The newest replies that were posted in [since, until), at most `most_posted`.
    awaitable<result<std::vector<posted_reply>>> posted(timestamp since, timestamp until) const;
    /// What became of these, by answer; and of one.
    std::map<std::string, answer_tally> tally(const std::vector<posted_reply>& replies, timestamp at) const;
    helped judge(const posted_reply& r, timestamp at) const;
    /// What the answers did in the last 90 days, by id.
    awaitable<result<std::map<std::string, answer_tally>>> outcomes(timestamp at) const;

 private:
    kith::store& store_;
    const rulebook& rules_;
    const config& settings_;
    words_source words_;
};

}  // namespace kith
