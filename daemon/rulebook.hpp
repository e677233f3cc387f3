/// The playbooks in force. A reload is all or nothing: while anything in it is wrong, the old set stays.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/match/matcher.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/time.hpp"

#include <boost/asio/thread_pool.hpp>

namespace kith {

class rulebook {
 public:
    rulebook(std::string folder, std::string house_language);

    /// From now on an owner that is none of these is a finding. None: whoever owns is a department.
    void owned_by(std::vector<std::string> departments) { departments_ = std::move(departments); }

    /// Loads, compiles and tests on a thread of its own, then swaps. `invalid` with all findings if any.
    awaitable<result<void>> reload();

    /// What is in force; keep it for the length of one decision. Not null after the first `reload` that
    /// succeeded.
    std::shared_ptr<const matcher> current() const noexcept { return current_; }
    timestamp loaded_at() const noexcept { return loaded_at_; }
    /// Of the last reload; empty if it succeeded.
    const yaml::findings& errors() const noexcept { return errors_; }

 private:
    std::string folder_;
    std::string house_language_;
    std::vector<std::string> departments_;
    std::shared_ptr<const matcher> current_;
    timestamp loaded_at_{};
    yaml::findings errors_;
    asio::thread_pool pool_{1};
};

}  // namespace kith
