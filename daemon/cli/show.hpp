/// The API's answers for people's eyes: plain text, a table where there are several. What contacts wrote is
/// shown with its control characters replaced: a message must not be able to steer a terminal.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace kith::cli {

std::string show_queue(const boost::json::value& list);
std::string show_suggestion(const boost::json::value& s);
/// As the API answers /suggestions/ID/claim.
std::string show_claim(const boost::json::value& v);
std::string show_why(const boost::json::value& w);
std::string show_brakes(const boost::json::value& list);
std::string show_canaries(const boost::json::value& v);
std::string show_status(const boost::json::value& s);

std::string show_questions_asked(const boost::json::array& all);
/// As a page of the API: /questions, /questions/ID, /departments, /departments/ID, /unanswered, /answers.
std::string show_questions(const boost::json::value& list);
std::string show_question(const boost::json::value& q);
std::string show_departments(const boost::json::value& list);
std::string show_department(const boost::json::value& d);
std::string show_unanswered(const boost::json::value& list);
std::string show_answers(const boost::json::value& list);

/// Control characters and bidirectional overrides replaced; on one line unless `lines`.
std::string harmless(std::string_view text, bool lines = false);

}  // namespace kith::cli
