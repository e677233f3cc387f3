#include "daemon/model/role.hpp"

#include <algorithm>
#include <array>

namespace kith {

namespace {
constexpr std::array<std::string_view, 5> names{"viewer", "drafter", "approver", "lead", "admin"};
}

std::string_view to_string(role r) noexcept {
    return names.at(static_cast<std::size_t>(r));
}

std::optional<role> role_from(std::string_view name) noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<role>(found - names.begin());
}

}  // namespace kith
