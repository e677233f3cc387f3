/// Who acts, and what they may see.
#pragma once

#include "daemon/model/role.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace kith::console {

/// The person behind a request. The record keeps the login.
struct identity {
    std::int64_t user = 0;  ///< 0: a user of this machine, over the Unix socket
    std::string name;
    std::string login;
    kith::role role = kith::role::viewer;
    std::vector<std::string> departments;  ///< empty: all
    std::vector<std::string> accounts;     ///< empty: all
    std::int64_t session = 0;              ///< 0: by a token, or over the Unix socket
    bool token_of_other = false;           ///< by a token that somebody else made, and so may have kept
};

/// Whether an item of this department and account is this person's to see. Empty: the item has none. What is
/// not theirs to see does not exist for them: 404.
inline bool may(const identity& who, const std::string& department, const std::string& account) {
    const auto among = [](const std::vector<std::string>& all, const std::string& one) {
        return all.empty() || one.empty() || std::find(all.begin(), all.end(), one) != all.end();
    };
    return among(who.departments, department) && among(who.accounts, account);
}

/// Whether everything is theirs: what concerns the whole house is for them.
inline bool sees_all(const identity& who) {
    return who.departments.empty() && who.accounts.empty();
}

}  // namespace kith::console
