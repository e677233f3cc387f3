#include "daemon/digest/render.hpp"

#include "daemon/model/local_time.hpp"

#include <boost/json/array.hpp>

#include <functional>

namespace kith {

namespace json = boost::json;

namespace {

std::string count(std::int64_t n, const std::string& one, const std::string& more) {
    return std::to_string(n) + " " + (n == 1 ? one : more);
}

std::string day_of(std::chrono::year_month_day d) {
    return spell(std::chrono::local_days{std::chrono::sys_days{d}.time_since_epoch()});
}

std::string state_of(const answer_standing& a) {
    if (a.age == answer_age::stale)
        return "past its review day for " + count(-a.days_left, "day", "days") + ": not suggested any more";
    if (a.days_left == 0) return "to be reviewed today";
    return "to be reviewed within " + count(a.days_left, "day", "days");
}

std::string outcome_of(const answer_tally& t) {
    return "solved " + std::to_string(t.solved) + " of " + std::to_string(t.posted) + ", not solved " +
           std::to_string(t.not_solved) + ", undecided " + std::to_string(t.undecided);
}

/// A heading and its lines: what text and HTML have in common.
struct part {
    std::string heading;
    std::vector<std::string> lines;
};

part queue_part(const digest_facts& f) {
    part p{"Your queue", {}};
    std::string line = count(f.counts.open, "message waits", "messages wait") + " for a decision";
    if (f.counts.oldest_open) line += ", the oldest for " + spoken_age(f.at - *f.counts.oldest_open);
    p.lines.push_back(line + ".");
    const auto& d = f.period;
    p.lines.push_back("In this time: " + count(d.suggested, "message", "messages") + " with a suggestion, " +
                      count(d.delivered, "reply", "replies") + " posted, " + std::to_string(d.rejected) +
                      " rejected; " + count(d.asked, "question", "questions") + " asked, " +
                      std::to_string(d.answered) + " answered.");
    return p;
}

part questions_part(const digest_facts& f) {
    part p{"You were asked, and have not answered: " + count(f.counts.waiting, "question", "questions"), {}};
    for (const auto& q : f.waiting)
        p.lines.push_back("Question " + std::to_string(q.id) + ", by " + q.asked_by + " " +
                          spoken_age(f.at - q.asked_at) + " ago, about message " +
                          std::to_string(q.message_id) + ": " + q.text);
    return p;
}

part unanswered_part(const digest_facts& f) {
    part p{"Nobody answered: " + count(f.unanswered_count, "message", "messages"), {}};
    for (const auto& m : f.unanswered)
        p.lines.push_back("Message " + std::to_string(m.id) + " on " + m.account + ", " +
                          spoken_age(f.at - m.received_at) + " old: " + m.because +
                          (m.playbook.empty() ? "" : ", playbook " + m.playbook));
    if (static_cast<std::size_t>(f.unanswered_count) > f.unanswered.size() && !f.unanswered.empty())
        p.lines.push_back(
            "... and " + std::to_string(f.unanswered_count - static_cast<std::int64_t>(f.unanswered.size())) +
            " more.");
    return p;
}

part review_part(const digest_facts& f) {
    part p{"Answers to review", {}};
    for (const auto& a : f.answers)
        if (a.age != answer_age::current)
            p.lines.push_back(a.id + " (" + day_of(a.review_by) + "): " + state_of(a) + ".");
    return p;
}

part outcome_part(const digest_facts& f) {
    part p{"What your answers did", {}};
    for (const auto& [id, t] : f.outcome) p.lines.push_back(id + ": " + outcome_of(t) + ".");
    return p;
}

std::vector<part> parts_of(const digest_facts& f) {
    std::vector<part> out{queue_part(f), questions_part(f), unanswered_part(f), review_part(f),
                          outcome_part(f)};
    std::erase_if(out, [](const part& p) { return p.lines.empty(); });
    return out;
}

std::string span_of(const digest_facts& f) {
    const auto last = f.until > f.since ? f.until - std::chrono::microseconds{1} : f.until;
    const auto from = spell(local_day(f.zone, f.since)), to = spell(local_day(f.zone, last));
    return from == to ? to : from + " to " + to;
}

/// What people wrote may hold anything: in a line of text it stays on its line.
std::string one_line(const std::string& text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return out;
}

json::value when(const std::optional<timestamp>& t) {
    return t ? json::value(to_rfc3339(*t, 0)) : json::value(nullptr);
}

}  // namespace

std::string html_escaped(const std::string& text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    return out;
}

std::string spoken_age(std::chrono::microseconds age) {
    using namespace std::chrono;
    if (age < hours{2})
        return count(std::max<std::int64_t>(0, floor<minutes>(age).count()), "minute", "minutes");
    if (age < hours{48}) return count(floor<hours>(age).count(), "hour", "hours");
    return count(floor<days>(age).count(), "day", "days");
}

std::string digest_subject(const digest_facts& f) {
    std::string out = one_line(f.name) + ": " + std::to_string(f.counts.open) + " waiting, " +
                      count(f.counts.waiting, "question", "questions") + ", " +
                      std::to_string(f.unanswered_count) + " unanswered";
    return out;
}

std::string digest_text(const digest_facts& f) {
    std::string out = one_line(f.name) + " at " + one_line(f.house) + ", " + span_of(f) + "\n";
    for (const auto& p : parts_of(f)) {
        out += "\n" + p.heading + "\n";
        for (const auto& line : p.lines) out += "  - " + one_line(line) + "\n";
    }
    if (!f.link.empty()) out += "\n" + f.link + "\n";
    return out;
}

std::string digest_html(const digest_facts& f) {
    const auto title = html_escaped(f.name + " at " + f.house + ", " + span_of(f));
    std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
                      "</title></head>\n<body style=\"font-family: sans-serif; max-width: 40em\">\n<h1 "
                      "style=\"font-size: 1.3em\">" +
                      title + "</h1>\n";
    for (const auto& p : parts_of(f)) {
        out += "<h2 style=\"font-size: 1.1em\">" + html_escaped(p.heading) + "</h2>\n<ul>\n";
        for (const auto& line : p.lines)
            out += "<li dir=\"auto\">" + html_escaped(one_line(line)) + "</li>\n";
        out += "</ul>\n";
    }
    if (!f.link.empty())
        out += "<p><a href=\"" + html_escaped(f.link) + "\">" + html_escaped(f.link) + "</a></p>\n";
    return out + "</body></html>\n";
}

json::object digest_json(const digest_facts& f) {
    json::array waiting, unanswered, answers;
    for (const auto& q : f.waiting)
        waiting.push_back({{"id", q.id},
                           {"message", q.message_id},
                           {"suggestion", q.suggestion_id},
                           {"asked_by", q.asked_by},
                           {"asked_at", to_rfc3339(q.asked_at, 0)},
                           {"text", q.text}});
    for (const auto& m : f.unanswered)
        unanswered.push_back({{"message", m.id},
                              {"account", m.account},
                              {"received_at", to_rfc3339(m.received_at, 0)},
                              {"playbook", m.playbook},
                              {"because", m.because}});
    for (const auto& a : f.answers) {
        json::object v{{"id", a.id},
                       {"review_by", day_of(a.review_by)},
                       {"days_left", a.days_left},
                       {"age", to_string(a.age)}};
        const auto found = f.outcome.find(a.id);
        const auto t = found == f.outcome.end() ? answer_tally{} : found->second;
        v["posted"] = t.posted;
        v["solved"] = t.solved;
        v["not_solved"] = t.not_solved;
        v["undecided"] = t.undecided;
        answers.push_back(std::move(v));
    }
    return {{"house", f.house},
            {"department", f.department},
            {"name", f.name},
            {"since", to_rfc3339(f.since, 0)},
            {"until", to_rfc3339(f.until, 0)},
            {"at", to_rfc3339(f.at, 0)},
            {"link", f.link},
            {"queue", {{"open", f.counts.open}, {"oldest_at", when(f.counts.oldest_open)}}},
            {"period",
             {{"suggested", f.period.suggested},
              {"delivered", f.period.delivered},
              {"rejected", f.period.rejected},
              {"asked", f.period.asked},
              {"answered", f.period.answered}}},
            {"questions", {{"count", f.counts.waiting}, {"items", std::move(waiting)}}},
            {"unanswered", {{"count", f.unanswered_count}, {"items", std::move(unanswered)}}},
            {"answers", std::move(answers)}};
}

}  // namespace kith
