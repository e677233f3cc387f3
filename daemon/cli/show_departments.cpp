// Departments, their questions and their answers, for people's eyes.
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"

namespace kith::cli {

namespace json = boost::json;

namespace {

/// "3, oldest 2d"
std::string with_age(const json::value& v, std::string_view count) {
    const auto oldest = at(v, {"oldest_at"});
    return at(v, {count}) + (oldest.empty() ? "" : ", oldest " + age(oldest));
}

std::string outcome(const json::value& a) {
    return at(a, {"solved"}) + " of " + at(a, {"posted"}) + " solved, " + at(a, {"not_solved"}) + " not, " +
           at(a, {"undecided"}) + " undecided";
}

std::string digest(const json::value& d) {
    const auto* v = d.as_object().if_contains("digest");
    if (!v || v->is_null()) return "none";
    std::string out =
        "every " + at(*v, {"every"}) + " to " + at(*v, {"where"}) + ", next at " + at(*v, {"next_at"});
    if (!at(*v, {"last", "state"}).empty()) out += "; the last: " + at(*v, {"last", "state"});
    if (!at(*v, {"last", "error"}).empty()) out += ": " + at(*v, {"last", "error"});
    return out;
}

std::vector<std::string> unanswered_row(const json::value& m) {
    return {at(m, {"message"}),    at(m, {"account"}),  age(at(m, {"received_at"})),
            at(m, {"department"}), at(m, {"playbook"}), at(m, {"because"})};
}

std::vector<std::string> answer_row(const json::value& a) {
    return {at(a, {"id"}), at(a, {"owner"}), at(a, {"review_by"}), at(a, {"age"}), outcome(a)};
}

const std::vector<std::string> unanswered_head{"message", "account", "age", "department", "playbook", ""};
const std::vector<std::string> answer_head{"answer", "owner", "review by", "", "what it did"};

}  // namespace

std::string show_departments(const json::value& v) {
    std::vector<std::vector<std::string>> rows{
        {"department", "name", "queue", "questions", "unanswered", "answers", "due", "stale"}};
    for (const auto& d : list(v, "items"))
        rows.push_back({at(d, {"id"}), at(d, {"name"}), with_age(d.at("queue"), "open"),
                        with_age(d.at("questions"), "waiting"), at(d, {"unanswered"}),
                        at(d, {"answers", "count"}), at(d, {"answers", "due"}), at(d, {"answers", "stale"})});
    return table(rows) + "\nunanswered, and no department's: " + at(v, {"house", "unanswered"}) + "\n";
}

std::string show_department(const json::value& d) {
    std::string out = at(d, {"id"}) + " (" + at(d, {"name"}) +
                      ")\n  queue: " + with_age(d.at("queue"), "open") + "\n  digest: " + digest(d) + "\n";
    out += "  questions that wait: " + with_age(d.at("questions"), "waiting") + "\n";
    for (const auto& q : list(d.at("questions"), "items"))
        out += "    " + at(q, {"id"}) + ", " + age(at(q, {"asked_at"})) + " ago by " + at(q, {"asked_by"}) +
               ", suggestion " + at(q, {"suggestion"}) + ": " + at(q, {"text"}) + "\n";
    const auto& silent = list(d, "unanswered");
    out += "\nnobody answered: " + std::to_string(silent.size()) + "\n";
    std::vector<std::vector<std::string>> rows{unanswered_head};
    for (const auto& m : silent) rows.push_back(unanswered_row(m));
    if (!silent.empty()) out += table(rows);
    out += "\n";
    rows = {answer_head};
    for (const auto& a : list(d, "answers")) rows.push_back(answer_row(a));
    return out + table(rows);
}

std::string show_unanswered(const json::value& v) {
    if (list(v, "items").empty()) return "nothing\n";
    std::vector<std::vector<std::string>> rows{unanswered_head};
    for (const auto& m : list(v, "items")) rows.push_back(unanswered_row(m));
    return table(rows);
}

std::string show_answers(const json::value& v) {
    std::vector<std::vector<std::string>> rows{answer_head};
    for (const auto& a : list(v, "items")) rows.push_back(answer_row(a));
    return table(rows);
}

std::string show_questions(const json::value& v) {
    if (list(v, "items").empty()) return "nothing\n";
    std::vector<std::vector<std::string>> rows{
        {"id", "department", "age", "by", "suggestion", "answered by", "question"}};
    for (const auto& q : list(v, "items"))
        rows.push_back({at(q, {"id"}), at(q, {"department"}), age(at(q, {"asked_at"})), at(q, {"asked_by"}),
                        at(q, {"suggestion"}), at(q, {"answered_by"}), shortened(at(q, {"text"}), 60)});
    return table(rows);
}

std::string show_question(const json::value& q) {
    json::array one;
    one.push_back(q);
    return "suggestion " + at(q, {"suggestion"}) + ", message " + at(q, {"message"}) + "\n" +
           show_questions_asked(one);
}

}  // namespace kith::cli
