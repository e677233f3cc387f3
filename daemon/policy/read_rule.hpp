/// One rule of a pack: the kind that its key names, with the parameters under it.
#pragma once

#include "daemon/policy/pack.hpp"

#include <span>

namespace kith {

struct rule_kind {
    std::string_view name;
    rules::kind (*read)(yaml::map_reader& parameters);
    bool may_wait = false;  ///< `then: wait` makes sense
};

/// By name.
std::span<const rule_kind> rule_kinds() noexcept;

/// "2026-11-23", and a day that exists; anything else is a finding.
std::chrono::year_month_day read_date(yaml::map_reader& from, std::string_view key);

/// Ways in which a message comes to us; unknown ones are findings.
std::vector<way> read_ways(yaml::map_reader& from, std::string_view key);

/// The words of a closed list; others are findings.
std::vector<std::string> read_words(yaml::map_reader& from, std::string_view key,
                                    const std::vector<std::string>& known);

}  // namespace kith
