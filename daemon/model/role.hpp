/// What a person at the console may do. Each may all that the one before may.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith {

enum class role : std::uint8_t {
    viewer,    ///< reads
    drafter,   ///< edits, asks departments, proposes
    approver,  ///< approves, rejects, snoozes, assigns
    lead,      ///< resumes what is stopped, sees who caught which canary, takes a claim over
    admin,     ///< people, accounts, tokens of others, the audit's export
};

std::string_view to_string(role r) noexcept;
/// Nothing for any other word.
std::optional<role> role_from(std::string_view name) noexcept;

}  // namespace kith
