/// The pure stages in a row: match, suggest, policy. What the daemon runs on a live message, `kith check`
/// runs on a test, and a replay runs on the past: the same code.
#pragma once

#include "daemon/match/matcher.hpp"
#include "daemon/model/suggestion.hpp"
#include "daemon/model/text_length.hpp"
#include "daemon/policy/policy.hpp"
#include "daemon/suggest/suggest.hpp"

#include <string>
#include <vector>

namespace kith {

struct decide_input {
    const matcher& rules;
    const stored_message& message;
    const kith::thread& thread;
    std::string_view platform;
    text_length (*length)(std::string_view text) = nullptr;
    const pack_set& packs;
    const kith::standing& standing;
    const house_facts& house;
    automation_label label = automation_label::not_asked;
    timestamp at{};
    kith::purpose purpose = purpose::answer;
};

/// A reply's text, and whose it is.
struct reply_said {
    std::string_view text, kind, playbook, department;
};

struct decided {
    std::vector<suggestion> suggestions;  ///< ranked; denied ones are not among them
    std::string trace;                    ///< JSON: what matched, what nearly did, what was left out, and why
    std::string again_with;               ///< see verdict::again_with
    std::vector<std::string> obstacles;   ///< the same in words: each reply that was left out or denied
};

/// Whether any playbook, live or shadow, would want this message: what ingest asks before it keeps a
/// stranger's words.
bool wanted(const matcher& rules, const std::string& account, std::string_view platform, const message& m);

decided decide(const decide_input& in);

/// The same for matches that are known already: an occasion, which no message sets off.
decided decide(const decide_input& in, const std::vector<match>& found);

/// The caps that such a reply is under.
std::vector<room> room_left(const decide_input& in, const reply_said& s);

/// What the policies say of this text as a reply of this kind and playbook.
verdict verdict_on(const decide_input& in, const reply_said& s);

/// What an approved suggestion would be bound to if it were shown now, with its text as approved.
/// `verdict_now` gets the policies' word.
approval_basis basis_now(const decide_input& in, const approval_basis& approved, std::string_view kind,
                         std::string_view department, verdict& verdict_now);

std::vector<thread_line> lines_of(const kith::thread& t);

}  // namespace kith
