/// What stands under `when`.
#pragma once

#include "daemon/match/playbook.hpp"

namespace kith {

/// Reads `when: {any: ..., all: ..., none: ..., where: ...}` of a playbook into its `when` and `where`.
void read_when(yaml::map_reader& from, playbook& into);

/// `event: first-week`, under `when` or in a test.
event_kind read_event_kind(yaml::map_reader& from);

/// The trigger as people know it: "phrase: reset my password".
std::string name_of(const trigger& t);

std::string_view to_string(trigger::kind k) noexcept;

}  // namespace kith
