#include "daemon/relations/departments.hpp"

#include <algorithm>
#include <set>

namespace kith {

std::vector<department_config> departments_of(const std::vector<department_config>& declared,
                                              const playbook_set& set) {
    if (!declared.empty()) return declared;
    std::set<std::string> owners;
    for (const auto& p : set.playbooks) owners.insert(p.owner);
    for (const auto& [id, a] : set.answers) owners.insert(a.owner);
    std::vector<department_config> out;
    for (const auto& id : owners) {
        department_config d;
        d.id = d.name = id;
        out.push_back(std::move(d));
    }
    return out;
}

std::vector<std::string> ids_of(const std::vector<department_config>& declared) {
    std::vector<std::string> out;
    for (const auto& d : declared) out.push_back(d.id);
    return out;
}

void check_owners(const std::vector<std::string>& declared, const playbook_set& set, yaml::findings& out) {
    if (declared.empty()) return;
    const auto check = [&](const std::string& owner, const std::string& file, yaml::place at) {
        if (owner.empty() || std::find(declared.begin(), declared.end(), owner) != declared.end()) return;
        const auto near = yaml::nearest(owner, declared);
        out.add(file, at, "there is no department '" + owner + "'",
                near.empty() ? "declare it under departments in kith.yaml, or name one that is there"
                             : "did you mean " + near + "?");
    };
    for (const auto& p : set.playbooks) check(p.owner, p.file, p.owner_at);
    for (const auto& [id, a] : set.answers) check(a.owner, a.file, a.owner_at);
}

std::string department_of(const unanswered_message& m, const playbook_set& set) {
    if (!m.department.empty()) return m.department;
    const auto* p = m.playbook.empty() ? nullptr : set.find(m.playbook);
    return p ? p->owner : std::string();
}

}  // namespace kith
