/// Who answers for what. Pure.
#pragma once

#include "daemon/config/department_config.hpp"
#include "daemon/match/playbook.hpp"
#include "daemon/store/department_store.hpp"

#include <string>
#include <vector>

namespace kith {

/// The departments that kith.yaml declares, in its order; if it declares none, the owners of the playbooks
/// and answers, by id.
std::vector<department_config> departments_of(const std::vector<department_config>& declared,
                                              const playbook_set& set);

/// Where departments are declared, an owner that is none of them is a finding.
void check_owners(const std::vector<std::string>& declared, const playbook_set& set, yaml::findings& out);

std::vector<std::string> ids_of(const std::vector<department_config>& declared);

/// Whose it is that nobody answered: the suggestion's department, else the owner of the playbook that
/// matched, else nobody's but the house's ("").
std::string department_of(const unanswered_message& m, const playbook_set& set);

}  // namespace kith
