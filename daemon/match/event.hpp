/// Playbooks that no message sets off: what their events have to do with products and with other playbooks.
#pragma once

#include "daemon/match/matcher.hpp"

namespace kith {

/// Whether the event is about this product.
bool concerns(const event_trigger& e, std::string_view product);

/// Whether the playbook of that id matches the message.
bool hears(const matcher& rules, std::string_view playbook, const matched_message& m);

/// The playbook as if a message had set it off; `words` say what happened, for people.
match match_of(const playbook& p, std::string words);

}  // namespace kith
