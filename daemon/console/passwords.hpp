/// Argon2id on a thread of its own: each hash takes 64 MiB and about 0.14 s.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"

#include <boost/asio/thread_pool.hpp>

#include <string>

namespace kith::console {

/// Whether it is long enough to be one, not the person's own login or name, and none of those that programs
/// try first: zxcvbn's lists and patterns, and the house's name.
result<void> good_password(const std::string& password, const std::string& login, const std::string& name,
                           const std::string& house);

class passwords {
 public:
    /// `limited` if too many wait already: each hash is dear.
    awaitable<result<std::string>> hash(std::string password);
    /// An empty hash matches nothing, and takes as long to say so.
    awaitable<result<bool>> matches(std::string hash, std::string password);

 private:
    std::string nobodys_;  ///< what an unknown login is measured against
    int waiting_ = 0;
    asio::thread_pool pool_{1};
};

}  // namespace kith::console
