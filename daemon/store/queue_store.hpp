/// The queue as people work in it: messages in the order in which they are asked about, and what is done with
/// them beside yes and no. Numbers are those that people see: of the canary where one stands in the place of
/// a suggestion. Manners as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/stage.hpp"
#include "daemon/model/suggestion.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace kith {

struct change;

/// Departments and accounts that somebody may see; empty: all.
struct visible_part {
    std::vector<std::string> departments, accounts;
};

struct queue_filter {
    std::vector<suggestion_state> states{suggestion_state::open};
    /// Empty: whichever.
    std::string department;  ///< whose it is, or to which it was given
    std::string account, platform, kind, language, playbook, stage;
    std::string outcome;                  ///< of what is withdrawn: expired, handled
    std::string words;                    ///< in the message, or the contact's name or handle
    std::optional<std::string> assigned;  ///< a login; empty: to nobody; nothing: whoever
    std::string assigned_department;      ///< given to this department; empty: whether or not
    bool snoozed = false;                 ///< only what sleeps, instead of only what is awake
    visible_part visible;
    std::string
        after;  ///< `queue_item::place` of the last item of the part before; empty: from the beginning
    std::size_t most = 50;
};

/// Whom an item was given to: a person or a department, or neither.
struct assignee {
    std::string login, name;
    std::string department;
};

/// One message, and the best of the replies to it, as people see it.
struct queue_item {
    suggestion shown;  ///< with the number, text, hash and verdict of the canary in its place
    stored_message message;
    std::int64_t contact = 0;
    std::optional<kith::stage> stage;
    bool customer = false, complaint = false;
    std::optional<timestamp> snoozed_until;
    /// It is approved, and can be taken back: when it is due. Past, where something holds it still.
    std::optional<timestamp> undo_until;
    std::string held;  ///< why it waits although it is approved; empty: only for its time
    assignee assigned;
    std::int64_t candidates = 1;  ///< replies to choose from, this one included
    std::int64_t questions_waiting = 0;
    std::string place;  ///< in the list that it came in
};

struct queue_part {
    std::vector<queue_item> items;
    bool more = false;
};

struct queue_count {
    std::string department;
    suggestion_state state = suggestion_state::open;
    bool snoozed = false;
    bool given = false;  ///< to this department, and counted under its own as well
    std::int64_t n = 0;
};

/// A filter that somebody keeps.
struct saved_view {
    std::int64_t id = 0, version = 0;
    std::string name;
    std::string query;       ///< of GET /queue
    std::string department;  ///< seen by all of it; empty: by its owner alone
    std::string owner;       ///< login
};

class queue_store {
 public:
    virtual ~queue_store() = default;

    /// Thread by thread, the one with the most urgent item first (what expires within hours; then customers
    /// and complaints; of each the one that expires first, and what never does by age); within a thread by
    /// time. What is decided: the newest first. A filter's states are all of the one sort or all of the
    /// other.
    virtual awaitable<result<queue_part>> list(queue_filter f) = 0;
    /// The item that this suggestion or canary belongs to; another reply than the best stands in its own
    /// place.
    virtual awaitable<result<queue_item>> item(std::int64_t id) = 0;
    /// The same for many, those that are gone left out, each message once and with its best: for live pages.
    virtual awaitable<result<std::vector<queue_item>>> items(std::vector<std::int64_t> ids) = 0;
    virtual awaitable<result<std::vector<queue_count>>> counts(visible_part visible) = 0;

    /// As `store::approve`; the delivery is due once `undo` is over.
    virtual awaitable<result<std::vector<change>>> approve(std::int64_t id, std::string hash, std::string by,
                                                           std::chrono::milliseconds undo) = 0;
    /// Takes an approval back, as long as nothing has begun to send it: open again, and so are the other
    /// replies that it withdrew.
    virtual awaitable<result<std::vector<change>>> undo(std::int64_t id, std::int64_t version,
                                                        std::string by) = 0;
    /// Out of sight until then; nothing: awake at once.
    virtual awaitable<result<std::vector<change>>> snooze(std::int64_t id, std::int64_t version,
                                                          std::optional<timestamp> until, std::string by) = 0;
    /// Brings back what slept until `at`, and to the front what expires soon.
    virtual awaitable<result<std::vector<change>>> wake(timestamp at) = 0;
    /// Withdraws what no rule lets be sent any more at `at`; of very many some at a time.
    virtual awaitable<result<std::vector<change>>> expire(timestamp at) = 0;
    virtual awaitable<result<std::vector<change>>> assign(std::int64_t id, std::int64_t version, assignee to,
                                                          std::string by) = 0;
    /// Somebody saw to it elsewhere: all replies to it are withdrawn.
    virtual awaitable<result<std::vector<change>>> handled(std::int64_t id, std::int64_t version,
                                                           std::string note, std::string by) = 0;

    /// One's own, and those of the departments that one may see.
    virtual awaitable<result<std::vector<saved_view>>> views(std::string login, visible_part visible) = 0;
    virtual awaitable<result<saved_view>> find_view(std::int64_t id) = 0;
    virtual awaitable<result<saved_view>> add_view(saved_view v) = 0;
    /// `outdated` if it has another version than `v` names.
    virtual awaitable<result<saved_view>> change_view(saved_view v) = 0;
    virtual awaitable<result<void>> remove_view(std::int64_t id, std::int64_t version) = 0;
};

}  // namespace kith
