// kith department ..., kith answers: who answers for what, and what became of it.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct department_options {
    explicit department_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, text;
    bool answered = false, send = false;
    list_options wanted;
};

int get(const department_options& line, const std::string& target, printer show) {
    return print(line.common, call(line.common.socket, "GET", "/api/v1" + target), show);
}

int get_list(const department_options& line, const std::string& target, printer show) {
    return print_list(line.common, call_list(line.common.socket, "/api/v1" + target, line.wanted), show);
}

std::string department(const department_options& line, const std::string& rest = {}) {
    return "/departments/" + net::percent_encode(line.id) + rest;
}

std::string show_digest(const json::value& d) {
    return harmless(json::value_to<std::string>(d.at("subject"))) + "\n\n" +
           harmless(json::value_to<std::string>(d.at("text")), true);
}

std::string show_sent(const json::value& d) {
    return "sent to " + at(d, {"where"}) + "\n";
}

int digest(const department_options& line) {
    if (!line.send) return get(line, department(line, "/digest"), show_digest);
    const auto target = "/api/v1" + department(line, "/digest");
    return print(line.common, call(line.common.socket, "POST", target, json::object()), show_sent);
}

int answer(const department_options& line) {
    const json::object body{{"text", line.text}};
    const auto target = "/api/v1/questions/" + net::percent_encode(line.id) + "/answer";
    return print(line.common, call(line.common.socket, "POST", target, body), show_question);
}

}  // namespace

void add_departments(command app, command_line& common) {
    static department_options line(common);
    auto top = app.add_command("department", "who answers for what").needs_one();
    const auto add = [&](const char* name, const char* what, std::function<int()> run) {
        auto sub = top.add_command(name, what);
        sub.on_named([run] { line.common.run = run; });
        return sub;
    };
    const auto of = [&](command sub) { sub.add_option("id", line.id, "the department").required(); };
    auto all = add("list", "the departments, and what waits for each",
                   [] { return get_list(line, "/departments", show_departments); });
    add_list_options(all, line.wanted);
    of(add("show", "one department: its queue, questions, what nobody answered, its answers",
           [] { return get(line, department(line), show_department); }));
    auto questions = add("questions", "what a department was asked", [] {
        const auto target = "/questions?department=" + net::percent_encode(line.id) +
                            (line.answered ? "&state=all" : "&state=waiting");
        return get_list(line, target, show_questions);
    });
    of(questions);
    questions.add_flag("--answered", line.answered, "also those that are answered");
    add_list_options(questions, line.wanted);
    auto answering = add("answer", "answer a question", [] { return answer(line); });
    answering.add_option("question", line.id, "its number").required();
    answering.add_option("text", line.text, "the answer").required();
    auto unanswered = add("unanswered", "messages to us that nobody answered", [] {
        return get_list(line, "/unanswered?department=" + net::percent_encode(line.id), show_unanswered);
    });
    unanswered.add_option("id", line.id, "only those of this department");
    add_list_options(unanswered, line.wanted);
    auto digests = add("digest", "what the digest would tell now", [] { return digest(line); });
    of(digests);
    digests.add_flag("--send", line.send, "send it to where kith.yaml says, beside those of the clock");
    auto answers = app.add_command("answers", "the reviewed answers: their review days, what they did");
    add_list_options(answers, line.wanted);
    answers.on_named([] { line.common.run = [] { return get_list(line, "/answers", show_answers); }; });
}

}  // namespace kith::cli
