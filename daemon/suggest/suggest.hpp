/// From matches to rendered replies, best first. Pure: the same input gives the same output.
#pragma once

#include "daemon/match/matcher.hpp"
#include "daemon/model/time.hpp"

#include <string>
#include <vector>

namespace kith {

/// A reply rendered for one message.
struct candidate {
    std::string playbook;
    std::string revision;
    std::string owner;  ///< department
    std::string reply;  ///< its id within the playbook
    reply_kind kind = reply_kind::help;
    std::string language;
    std::string text;
    std::vector<std::string> cites;  ///< "reset-password@3f2a..." : answer and its revision
    std::vector<evidence> because;
};

struct suggested {
    std::vector<candidate> candidates;  ///< help before ask before thank before handoff before offer; stable
    std::vector<std::string>
        left_out;  ///< in words: "sign-in-trouble/steps cites reset-password, past its review_by 2026-01-01"
};

/// Shadow, draft and retired playbooks give no candidate. A reply without a text in the message's language is
/// left out; a message of unknown language is answered in `house_language`.
suggested suggest(const message& m, const std::vector<match>& matches, const playbook_set& set,
                  const std::string& house_language, timestamp at);

/// Fills the placeholders {{ contact.name }} and {{ answer.ID }}. What they are filled with is text, never a
/// template. A contact's name is cut to one line of at most 40 characters and dropped (to "there") where it
/// carries a link, an @ or a control character.
std::string render(const std::string& text, const message& m, const playbook_set& set,
                   const std::string& language);

/// The placeholders in a text that do not exist, for the loader.
std::vector<std::string> unknown_placeholders(const std::string& text, const playbook_set& set);

}  // namespace kith
