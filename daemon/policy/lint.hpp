/// What the packs have against a playbook before any message came: the same checks as at the send.
#pragma once

#include "daemon/match/playbook.hpp"
#include "daemon/policy/pack.hpp"

namespace kith {

/// Each reply whose own text promotes under another kind's name, as the house's pack forbids, is a finding at
/// the reply's place.
void lint(const playbook_set& set, const pack_set& packs, yaml::findings& out);

}  // namespace kith
