/// Calls made as the account, within the server's limits.
#pragma once

#include "platforms/bluesky/answer.hpp"
#include "platforms/bluesky/session.hpp"

namespace kith::bluesky {

class xrpc {
 public:
    xrpc(wire& over, session& as) : wire_(over), session_(as), writes_(5'000) {}

    /// Signs in where needed, sends, and repeats once with a new token where the old one was refused (nothing
    /// was carried out then). `cost` 0 is a read; else the points of a write. Failures as `classify` sorts
    /// them; `limited` without a call where the server would turn it away; `unknown` for writes only.
    awaitable<result<json::object>> send(call c, int cost = 0);

    std::vector<budget_standing> budgets(timestamp at) const {
        return {reads_.standing("reads", at), writes_.standing("writes", at)};
    }

 private:
    wire& wire_;
    session& session_;
    budget reads_;
    budget writes_;
};

}  // namespace kith::bluesky
