/// The API's answers for people's eyes: plain text, a table where there are several. What contacts wrote is
/// shown with its control characters replaced: a message must not be able to steer a terminal.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace kith::cli {

std::string show_queue(const boost::json::value& list);
std::string show_suggestion(const boost::json::value& s);
std::string show_why(const boost::json::value& w);
std::string show_canaries(const boost::json::value& v);
std::string show_status(const boost::json::value& s);

/// Control characters and bidirectional overrides replaced; on one line unless `lines`.
std::string harmless(std::string_view text, bool lines = false);

}  // namespace kith::cli
