/// What the printers share: to get at JSON, and to lay it out. What comes out of it is harmless to a
/// terminal.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

/// The text at a path of keys, or empty.
std::string at(const boost::json::value& v, std::initializer_list<std::string_view> keys);

/// The array under a key, or an empty one.
const boost::json::array& list(const boost::json::value& v, std::string_view key);

/// At most so many characters, an ellipsis among them.
std::string shortened(const std::string& text, std::size_t most);

/// Rows as columns, each as wide as its widest cell.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// How long ago an RFC 3339 time is: "12s", "3h".
std::string age(const std::string& written);

}  // namespace kith::cli
