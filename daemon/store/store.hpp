/// What Kith remembers. One interface, one set of behaviour tests; each call is one transaction, durable when
/// it completes. A call that fails has changed nothing: `transient` (disk full, busy), `not_found`,
/// `conflict`.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/canary.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/standing.hpp"
#include "daemon/model/suggestion.hpp"
#include "daemon/store/audit_store.hpp"
#include "daemon/store/brake_store.hpp"
#include "daemon/store/canary_store.hpp"
#include "daemon/store/customer_store.hpp"
#include "daemon/store/department_store.hpp"
#include "daemon/store/digest_store.hpp"
#include "daemon/store/idempotency_store.hpp"
#include "daemon/store/link_store.hpp"
#include "daemon/store/notify_store.hpp"
#include "daemon/store/opt_out_store.hpp"
#include "daemon/store/people_store.hpp"
#include "daemon/store/queue_store.hpp"
#include "daemon/store/stats_store.hpp"

#include <memory>
#include <span>

namespace kith {

class relations_store;

/// A suggestion whose state or content changed: what live pages are told.
struct change {
    std::int64_t suggestion_id = 0;
    suggestion_state state = suggestion_state::open;
};

struct accepted {
    std::size_t fresh = 0;        ///< messages and revisions that were not known
    std::size_t known = 0;        ///< seen before: dropped
    std::vector<change> changes;  ///< withdrawn by an edit, a deletion, a block
};

/// One playbook run over one message revision, and what it led to.
struct judged_message {
    std::int64_t message_id = 0;
    std::string revision;
    std::string trace;  ///< JSON: matches, near misses, what was left out and why
    std::vector<suggestion> suggestions;
    std::string again_with;  ///< see verdict::again_with; empty: nothing was denied for such a reason
    std::optional<canary_draft> canary;  ///< to be shown in the place of the first suggestion
};

/// For pages and the command.
struct suggestion_filter {
    std::vector<suggestion_state> states;
    std::string department;  ///< empty: of every
    bool best_only = false;  ///< of each message only the best-ranked
    std::size_t most = 100;
    bool oldest_first = false;
    std::int64_t before = 0;  ///< ids below this; 0: all
    std::int64_t after = 0;   ///< ids above this
};

struct queue_counts {
    std::int64_t open = 0, approved = 0, sending = 0, unsure = 0;
};

/// What ended an attempt.
struct outcome {
    enum class kind { delivered, refused, retry, unsure };
    kind is = kind::retry;
    std::optional<kith::receipt> receipt;  ///< delivered
    std::string why;                       ///< refused, retry, unsure
    timestamp again_at{};                  ///< retry
    bool may_have_been_posted = false;     ///< retry: look before the next attempt
};

/// One line of the record: who did what to which. Texts are never in it, hashes are.
struct record_line {
    std::int64_t number = 0;
    timestamp at{};
    std::string actor;  ///< a person, or "kith"
    std::string act;    ///< received, matched, edited, approved, rejected, attempted, delivered, ...
    std::int64_t message_id = 0;
    std::int64_t suggestion_id = 0;
    std::string detail;  ///< "(erased)" once it was
};

struct message_history {
    stored_message message;
    std::vector<std::string> traces;  ///< JSON, oldest first
    std::vector<suggestion> suggestions;
    std::vector<record_line> record;
};

struct account_memory {
    std::string cursor;
    std::int64_t messages = 0;
    std::optional<timestamp> last_message_at;
    std::int64_t gaps = 0;
};

struct journal_entry {
    std::int64_t number = 0;
    std::string topic, id, body;
    timestamp at{};
};

class store {
 public:
    virtual ~store() = default;

    // ---- ingest
    /// Keeps the batch and moves the cursor, both or neither. Duplicates (account, native id, revision) are
    /// dropped; an edit or deletion withdraws what is open or approved for that message; a block, a report or
    /// a wish to be left alone what is for that contact.
    virtual awaitable<result<accepted>> accept(std::string account, batch b) = 0;
    virtual awaitable<result<account_memory>> remembered(std::string account) = 0;

    // ---- match, suggest
    /// The account's messages that no playbook has seen in their newest revision, oldest first.
    virtual awaitable<result<std::vector<stored_message>>> unjudged(std::string account, timestamp at,
                                                                    std::size_t most) = 0;
    /// Not now: look at it again at `at`.
    virtual awaitable<result<>> put_off(std::int64_t message_id, timestamp at) = 0;
    virtual awaitable<result<std::vector<change>>> judge(judged_message j) = 0;
    /// What `again_with` named is mended: the messages that it denied replies to are due again.
    virtual awaitable<result<std::vector<change>>> judge_again(std::string account, std::string mended) = 0;
    /// Other packs are in force than those that an open suggestion was judged by: this is their word. Nothing
    /// if it is no longer open, or changed meanwhile.
    virtual awaitable<result<std::vector<change>>> rejudge(std::int64_t id, std::int64_t version,
                                                           verdict v) = 0;
    /// What the policies must know: `except` is the suggestion that is being judged (0: none), `wanted` what
    /// their rules count.
    virtual awaitable<result<kith::standing>> standing(std::int64_t message_id, std::int64_t except,
                                                       wanted_counts wanted, timestamp at) = 0;
    /// The newest open suggestions (at most 10) for earlier messages of the same thread.
    virtual awaitable<result<std::vector<suggestion>>> open_beside(std::int64_t message_id) = 0;
    /// The thread of an open suggestion went on: what a person approves is bound to the thread as it is
    /// now. `until`: when it expires, now that they wrote again.
    virtual awaitable<result<std::vector<change>>> rebind(std::int64_t id, std::string thread_tail,
                                                          std::vector<thread_line> thread,
                                                          std::optional<timestamp> until) = 0;

