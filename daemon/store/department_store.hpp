/// What departments are asked, what nobody answered, and what their answers did. Manners as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// A reviewer's question to a department, asked inside a suggestion.
struct question {
    std::int64_t id = 0;
    std::int64_t message_id = 0;
    std::string account;             ///< of the message
    std::int64_t suggestion_id = 0;  ///< as it is shown: while a canary stands in its place, the canary
    std::string department;
    std::string language;  ///< of the suggestion
    std::string text;
    std::string asked_by;
    timestamp asked_at{};
    std::string answer;
    std::string answered_by;
    std::optional<timestamp> answered_at;
    std::string kept_as;  ///< id of the reviewed answer that was made of it
};

struct question_filter {
    std::string department;              ///< empty: every
    std::vector<std::int64_t> messages;  ///< empty: about every
    std::vector<std::string> accounts;   ///< of whose messages; empty: of all
    bool waiting_only = false;
    std::int64_t after = 0;  ///< ids above this
    std::size_t most = 200;  ///< oldest first
};

/// A message to us that has no reply of ours, posted or on its way, and no suggestion that waits.
struct unanswered_message {
    std::int64_t id = 0;
    std::string account;
    timestamp received_at{};
    std::string playbook;    ///< the first that matched; empty: none did
    std::string department;  ///< of a suggestion that was rejected or withdrawn; empty: none was made
    std::string because;     ///< "no suggestion", "rejected", "withdrawn", "refused"
};

/// Something that the contact wrote after a reply of ours was posted.
struct later_message {
    std::int64_t id = 0;
    timestamp received_at{};
    bool same_thread = false;
    bool same_playbook = false;  ///< the playbook of the reply matched it too
    std::string text;            ///< only with `same_thread`
};

/// A reply that was posted, and what its contact wrote since.
struct posted_reply {
    std::int64_t suggestion_id = 0;
    std::int64_t message_id = 0;
    std::string account;
    std::string department;
    std::string playbook;
    std::vector<std::string> cites;  ///< answers: "reset-password@3f2a..."
    timestamp posted_at{};
    std::vector<later_message> later;  ///< oldest first
};

/// What waits for one department.
struct department_counts {
    std::int64_t open = 0;      ///< messages with a suggestion that a person must decide
    std::int64_t waiting = 0;   ///< questions
    std::int64_t answered = 0;  ///< questions, ever
    std::optional<timestamp> oldest_open, oldest_question;
};

/// What happened in a department's queue between two moments.
struct department_period {
    std::int64_t suggested = 0, delivered = 0, rejected = 0, asked = 0, answered = 0;
};

class department_store {
 public:
    virtual ~department_store() = default;

    /// Only while the suggestion is open or approved.
    virtual awaitable<result<question>> ask(std::int64_t suggestion_id, std::string department,
                                            std::string text, std::string by) = 0;
    /// Once: what others decided by is not rewritten.
    virtual awaitable<result<question>> answer(std::int64_t id, std::string text, std::string by) = 0;
    /// Notes that its answer became the reviewed answer `as`. Only once answered.
    virtual awaitable<result<question>> keep(std::int64_t id, std::string as, std::string by) = 0;
    virtual awaitable<result<question>> find_question(std::int64_t id) = 0;
    virtual awaitable<result<std::vector<question>>> questions(question_filter f) = 0;

    /// By department; those of which nothing is on record are absent.
    /// Of what is on these accounts; empty: on all.
    virtual awaitable<result<std::map<std::string, department_counts>>> counts(
        std::vector<std::string> accounts = {}) = 0;
    virtual awaitable<result<department_period>> period(std::string department, timestamp from,
                                                        timestamp until) = 0;
    /// Received in [since, until], oldest first.
    virtual awaitable<result<std::vector<unanswered_message>>> unanswered(timestamp since, timestamp until,
                                                                          std::size_t most) = 0;
    /// The newest that were posted in [since, until), each with what was written up to `within` after it,
    /// and, in its thread, up to now.
    virtual awaitable<result<std::vector<posted_reply>>> posted(timestamp since, timestamp until,
                                                                std::chrono::seconds within,
                                                                std::size_t most) = 0;
};

}  // namespace kith
