/// Which playbooks a message sets off, and why. A pure function once compiled: no network, no disk.
#pragma once

#include "daemon/match/playbook.hpp"
#include "daemon/model/message.hpp"

#include <memory>

namespace kith {

/// A place in the message's own text: bytes, [begin, end).
struct span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// One trigger that held.
struct evidence {
    std::string trigger;  ///< "phrase: reset my password"
    std::string words;    ///< what it matched, as the author wrote it
    span where;
};

/// One playbook's answer to one message.
struct match {
    std::string playbook;  ///< id
    std::string revision;
    playbook_status status = playbook_status::live;
    bool matched = false;
    std::vector<evidence> because;
    /// For a playbook of which at least one trigger held but which did not match: what stopped it, in words
    /// ("none: phrase 'wifi password' is in the message", "where.addressed: the message is not to us").
    std::vector<std::string> but;
};

struct matched_message {
    std::string account;
    std::string platform;
    const message* what = nullptr;
};

/// Compiled once per load, then used from one thread.
class matcher {
 public:
    virtual ~matcher() = default;
    /// The playbooks that matched (in the order of the set), then the near misses.
    virtual std::vector<match> find(const matched_message& m) const = 0;
    virtual const playbook_set& set() const noexcept = 0;
};

/// Findings: a regex that the engine refuses (not linear time, matches the empty text), a phrase without a
/// word. Returns null if there are any.
std::shared_ptr<const matcher> compile(playbook_set set, yaml::findings& out);

/// Runs the tests in the playbooks; each that fails is a finding at the test's place: what was expected, what
/// came, why.
void run_tests(const matcher& m, const std::string& house_language, yaml::findings& out);

}  // namespace kith
