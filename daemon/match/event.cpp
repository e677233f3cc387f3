#include "daemon/match/event.hpp"

#include <algorithm>

namespace kith {

bool concerns(const event_trigger& e, std::string_view product) {
    return e.products.empty() || std::find(e.products.begin(), e.products.end(), product) != e.products.end();
}

bool hears(const matcher& rules, std::string_view playbook, const matched_message& m) {
    const auto found = rules.find(m);
    return std::any_of(found.begin(), found.end(),
                       [&](const match& one) { return one.matched && one.playbook == playbook; });
}

match match_of(const playbook& p, std::string words) {
    match out;
    out.playbook = p.id;
    out.revision = p.revision;
    out.status = p.status;
    out.matched = true;
    if (p.event)
        out.because.push_back({"event: " + std::string(to_string(p.event->is)), std::move(words), {}});
    return out;
}

}  // namespace kith
