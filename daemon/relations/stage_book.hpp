/// The rules of the stages in force. A reload is all or nothing: while anything in it is wrong, the old ones
/// stay.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/relations/stage_rules.hpp"

#include <boost/asio/thread_pool.hpp>

namespace kith {

class stage_book {
 public:
    /// The folder of the policies; without stages.yaml in it, the rules are those that Kith ships.
    explicit stage_book(std::string folder) : folder_(std::move(folder)) {}

    /// Reads on a thread of its own, then swaps. `invalid` with all findings if any.
    awaitable<result<void>> reload();

    /// Not null after the first `reload` that succeeded.
    std::shared_ptr<const stage_rules> current() const noexcept { return current_; }

 private:
    std::string folder_;
    std::shared_ptr<const stage_rules> current_;
    asio::thread_pool pool_{1};
};

}  // namespace kith
