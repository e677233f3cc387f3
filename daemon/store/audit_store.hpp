/// The record as a chain that can be checked from outside.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/observe/audit_chain.hpp"

#include <vector>

namespace kith {

class audit_store {
 public:
    virtual ~audit_store() = default;

    /// In their order, from the first after number `after`. Without `with_details` they hold no words at all.
    virtual awaitable<result<std::vector<audit::entry>>> entries(std::int64_t after, std::size_t most,
                                                                 bool with_details) = 0;
    virtual awaitable<result<audit::head>> head() = 0;
    /// A person was shown a suggestion. Noted once for each person and version.
    virtual awaitable<result<>> shown(std::int64_t suggestion_id, std::int64_t version, std::string by) = 0;
};

}  // namespace kith
