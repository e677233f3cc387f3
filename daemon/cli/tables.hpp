/// What the printers share: values out of JSON, and tables of them.
#pragma once

#include <boost/json/array.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

/// The text at a path of keys, harmless on a terminal, or empty.
std::string at(const boost::json::value& v, std::initializer_list<std::string_view> keys);
/// The list of that name, or an empty one.
const boost::json::array& list(const boost::json::value& v, std::string_view key);
/// Columns as wide as their widest cell.
std::string table(const std::vector<std::vector<std::string>>& rows);
/// "5m": how long ago that was.
std::string age(const std::string& written);
std::string shortened(const std::string& text, std::size_t most);

}  // namespace kith::cli
