/// The ledger: contacts and their identities, the evidence of the A-Path, stages; and forgetting. Each call
/// is one transaction, as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/relations/path.hpp"
#include "daemon/store/store.hpp"

#include <map>

namespace kith {

/// Something from which no conclusions have been drawn yet: a judged message, or a platform's event.
struct relation_news {
    std::int64_t trace = 0;  ///< of a message: the judgement's number
    std::int64_t event = 0;
    std::int64_t identity = 0;  ///< row
    std::string account;
    bool bot = false;
    timestamp at{};
    stored_message message;                ///< of a judgement
    signal_context about;                  ///< of a judgement
    std::optional<contact_signal> signal;  ///< of an event
};

/// What it says. No signals: nothing, and it is not looked at again.
struct learned {
    std::int64_t trace = 0, event = 0, message_id = 0, identity = 0;
    std::string account;
    timestamp at{};
    std::vector<contact_signal> signals;
};

struct known_identity {
    std::int64_t number = 0;
    std::string account;
    identity who;
    bool blocked = false;
    timestamp first_seen_at{}, last_seen_at{};
    std::int64_t messages = 0;
};

struct known_stage {
    std::string account;
    std::optional<stage> now;
    timestamp since{};
    std::optional<timestamp> until;  ///< when it is lost if nothing more is heard
};

/// What a person said of who is whom.
struct contact_decision {
    std::int64_t identity = 0, contact = 0;
    std::string act;  ///< merged, split
    std::string reason, by;
    timestamp at{};
};

struct known_contact {
    std::int64_t number = 0;
    std::string zone;
    std::vector<known_identity> identities;
    std::vector<known_stage> stages;
    std::vector<contact_decision> decisions;  ///< oldest first
};

/// One piece of evidence with what it names.
struct shown_evidence {
    std::int64_t id = 0;
    std::string account;
    contact_signal signal = contact_signal::spoke_of_us;
    timestamp at{};
    std::int64_t message_id = 0;  ///< 0: an event's
    std::string native_id;        ///< of the message or event
    std::string url;
    std::string about;  ///< of an event: what of ours it was about
};

struct shown_move {
    std::string account;
    stage_move move;
    std::vector<shown_evidence> because;
};

struct shown_path {
    known_contact contact;
    std::vector<shown_move> moves;  ///< oldest first, account by account
};

/// All that is on record of a contact.
struct contact_export {
    shown_path path;
    std::vector<shown_evidence> evidence;
    std::vector<message_history> messages;
    std::vector<delivery> deliveries;
    std::map<std::int64_t, std::vector<journal_entry>> journal;  ///< by identity
};

struct contact_filter {
    std::optional<stage> at;
    std::string account;                  ///< empty: all
    std::vector<std::string> accounts{};  ///< those that may be seen; empty: all
    std::int64_t before = 0;              ///< numbers below this; 0: all
    std::size_t most = 100;
};

struct forgotten_contact {
    std::int64_t number = 0;
    std::int64_t identities = 0, messages = 0, suggestions = 0;
    std::vector<change> changes;
};

using rules_in_force = std::shared_ptr<const stage_rules>;

class relations_store {
 public:
    virtual ~relations_store() = default;

    // ---- evidence and stages
    /// In the order in which it happened, as far as it is on record.
    virtual awaitable<result<std::vector<relation_news>>> unread(std::size_t most) = 0;
    /// Keeps the evidence, and the moves that it makes; all of it or nothing.
    virtual awaitable<result<>> learn(std::vector<learned> what, rules_in_force rules) = 0;
    /// Moves those down whose time is over; gives how many were looked at.
    virtual awaitable<result<std::int64_t>> decay(rules_in_force rules, std::size_t most) = 0;
    /// The rules are others than at the last call: every stage is worked out anew, as `decay` gets to it.
    virtual awaitable<result<>> rules_are(std::string revision) = 0;
    /// Contacts of this account are not followed: what is on record of their stages goes.
    virtual awaitable<result<>> stop_following(std::string account) = 0;

    // ---- contacts
    virtual awaitable<result<std::vector<known_contact>>> contacts(contact_filter f) = 0;
    /// By number, platform's identity or handle; `conflict` where several fit. Only those with an identity on
    /// one of `accounts` (empty: all).
    virtual awaitable<result<std::int64_t>> contact_number(std::string name,
                                                           std::vector<std::string> accounts = {}) = 0;
    virtual awaitable<result<shown_path>> contact(std::int64_t number) = 0;
    virtual awaitable<result<contact_export>> export_contact(std::int64_t number) = 0;
    /// A person says that both are one: `other` becomes part of `into`.
    virtual awaitable<result<>> merge(std::int64_t into, std::int64_t other, std::string reason,
                                      std::string by, rules_in_force rules) = 0;
    /// The reverse, for one identity.
    virtual awaitable<result<>> split(std::int64_t identity, std::string reason, std::string by,
                                      rules_in_force rules) = 0;
    virtual awaitable<result<>> set_zone(std::int64_t number, std::string zone, std::string by) = 0;
    /// Every word of and about them goes. `conflict` while a reply to them is under way or unsure.
    virtual awaitable<result<forgotten_contact>> forget(std::int64_t number, std::string by) = 0;
    /// Rewrites the file without what was removed, if something was and a day has gone by since it was last
    /// done. Says whether it was done. Not a transaction; the store does nothing else meanwhile.
    virtual awaitable<result<bool>> scrub() = 0;
};

}  // namespace kith
