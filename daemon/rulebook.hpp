/// The playbooks and the packs in force. A reload is all or nothing: while anything in it is wrong, the old
/// set stays.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/match/matcher.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/time.hpp"
#include "daemon/policy/pack.hpp"

#include <boost/asio/thread_pool.hpp>

namespace kith {

/// Where the rules are, and for whom.
struct rule_sources {
    std::string playbooks, policies;     ///< folders
    std::vector<std::string> platforms;  ///< whose packs are needed
    std::vector<std::string>
        departments;  ///< an owner that is none of these is a finding; empty: whoever owns is one
    std::string house_language;
};

class rulebook {
 public:
    explicit rulebook(rule_sources from);

    /// Loads, compiles and tests on a thread of its own, then swaps. `invalid` with all findings if any: then
    /// nothing has changed. The first time only the playbooks must be in order: a pack that is not denies
    /// everything on its platform until it is mended.
    awaitable<result<void>> reload();

    /// What is in force; keep it for the length of one decision. Not null after the first `reload` that
    /// succeeded. Take both before the next co_await: they belong together.
    std::shared_ptr<const matcher> current() const noexcept { return current_; }
    std::shared_ptr<const pack_set> packs() const noexcept { return packs_; }
    timestamp loaded_at() const noexcept { return loaded_at_; }
    /// Of the last reload; empty if it succeeded.
    const yaml::findings& errors() const noexcept { return errors_; }

 private:
    rule_sources from_;
    std::shared_ptr<const matcher> current_;
    std::shared_ptr<const pack_set> packs_;
    timestamp loaded_at_{};
    yaml::findings errors_;
    asio::thread_pool pool_{1};
};

/// Everything wrong with the playbooks, and apart from it with the packs: what a reload would find. Null if
/// anything is wrong with the playbooks.
std::shared_ptr<const matcher> load_rules(const rule_sources& from, pack_set& packs,
                                          yaml::findings& playbooks_wrong, yaml::findings& packs_wrong);

}  // namespace kith
