// kith questions ...: what reviewers ask departments inside a suggestion.
#include "daemon/cli/command_line.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/net/http.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

#include <cstdio>
#include <fstream>

namespace kith::cli {

namespace json = boost::json;

namespace {

struct question_options {
    explicit question_options(command_line& c) : common(c) {}
    command_line& common;
    std::string id, department, text, as, review_by, into;
    bool answered = false;
    list_options wanted;
};

result<json::value> post(const question_options& line, const std::string& target, const json::object& body) {
    return call(line.common.socket, "POST", "/api/v1" + target, body);
}

std::string one(const question_options& line, const std::string& rest = {}) {
    return "/questions/" + net::percent_encode(line.id) + rest;
}

/// The file's text as it is: it is meant for a file.
std::string show_kept(const json::value& v) {
    return json::value_to<std::string>(v.at("text"));
}

int keep(const question_options& line) {
    const json::object body{{"id", line.as}, {"review_by", line.review_by}};
    const auto got = post(line, one(line, "/keep"), body);
    if (got.has_error() || line.into.empty()) return print(line.common, got, show_kept);
    std::ofstream out(line.into, std::ios::binary);
    out << show_kept(*got) << std::flush;
    if (!out) {
        std::fprintf(stderr, "kith: cannot write %s\n", line.into.c_str());
        return 1;
    }
    std::fprintf(stderr, "%s is written: read it, commit it, and reload the playbooks\n", line.into.c_str());
    return 0;
}

}  // namespace

void add_questions(command app, command_line& common) {
    static question_options line(common);
    auto top = app.add_command("questions", "what departments are asked").needs_one();
    const auto add = [&](const char* name, const char* what, std::function<int()> run) {
        auto sub = top.add_command(name, what);
        sub.on_named([run] { line.common.run = run; });
        return sub;
    };
    auto list = add("list", "the questions that wait", [] {
        const auto target = "/api/v1/questions?department=" + net::percent_encode(line.department) +
                            (line.answered ? "&state=all" : "&state=waiting");
        return print_list(line.common, call_list(line.common.socket, target, line.wanted), show_questions);
    });
    list.add_option("--department", line.department, "only those to this department");
    list.add_flag("--answered", line.answered, "also those that are answered");
    add_list_options(list, line.wanted);
    add("show", "one question",
        [] {
            return print(line.common, call(line.common.socket, "GET", "/api/v1" + one(line)), show_question);
        })
        .add_option("id", line.id, "its number")
        .required();
    auto ask = add("ask", "ask a department about a suggestion", [] {
        const json::object body{{"department", line.department}, {"text", line.text}};
        const auto target = "/suggestions/" + net::percent_encode(line.id) + "/questions";
        return print(line.common, post(line, target, body), show_question);
    });
    ask.add_option("suggestion", line.id, "the suggestion's number").required();
    ask.add_option("department", line.department, "whom").required();
    ask.add_option("text", line.text, "the question").required();
    auto answer = add("answer", "answer a question", [] {
        return print(line.common, post(line, one(line, "/answer"), {{"text", line.text}}), show_question);
    });
    answer.add_option("id", line.id, "its number").required();
    answer.add_option("text", line.text, "the answer").required();
    auto keeping = add("keep", "make a reviewed answer of what a department answered; prints its file",
                       [] { return keep(line); });
    keeping.add_option("question", line.id, "its number").required();
    keeping.add_option("--id", line.as, "the id of the answer").required();
    keeping.add_option("--review-by", line.review_by, "until when it may be given, such as 2027-11-30")
        .required();
    keeping.add_option("--into", line.into, "write the file here instead of printing it");
}

}  // namespace kith::cli
