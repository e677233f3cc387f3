/// A reply rendered for one message, waiting for a person; and what becomes of it.
#pragma once

#include "daemon/model/delivery.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

enum class suggestion_state {
    open,       ///< a person decides
    approved,   ///< to be sent; nothing has left the house
    sending,    ///< an attempt is on record; its outcome is not
    delivered,  ///< the platform has it
    refused,    ///< the platform would not take it; final
    rejected,   ///< a person said no
    withdrawn,  ///< its reason is gone: the message was deleted or edited, the contact blocked us, another
                ///< reply won
    unsure,     ///< nobody can tell whether it was posted: a person looks
};
std::string_view to_string(suggestion_state s) noexcept;
std::optional<suggestion_state> suggestion_state_from(std::string_view text) noexcept;

/// What it is for. A message has at most one answer; an occasion (a first week, a fix) is told beneath it.
enum class purpose { answer, occasion };
std::string_view to_string(purpose p) noexcept;
std::optional<purpose> purpose_from(std::string_view text) noexcept;

enum class decision { allow, second, deny };
std::string_view to_string(decision d) noexcept;

struct reason {
    std::string rule;  ///< its id
    decision says = decision::allow;
    std::string why;
};

/// What the policies say of a suggestion. Without one nothing is sent.
struct verdict {
    kith::decision decision = kith::decision::deny;
    std::vector<reason> reasons;
    std::vector<std::string> packs;  ///< the revisions that it was judged by: "house@0123456789ab"
    /// Allowed, and not now: it is sent then. Not in the digest, or an approval would end with the day.
    std::optional<timestamp> not_before;
    /// From then on no rule lets it be sent, as far as time alone says; nothing: it has no end. Not in the
    /// digest either; kept as the suggestion's `expires_at`.
    std::optional<timestamp> until;
    /// Denied by what people can mend without touching the playbook ("packs", "label"): to be judged again
    /// once they have. Empty: denied for good.
    std::string again_with;
    /// The same text for the same decision by the same rules of the same packs; part of what an approval
    /// binds.
    std::string digest() const;
};

/// A place in the message's own text that a trigger matched: bytes, [begin, end).
struct matched_words {
    std::string trigger;
    std::string words;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// All that an approval is for. If any of it differs at the time of the send, nothing is sent.
struct approval_basis {
    std::string text;
    std::string account;
    std::string target;           ///< native id
    std::string target_revision;  ///< of the message, as the platform has it
    std::string thread_tail;
    std::string verdict;  ///< digest
    std::string playbook;
    std::string playbook_revision;
    std::string reply;

    /// SHA-256 over all fields, 64 hex digits.
    std::string hash() const;
    /// In words, one a field: what differs between the approved basis and this one.
    std::vector<std::string> differences(const approval_basis& now) const;
};

/// One line of the thread as it is shown beside a suggestion.
struct thread_line {
    std::string native_id;
    std::string handle;
    std::string name;
    bool ours = false;
    std::string text;
    timestamp written_at{};
};

struct suggestion {
    std::int64_t id = 0;
    std::int64_t message_id = 0;
    int rank = 0;  ///< 0 is the best for its message
    kith::purpose purpose = purpose::answer;
    suggestion_state state = suggestion_state::open;
    std::int64_t version = 1;  ///< rises with each change; a write names the one it saw
    approval_basis basis;      ///< holds the text
    std::string hash;          ///< of the basis
    std::string platform;
    std::string department;
    std::string playbook_title;
    std::string kind;  ///< of the reply
    std::string language;
    std::vector<std::string> cites;
    std::vector<matched_words> matched;
    kith::verdict verdict;
    std::vector<thread_line> thread;
    std::vector<std::string> changed;  ///< why it came back to the queue
    timestamp created_at{}, updated_at{};
    std::optional<timestamp> expires_at;  ///< from then on no rule lets it be sent; nothing: it does not
    std::string first_approval_by;        ///< open, needs two people: who said yes to this already
    std::string decided_by;               ///< the person, or "ann and bob"
    std::optional<timestamp> decided_at;
    std::string reason;  ///< of a rejection, withdrawal or refusal
    std::optional<kith::receipt> receipt;
};

/// A message as the store keeps it.
struct stored_message {
    std::int64_t id = 0;
    std::string account;
    message what;
    timestamp received_at{};
    std::optional<timestamp> deleted_at;
    bool contact_blocked = false;
};

/// One approved reply on its way.
struct delivery {
    std::int64_t id = 0;
    std::int64_t suggestion_id = 0;
    idempotency_key key;
    approval_basis approved;  ///< exactly what the person saw
    std::string hash;         ///< what the person said yes to
    std::string approved_by;
    timestamp approved_at{};
    prepared_reply prepared;  ///< empty before the first attempt
    int attempts = 0;
    bool attempt_open = false;  ///< an attempt began and has no outcome: it may have been posted
    std::optional<timestamp> attempted_at;
    std::string last_error;
    stored_message message;
};

}  // namespace kith
