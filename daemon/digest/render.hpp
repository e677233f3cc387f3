/// A digest as people and programs read it. Pure: the same facts give the same bytes.
#pragma once

#include "daemon/digest/facts.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace kith {

std::string digest_subject(const digest_facts& f);
std::string digest_text(const digest_facts& f);
/// Complete, without scripts, images or anything else from elsewhere.
std::string digest_html(const digest_facts& f);
boost::json::object digest_json(const digest_facts& f);

std::string html_escaped(const std::string& text);

/// "5 minutes", "3 hours", "12 days".
std::string spoken_age(std::chrono::microseconds age);

}  // namespace kith
