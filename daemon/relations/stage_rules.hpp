/// policies/stages.yaml as a value: which signals move a contact to which stage of the A-Path, and when a
/// stage is lost again.
#pragma once

#include "daemon/config/yaml.hpp"
#include "daemon/model/stage.hpp"
#include "daemon/relations/signals.hpp"

#include <array>
#include <memory>

namespace kith {

/// One way onto a stage.
struct stage_way {
    contact_signal signal = contact_signal::spoke_of_us;
    int count = 1;                        ///< so many of them ...
    std::chrono::milliseconds within{0};  ///< ... within so long; counts above one only
    std::optional<stage> from;            ///< only for a contact who stands at least here
};

struct stage_rule {
    std::vector<stage_way> any;                      ///< each is enough
    std::vector<contact_signal> until;               ///< each takes a contact on this stage one stage down
    std::optional<std::chrono::milliseconds> after;  ///< without any evidence: one stage down
};

/// Immutable once made.
struct stage_rules {
    std::array<stage_rule, 5> stages;  ///< by stage
    std::chrono::milliseconds came_back_after{std::chrono::hours{48}};
    std::string revision;  ///< of the file

    const stage_rule& at(stage s) const noexcept { return stages[static_cast<std::size_t>(s)]; }
};

/// Null with findings. Never throws on any content.
std::shared_ptr<const stage_rules> read_stage_rules(std::string_view text, const std::string& file,
                                                    yaml::findings& out);

/// `folder`/stages.yaml; where there is none, what Kith ships.
std::shared_ptr<const stage_rules> load_stage_rules(const std::string& folder, yaml::findings& out);

}  // namespace kith
