/// Writes that may be repeated: what was answered to each key. Manners as in store.hpp.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <string>

namespace kith {

/// What was answered.
struct kept_answer {
    unsigned status = 0;
    std::string type;  ///< of the body
    std::string etag;  ///< empty: none
    std::string body;
};

/// Whether a write is to be done.
struct begun_write {
    enum class kind {
        fresh,    ///< do it, then say what was answered
        running,  ///< it is being done
        done,     ///< it was: `answer`
        gone,     ///< it was, or was begun: its answer is no longer known
        other,    ///< the key was another request's
    };
    kind is = kind::fresh;
    kept_answer answer;
};

class idempotency_store {
 public:
    virtual ~idempotency_store() = default;

    /// `request` is a hash of all that makes the write what it is. Keys are kept for a day.
    virtual awaitable<result<begun_write>> begin(std::string person, std::string key, std::string request,
                                                 timestamp at) = 0;
    /// Keeps the answer of what `begin` called fresh.
    virtual awaitable<result<>> end(std::string person, std::string key, kept_answer answer) = 0;
    /// It was done, but its answer is not to be kept.
    virtual awaitable<result<>> end_without_answer(std::string person, std::string key) = 0;
    /// Nothing was done: the key is as if it had never been used.
    virtual awaitable<result<>> take_back(std::string person, std::string key) = 0;
};

}  // namespace kith