    // ---- queue
    virtual awaitable<result<std::vector<suggestion>>> suggestions(suggestion_filter f) = 0;
    virtual awaitable<result<suggestion>> find_suggestion(std::int64_t id) = 0;
    virtual awaitable<result<stored_message>> find_message(std::int64_t id) = 0;
    /// By Kith's number, or by the platform's own address.
    virtual awaitable<result<std::int64_t>> message_number(std::string number_or_native_id) = 0;
    virtual awaitable<result<queue_counts>> counts() = 0;
    /// The person's text instead of ours, judged anew. Only while open.
    virtual awaitable<result<suggestion>> edit(std::int64_t id, std::int64_t version, std::string text,
                                               verdict v, std::string by) = 0;
    /// Only while open, only if `hash` is what it has now. Withdraws the other suggestions for the same
    /// message. Where the verdict is `second`, the first person's yes is kept and it stays open; `refused` if
    /// the same person says it twice. `by` is a login, and logins are told apart without case; the caller
    /// vouches that it is that person who says yes.
    virtual awaitable<result<std::vector<change>>> approve(std::int64_t id, std::string hash,
                                                           std::string by) = 0;
    /// Only while open. Withdraws the other suggestions for the same message: none of them is wanted.
    virtual awaitable<result<std::vector<change>>> reject(std::int64_t id, std::int64_t version,
                                                          std::string reason, std::string by) = 0;
    /// A person says whether an unsure reply was posted.
    virtual awaitable<result<std::vector<change>>> settle(std::int64_t id, std::int64_t version, bool posted,
                                                          std::string by) = 0;

    // ---- deliver
    /// The account's approved replies whose time has come, oldest first.
    virtual awaitable<result<std::vector<delivery>>> due_deliveries(std::string account, timestamp at,
                                                                    std::size_t most) = 0;
    /// Something changed between approval and send: back to the queue, with the basis as it is now.
    virtual awaitable<result<std::vector<change>>> give_back(std::int64_t delivery_id, approval_basis now,
                                                             verdict v, std::vector<thread_line> thread,
                                                             std::vector<std::string> changed) = 0;
    /// Its reason is gone for good.
    virtual awaitable<result<std::vector<change>>> withdraw(std::int64_t delivery_id, std::string why) = 0;
    /// The intent: on disk before anything leaves the house. `conflict` if it was withdrawn meanwhile;
    /// `refused` if the contact asked us to stop: withdraw it. `conflict` also if there is no more room
    /// `under` one of the caps that it was judged by: judge it again.
    virtual awaitable<result<std::vector<change>>> begin_attempt(std::int64_t delivery_id,
                                                                 prepared_reply prepared,
                                                                 std::vector<room> under = {}) = 0;
    virtual awaitable<result<std::vector<change>>> end_attempt(std::int64_t delivery_id, outcome o) = 0;
    /// Not begun, not given up: try again at `at`.
    virtual awaitable<result<>> postpone(std::int64_t delivery_id, timestamp at, std::string why) = 0;

    // ---- topics with an interface of their own
    virtual opt_out_store& opt_outs() = 0;

    // ---- explain
    virtual awaitable<result<message_history>> history(std::int64_t message_id) = 0;

    // ---- topics with an interface of their own
    virtual audit_store& audit() = 0;
    virtual brake_store& brakes() = 0;

    // ---- for platforms and the console
    virtual awaitable<result<journal_entry>> journal_append(std::string account, std::string topic,
                                                            std::string id, std::string body) = 0;
    virtual awaitable<result<std::vector<journal_entry>>> journal_read(std::string account, std::string topic,
                                                                       std::int64_t after,
                                                                       std::size_t most) = 0;
    virtual awaitable<result<std::optional<journal_entry>>> journal_find(std::string account,
                                                                         std::string id) = 0;
    virtual awaitable<result<std::string>> setting(std::string name) = 0;  ///< empty if never set
    virtual awaitable<result<>> set(std::string name, std::string value) = 0;

    // ---- topics with an interface of their own
    virtual relations_store& relations() = 0;  ///< relations_store.hpp
    virtual stats_store& stats() = 0;
    virtual link_store& links() = 0;
    virtual notify_store& notifications() = 0;
    virtual department_store& departments() = 0;
    virtual digest_store& digests() = 0;
    virtual customer_store& customers() = 0;
    virtual canary_store& canaries() = 0;
    virtual idempotency_store& idempotency() = 0;
    virtual people_store& people() = 0;
    virtual queue_store& queue() = 0;
};

/// Opens (or makes) the database `folder`/kith.db and migrates it. Throws kith::failure if it cannot be had:
/// the schema is newer than this program, the folder cannot be written, another process has it.
std::unique_ptr<store> open_sqlite(const std::string& folder);

}  // namespace kith
