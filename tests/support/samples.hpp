/// Values that many tests begin with.
#pragma once

#include "daemon/store/store.hpp"

namespace kith::test {

/// A message to us from `author`, revision "1".
inline message sample_message(std::string id, std::string text = "how do I reset my password?",
                              std::string author = "ann") {
    message m;
    m.native_id = std::move(id);
    m.revision = "1";
    m.thread_id = "t-" + m.native_id;
    m.author.id = author;
    m.author.handle = std::move(author);
    m.addressed = true;
    m.text = std::move(text);
    m.written_at = now();
    return m;
}

inline batch batch_of(event e, std::string next = "1") {
    batch b;
    b.events.push_back(std::move(e));
    b.next = std::move(next);
    return b;
}

/// A suggestion for a stored message, allowed by one rule.
inline suggestion sample_suggestion(const stored_message& m, std::string text = "Use the link.", int rank = 0) {
    suggestion s;
    s.message_id = m.id;
    s.rank = rank;
    s.platform = "test";
    s.department = "support";
    s.playbook_title = "Cannot sign in";
    s.kind = "help";
    s.language = "en";
    s.cites = {"reset-password"};
    s.matched = {{"phrase: reset my password", "reset my password", 9, 26}};
    s.verdict.decision = decision::allow;
    s.verdict.reasons = {{"house.length", decision::allow, "13 of 500 characters"}};
    s.basis.text = std::move(text);
    s.basis.account = m.account;
    s.basis.target = m.what.native_id;
    s.basis.target_revision = m.what.revision;
    s.basis.thread_tail = m.what.native_id;
    s.basis.verdict = s.verdict.digest();
    s.basis.playbook = "sign-in-trouble";
    s.basis.playbook_revision = "0123456789ab";
    s.basis.reply = "steps";
    return s;
}

}  // namespace kith::test
