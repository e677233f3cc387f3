#include "daemon/policy/lint.hpp"

#include "daemon/policy/policy.hpp"

#include <algorithm>

namespace kith {

namespace {

bool is_for(const rule& r, std::string_view kind) {
    const auto& kinds = r.only.kinds;
    return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// The text with its answers, as a contact would get it.
std::string with_answers(std::string text, const std::string& language, const reply& r,
                         const playbook_set& set) {
    for (const auto& id : r.cites) {
        const auto a = set.answers.find(id);
        if (a == set.answers.end()) continue;
        if (const auto t = a->second.text.find(language); t != a->second.text.end()) text += "\n" + t->second;
    }
    return text;
}

void lint_reply(const playbook& p, const reply& r, const playbook_set& set, const pack_set& packs,
                const pack& house, yaml::findings& out) {
    for (const auto& each : house.rules) {
        const auto* says = std::get_if<rules::reply_says>(&each.kind);
        if (!says || !is_for(each, to_string(r.kind))) continue;
        for (const auto& [language, text] : r.text) {
            const auto words =
                hidden_promotion(*packs.words, says->topics, with_answers(text, language, r, set));
            if (words.empty()) continue;
            out.add(p.file, r.at,
                    "the reply '" + r.id + "' is of kind " + std::string(to_string(r.kind)) + " and says '" +
                        words + "', which " + each.id + " forbids: " + each.why,
                    "say it without, or make it a reply of kind offer");
        }
    }
}

}  // namespace

void lint(const playbook_set& set, const pack_set& packs, yaml::findings& out) {
    const auto house = packs.packs.find("house");
    if (!packs.words || house == packs.packs.end()) return;  // said elsewhere, and nothing is sent meanwhile
    for (const auto& p : set.playbooks) {
        if (p.status == playbook_status::retired) continue;
        for (const auto& r : p.say) lint_reply(p, r, set, packs, house->second, out);
    }
}

}  // namespace kith
