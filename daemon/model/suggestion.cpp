#include "daemon/model/suggestion.hpp"

#include "daemon/model/sha256.hpp"

#include <array>
#include <utility>

namespace kith {

namespace {

constexpr std::array<std::string_view, 8> state_names = {"open",    "approved", "sending",   "delivered",
                                                         "refused", "rejected", "withdrawn", "unsure"};

using field = std::pair<std::string_view, std::string approval_basis::*>;
constexpr std::array<field, 9> fields = {{{"text", &approval_basis::text},
                                          {"account", &approval_basis::account},
                                          {"target message", &approval_basis::target},
                                          {"target message's revision", &approval_basis::target_revision},
                                          {"newest message in the thread", &approval_basis::thread_tail},
                                          {"verdict", &approval_basis::verdict},
                                          {"playbook", &approval_basis::playbook},
                                          {"playbook's revision", &approval_basis::playbook_revision},
                                          {"reply", &approval_basis::reply}}};

}  // namespace

std::string_view to_string(suggestion_state s) noexcept {
    return state_names[static_cast<std::size_t>(s)];
}

std::optional<suggestion_state> suggestion_state_from(std::string_view text) noexcept {
    for (std::size_t i = 0; i < state_names.size(); ++i)
        if (state_names[i] == text) return static_cast<suggestion_state>(i);
    return std::nullopt;
}

std::string_view to_string(purpose p) noexcept {
    return p == purpose::answer ? "answer" : "occasion";
}

std::optional<purpose> purpose_from(std::string_view text) noexcept {
    if (text == "answer") return purpose::answer;
    if (text == "occasion") return purpose::occasion;
    return std::nullopt;
}

std::string_view to_string(decision d) noexcept {
    switch (d) {
        case decision::allow:
            return "allow";
        case decision::second:
            return "second";
        case decision::deny:
            return "deny";
    }
    return "deny";
}

std::string verdict::digest() const {
    std::string out(to_string(decision));
    for (const auto& r : reasons) {
        out += ' ';
        out += r.rule;
        out += '=';
        out += to_string(r.says);
    }
    for (const auto& p : packs) out += " " + p;
    return out;
}

std::string approval_basis::hash() const {
    std::string all;
    for (const auto& [name, member] : fields) {  // lengths keep two fields from being read as one
        all += std::to_string((this->*member).size());
        all += ':';
        all += this->*member;
    }
    return sha256_hex(all);
}

std::vector<std::string> approval_basis::differences(const approval_basis& now) const {
    std::vector<std::string> out;
    for (const auto& [name, member] : fields) {
        if (this->*member == now.*member) continue;
        const auto& is = now.*member;
        out.push_back("the " + std::string(name) + " changed from '" + this->*member + "' to '" +
                      (is.empty() ? "nothing" : is) + "'");
    }
    return out;
}

}  // namespace kith
