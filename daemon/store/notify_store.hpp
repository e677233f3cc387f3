/// What webhooks are to be told, and what became of it: a durable row each, so that everything is told under
/// one id, however often it is tried and whatever is killed when. Manners as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/store/queue_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// What one webhook, or one person by mail, wants to hear of the queue.
struct notify_wish {
    std::string hook;                       ///< its id in kith.yaml; "mail 7": of user 7
    std::string department;                 ///< empty: of every one
    std::vector<std::string> kinds;         ///< waiting, expiring, second-needed, unsure
    std::chrono::milliseconds waiting{0};   ///< for how long before it is worth a word
    std::chrono::milliseconds expiring{0};  ///< how long before its end
    std::string link;                       ///< of the console: "https://kith.example.com/console"
    visible_part visible{};                 ///< of a person: nothing else is looked at
};

struct notification {
    std::string id;
    std::string hook, kind;
    std::string body;  ///< JSON: the same bytes on each attempt
    timestamp at{};
    int attempts = 0;
};

struct notification_outcome {
    enum class kind { sent, refused, again, given_up, unsure };
    kind is = kind::sent;
    std::string why;
    timestamp again_at{};
};

/// One row for people: what was told, or why not.
struct notification_line {
    std::string id, hook, kind, state, last_error;
    int attempts = 0;
    timestamp at{};
    std::optional<timestamp> ended_at;
};

class notify_store {
 public:
    virtual ~notify_store() = default;

    /// Looks for what is worth a word at `at` and was not noted yet, and notes it. Gives how much that was.
    virtual awaitable<result<std::int64_t>> look(notify_wish w, timestamp at) = 0;
    /// Notes something that is not of the queue, if `about` was not noted yet.
    virtual awaitable<result<bool>> add(std::string hook, std::string kind, std::string about,
                                        std::string text, std::string account, timestamp at) = 0;
    /// The hook's next one that is due, now on record as being sent; nothing if none is.
    virtual awaitable<result<std::optional<notification>>> begin(std::string hook, timestamp at) = 0;
    /// All of these kinds that are due, at most `most`, now on record as being sent: for what goes out
    /// together and must not go out twice. What an earlier one had begun and not ended is `unsure` from now
    /// on, and what is a day old is no news any more.
    virtual awaitable<result<std::vector<notification>>> begin_all(std::string hook,
                                                                   std::vector<std::string> kinds,
                                                                   timestamp at, std::size_t most) = 0;
    virtual awaitable<result<>> end(std::string id, notification_outcome o, timestamp at) = 0;
    /// The newest first.
    virtual awaitable<result<std::vector<notification_line>>> lines(std::size_t most) = 0;
};

}  // namespace kith
