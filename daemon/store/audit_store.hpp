/// The record as a chain that can be checked from outside.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/observe/audit_chain.hpp"

#include <string>
#include <vector>

namespace kith {

/// Which entries somebody looks for. Empty and 0: whichever.
struct audit_filter {
    std::string actor{}, act{};
    std::int64_t message_id = 0, suggestion_id = 0;
    timestamp from{}, until = timestamp::max();  ///< [from, until)
    bool newest_first = true;
    /// The last entry of the part before; number 0: from the beginning.
    timestamp after_at{};
    std::int64_t after = 0;
    std::size_t most = 50;
    bool with_details = false;
};

class audit_store {
 public:
    virtual ~audit_store() = default;

    /// In their order, from the first after number `after`. Without `with_details` they hold no words at all.
    virtual awaitable<result<std::vector<audit::entry>>> entries(std::int64_t after, std::size_t most,
                                                                 bool with_details) = 0;
    /// In the order of their times, which a clock that was set back may have made another than the chain's.
    virtual awaitable<result<std::vector<audit::entry>>> find(audit_filter f) = 0;
    virtual awaitable<result<audit::head>> head() = 0;
    /// A person was shown a suggestion. Noted once for each person and version.
    virtual awaitable<result<>> shown(std::int64_t suggestion_id, std::int64_t version, std::string by) = 0;
};

}  // namespace kith
