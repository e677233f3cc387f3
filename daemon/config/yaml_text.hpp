/// The raw text of a YAML file: what is wrong with it before any YAML is read, and where a byte of it stands.
#pragma once

#include "daemon/config/yaml.hpp"

#include <optional>
#include <string_view>

namespace kith::yaml {

/// Turns byte offsets into places. Columns count characters, as editors do. Fast for offsets close to the
/// last one asked for, so that a file of one long line costs linear time.
class locator {
 public:
    explicit locator(std::string_view text) : text_(text) {}
    place operator()(std::size_t offset);

 private:
    std::string_view text_;
    std::size_t offset_ = 0;
    std::size_t column_ = 1;
    std::size_t line_ = 1;
};

/// A fault in the bytes themselves.
struct fault {
    std::size_t offset = 0;
    const char* what = "";
    const char* mend = "";
};

/// Bad UTF-8, NUL and other control characters, a carriage return alone.
std::optional<fault> check_bytes(std::string_view text) noexcept;

/// Where the quoted text that opens at `open` ends: one past its closing quote; nothing if it never ends.
std::optional<std::size_t> end_of_quote(std::string_view text, std::size_t open) noexcept;

/// The first quote at or after `from` that is not in a comment, or nothing.
std::optional<std::size_t> next_quote(std::string_view text, std::size_t from) noexcept;

}  // namespace kith::yaml
