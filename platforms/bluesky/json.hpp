/// Reading foreign JSON without ever trusting its shape: each accessor says "nothing" rather than throw.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string_view>

namespace kith::bluesky {

namespace json = boost::json;

/// Parses one document. Nothing if it is broken, or nested deeper than any answer of Bluesky's has reason to
/// be.
std::optional<json::object> parse_object(std::string_view text);

/// The text under `key`, or an empty view: it lives as long as `in`.
std::string_view text_at(const json::object& in, std::string_view key) noexcept;
const json::object* object_at(const json::object& in, std::string_view key) noexcept;
const json::array* array_at(const json::object& in, std::string_view key) noexcept;
std::optional<std::int64_t> number_at(const json::object& in, std::string_view key) noexcept;
bool flag_at(const json::object& in, std::string_view key) noexcept;

}  // namespace kith::bluesky
