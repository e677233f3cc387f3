/// What the plots are made of: counts and times between two moments, and the items behind each of them.
/// Manners as in store.hpp; nothing but the accounts' states is written here.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// Of which time, and whose. Empty lists: of all.
struct stats_filter {
    std::vector<timestamp> borders;  ///< rising; each begins a step, the last ends the last one
    std::vector<std::string> departments, accounts;
};

/// The messages in the queue, each once, however many replies to it there are to choose from.
struct queue_step {
    std::int64_t came = 0, went = 0;
    std::int64_t waiting = 0;  ///< at the step's end
};

/// From a message's arrival to our reply on its platform.
struct answer_times {
    std::int64_t answered = 0;
    std::chrono::microseconds median{0}, p90{0};  ///< by nearest rank; 0 where none was answered
};

struct answer_time_figures {
    std::vector<answer_times> steps;
    std::map<std::string, answer_times> departments;
    answer_times all;
};

/// What became of one playbook's replies.
struct outcome_count {
    std::string playbook;
    std::string
        outcome;  ///< as-is, edited, rejected, expired, handled, denied, refused, not-chosen, withdrawn
    std::string reason;  ///< of a rejection
    std::int64_t count = 0;
    std::int64_t median_distance = 0;  ///< of what was edited, in characters
};

struct kind_step {
    std::int64_t helpful = 0, promotional = 0;  ///< posted: offers are promotional, all else is not
};

struct stage_flow {
    std::string from, to;  ///< empty: no stage
    std::int64_t count = 0;
};

struct path_figures {
    std::map<std::string, std::int64_t> stages;  ///< contacts, at the end
    std::vector<stage_flow> moves;
};

struct catch_step {
    std::int64_t caught = 0, missed = 0;
};

/// How an account stood for a while. "off": kithd was not there to tell.
struct account_interval {
    std::string account;
    std::string state;  ///< starting, running, waiting, stopped, off
    std::string detail;
    timestamp from{}, to{};
};

struct account_gap {
    std::int64_t id = 0;
    std::string account;
    timestamp from{}, to{};
    std::string cause;
};

/// Which suggestions stand behind a figure.
struct item_filter {
    enum class set {
        came,      ///< entered the queue then
        went,      ///< left it then
        waiting,   ///< were in it at the end of the time
        answered,  ///< answers that were posted then
        posted,    ///< replies that were posted then, also those for an occasion
        ended,     ///< came to their end then, also those that nobody chose
        denied,    ///< were denied before anybody saw them
        canaries,  ///< canaries decided on then
    };
    set of = set::ended;
    stats_filter in;
    std::string playbook, outcome, kind;  ///< empty: any; kind "helpful": all but "offer"
    std::optional<std::string> reason;
    timestamp after_at{};  ///< of the last one seen
    std::int64_t after_id = 0;
    std::size_t most = 50;
};

struct stats_item {
    std::int64_t id = 0;  ///< the suggestion's as it is shown; 0: a message that has none
    std::int64_t message_id = 0;
    timestamp at{};
    std::string account, department, playbook, outcome;
};

struct move_item {
    std::int64_t id = 0;
    std::int64_t contact = 0;
    std::string account, from, to, why;
    timestamp at{};
};

/// Of contacts that moved then; `from` and `to` are stages, or empty texts for none.
struct move_filter {
    stats_filter in;
    std::optional<std::string> from, to;
    bool standing = false;  ///< instead: the move by which each stands where they do at the end, however old
    timestamp after_at{};
    std::int64_t after_id = 0;
    std::size_t most = 50;
};

class stats_store {
 public:
    virtual ~stats_store() = default;

    virtual awaitable<result<std::vector<queue_step>>> queue_over_time(stats_filter f) = 0;
    virtual awaitable<result<answer_time_figures>> time_to_answer(stats_filter f) = 0;
    virtual awaitable<result<std::vector<outcome_count>>> outcomes(stats_filter f) = 0;
    virtual awaitable<result<std::vector<kind_step>>> kinds(stats_filter f) = 0;
    virtual awaitable<result<path_figures>> path_flow(stats_filter f) = 0;
    virtual awaitable<result<std::vector<catch_step>>> canaries(stats_filter f) = 0;
    /// In the order of `at` and `id`; canaries' shown ids where one stands in a suggestion's place.
    virtual awaitable<result<std::vector<stats_item>>> items(item_filter f) = 0;
    virtual awaitable<result<std::vector<move_item>>> moves(move_filter f) = 0;

    // ---- accounts
    /// From `at` on it is in this state. `follows`: it was watched until now; not so at a start.
    virtual awaitable<result<>> note_state(std::string account, std::string state, std::string detail,
                                           timestamp at, bool follows) = 0;
    /// Their states still hold at `at`.
    virtual awaitable<result<>> still(std::vector<std::string> accounts, timestamp at) = 0;
    /// Cut to the filter's time, oldest first, account by account.
    virtual awaitable<result<std::vector<account_interval>>> intervals(stats_filter f) = 0;
    /// Those that touch the filter's time.
    virtual awaitable<result<std::vector<account_gap>>> gaps(stats_filter f) = 0;
};

}  // namespace kith
