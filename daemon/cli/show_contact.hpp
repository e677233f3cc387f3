/// Contacts for people's eyes.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace kith::cli {

std::string show_contacts(const boost::json::value& list);
std::string show_contact(const boost::json::value& c);
std::string show_path(const boost::json::value& c);
std::string show_forgotten(const boost::json::value& f);

}  // namespace kith::cli
