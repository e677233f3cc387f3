#include "daemon/suggest/suggest.hpp"

#include "daemon/match/language.hpp"

#include <algorithm>
#include <cstdio>

namespace kith {

namespace {

std::string spell(std::chrono::year_month_day d) {
    char out[32];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(d.year()),
                  static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
    return out;
}

/// Why a reply cannot be given in this language on this day, or empty.
std::string obstacle(const reply& r, const playbook_set& set, const std::string& language,
                     std::chrono::sys_days today) {
    if (!r.text.contains(language)) return "has no text in '" + language + "'";
    for (const std::string& id : r.cites) {
        const auto cited = set.answers.find(id);
        if (cited == set.answers.end()) return "cites " + id + ", which is not there";
        if (std::chrono::sys_days{cited->second.review_by} < today)
            return "cites " + id + ", past its review_by " + spell(cited->second.review_by);
    }
    return {};
}

candidate make(const playbook& p, const reply& r, const match& why, const message& m, const playbook_set& set,
               const std::string& language) {
    candidate c;
    c.playbook = p.id;
    c.revision = p.revision;
    c.owner = p.owner;
    c.reply = r.id;
    c.kind = r.kind;
    c.language = language;
    c.text = render(r.text.at(language), m, set, language);
    for (const std::string& id : r.cites) c.cites.push_back(id + "@" + set.answers.at(id).revision);
    c.because = why.because;
    return c;
}

}  // namespace

suggested suggest(const message& m, const std::vector<match>& matches, const playbook_set& set,
                  const std::string& house_language, timestamp at) {
    suggested out;
    const auto today = std::chrono::floor<std::chrono::days>(at);
    const std::string stated = primary_language(m.language);
    const std::string& language = stated.empty() ? house_language : stated;
    for (const match& hit : matches) {
        const playbook* p =
            hit.matched && hit.status == playbook_status::live ? set.find(hit.playbook) : nullptr;
        if (p == nullptr) continue;
        for (const reply& r : p->say) {
            const std::string why_not = obstacle(r, set, language, today);
            if (why_not.empty())
                out.candidates.push_back(make(*p, r, hit, m, set, language));
            else
                out.left_out.push_back(p->id + "/" + r.id + " " + why_not);
        }
    }
    std::stable_sort(out.candidates.begin(), out.candidates.end(),
                     [](const candidate& a, const candidate& b) { return a.kind < b.kind; });
    return out;
}

}  // namespace kith
