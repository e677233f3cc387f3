#include "daemon/model/stage.hpp"

#include <array>

namespace kith {

namespace {

constexpr std::array<std::string_view, 5> stage_names = {"attention", "attraction", "affinity", "audience",
                                                         "advocate"};

}  // namespace

std::string_view to_string(stage s) noexcept {
    return stage_names[static_cast<std::size_t>(s)];
}

std::optional<stage> stage_from(std::string_view text) noexcept {
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        if (stage_names[i] == text) return static_cast<stage>(i);
    return std::nullopt;
}

}  // namespace kith
