#include "daemon/model/role.hpp"

#include <algorithm>
#include <array>

namespace kith {

namespace {
constexpr std::array<std::string_view, 5> role_names{"viewer", "drafter", "approver", "lead", "admin"};
}

std::string_view to_string(role r) noexcept {
    return role_names.at(static_cast<std::size_t>(r));
}

std::optional<role> role_from(std::string_view name) noexcept {
    const auto found = std::find(role_names.begin(), role_names.end(), name);
    if (found == role_names.end()) return std::nullopt;
    return static_cast<role>(found - role_names.begin());
}

}  // namespace kith
