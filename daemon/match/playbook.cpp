#include "daemon/match/playbook.hpp"

#include <algorithm>

namespace kith {

std::string_view to_string(reply_kind k) noexcept {
    switch (k) {
        case reply_kind::help:
            return "help";
        case reply_kind::ask:
            return "ask";
        case reply_kind::thank:
            return "thank";
        case reply_kind::handoff:
            return "handoff";
        case reply_kind::offer:
            return "offer";
    }
    return "help";
}

std::string_view to_string(playbook_status s) noexcept {
    switch (s) {
        case playbook_status::draft:
            return "draft";
        case playbook_status::shadow:
            return "shadow";
        case playbook_status::live:
            return "live";
        case playbook_status::retired:
            return "retired";
    }
    return "draft";
}

std::string_view to_string(event_kind k) noexcept {
    switch (k) {
        case event_kind::first_week:
            return "first-week";
        case event_kind::new_answer:
            return "new-answer";
        case event_kind::fixed:
            return "fixed";
    }
    return "first-week";
}

const playbook* playbook_set::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(playbooks.begin(), playbooks.end(), [&](const playbook& p) { return p.id == id; });
    return found == playbooks.end() ? nullptr : &*found;
}

}  // namespace kith
