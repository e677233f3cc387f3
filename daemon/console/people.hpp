/// Who uses the console, at hand: each request asks. The store is the truth; whoever changes it there tells
/// it here.
#pragma once

#include "daemon/console/identity.hpp"
#include "daemon/store/people_store.hpp"

#include <map>

namespace kith::console {

class people {
 public:
    explicit people(people_store& s) : store_(s) {}

    /// Call before the first request.
    awaitable<result<void>> start();

    const std::map<std::int64_t, user>& all() const noexcept { return all_; }
    /// Null if there is none.
    const user* find(std::int64_t id) const;
    /// Without regard to case; null if there is none.
    const user* by_login(std::string_view login) const;
    /// Whom an OpenID provider calls this; null if there is none.
    const user* by_subject(std::string_view issuer, std::string_view subject) const;
    /// As the store has it now.
    const user& keep(user u);

 private:
    people_store& store_;
    std::map<std::int64_t, user> all_;
};

/// As acts are given it.
identity identity_of(const user& u);

/// Logins stand in URLs, commands and the record: a letter, then letters, digits and . _ - @ +, at most 64.
/// Those of Kith itself are not for people.
result<void> good_login(const std::string& login);
/// Something to call a person by: 1 to 100 bytes, no control characters.
result<void> good_name(const std::string& name);

}  // namespace kith::console
