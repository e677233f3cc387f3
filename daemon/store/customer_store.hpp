/// Customers, their consent, and the occasions on which they are written to. Each call is one transaction.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/customer.hpp"
#include "daemon/model/error.hpp"

#include <map>

namespace kith {

struct change;

/// What is wrong with one entry of an import.
struct entry_complaint {
    std::size_t entry = 0;  ///< from 0
    std::string field;      ///< "handle", "account", ...
    std::string what, mend;
};

struct imported {
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t left_alone = 0;  ///< who withdrew their consent after the one that the entry tells of
    std::vector<entry_complaint> complaints;  ///< if any: nothing was imported
};

/// At most so many occasions for a contact within so long.
struct occasion_limits {
    std::int64_t at_most = 1;
    std::chrono::milliseconds within{};
};

/// An occasion, judged. Without suggestions it was denied, and `why` says so.
struct proposed_occasion {
    std::int64_t contact = 0;
    std::string key;  ///< at most once for a contact
    std::string playbook;
    std::string event;
    std::string why;
    std::int64_t message_id = 0;  ///< beneath which it would be told
    std::string revision;         ///< of the message
    std::string trace;            ///< JSON, as of a judged message
    std::vector<suggestion> suggestions;
};

struct occasion_counts {
    std::int64_t customers = 0;
    std::int64_t open = 0, approved = 0, delivered = 0, rejected = 0, denied = 0;
};

/// One occasion on record, for pages.
struct told_occasion {
    std::string key, event, playbook, state, why;
    timestamp at{};
    std::int64_t message_id = 0;
};

class customer_store {
 public:
    virtual ~customer_store() = default;

    /// All of them or, with complaints, none.
    virtual awaitable<result<imported>> import(std::vector<customer_entry> entries, std::string by) = 0;
    /// Those with a consent on record, by number.
    /// Of these accounts only; empty: of all.
    virtual awaitable<result<std::vector<customer>>> list(std::int64_t after, std::size_t most,
                                                          std::vector<std::string> accounts = {}) = 0;
    virtual awaitable<result<customer>> find(std::int64_t id) = 0;
    virtual awaitable<result<std::vector<told_occasion>>> occasions_of(std::int64_t customer_id) = 0;
    /// The consent ends now: what is open or approved because of it is withdrawn, what they bought is
    /// removed.
    virtual awaitable<result<std::vector<change>>> end_consent(std::int64_t id, std::string why,
                                                               std::string by) = 0;

    /// A person says that something is mended. Gives it its number and time.
    virtual awaitable<result<fix>> note_fix(fix f) = 0;
    virtual awaitable<result<std::vector<fix>>> fixes() = 0;
    /// When each "answer@revision" was first in force. Those that nobody had seen are from `at` on; the very
    /// first time, from the beginning of time, since nobody knows.
    virtual awaitable<result<std::map<std::string, timestamp>>> answers_seen(std::vector<std::string> all,
                                                                             timestamp at) = 0;

    /// Of the customers with numbers above `after`.
    virtual awaitable<result<std::vector<customer_history>>> histories(std::int64_t after, std::size_t most,
                                                                       timestamp at) = 0;
    /// Puts an occasion's suggestions into the queue, unless the consent is gone, it was told before, the
    /// limits are reached, or the message changed or carries an occasion already: then nothing happens.
    virtual awaitable<result<std::vector<change>>> propose(proposed_occasion o, occasion_limits l) = 0;
    /// Of these accounts only; empty: of all.
    virtual awaitable<result<occasion_counts>> counts(std::vector<std::string> accounts = {}) = 0;
};

}  // namespace kith
