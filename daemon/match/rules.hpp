/// A set of playbooks, compiled.
#pragma once

#include "daemon/match/condition.hpp"
#include "daemon/match/playbook.hpp"
#include "daemon/match/scanner.hpp"
#include "daemon/match/verifier.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kith {

/// A phrase or regex that some playbooks look for.
struct leaf {
    std::string phrase;     ///< folded; empty: a regex
    std::size_t regex = 0;  ///< its number in the verifier
    bool scan_is_exact = true;
    std::vector<std::uint32_t> playbooks;  ///< those that it can set off, each once, in order
};

struct entry {
    const playbook* what = nullptr;
    condition when;
};

struct rules {
    playbook_set set;
    std::vector<entry> entries;  ///< of the playbooks that are not retired, in the order of the set
    std::vector<leaf> leaves;    ///< by the number that conditions know them by
    scanner words;  ///< its items are the leaves; may report one that is not there, never misses one
    verifier regexes;
};

/// Null if there are findings.
std::unique_ptr<const rules> compile_rules(playbook_set set, yaml::findings& out);

}  // namespace kith
