#include "daemon/notify/notice_mail.hpp"

#include "daemon/digest/render.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace kith {

namespace json = boost::json;

namespace {

struct words {
    std::string_view waiting, expiring, second_needed, unsure, account_stopped, daily;
    std::string_view nothing, open, questions, several, settings;
};

constexpr words english = {
    "A suggestion waits for a person.",
    "A suggestion can soon be sent no more.",
    "A reply was approved by one person and needs a second.",
    "Nobody can tell whether a reply was posted: a person must look.",
    "An account is stopped.",
    "What waits today",
    "Nothing waits for your departments.",
    "Suggestions",
    "questions",
    "things need a person",
    "You chose these mails in Kith, where you can also end them:",
};
constexpr words german = {
    "Ein Vorschlag wartet auf eine Person.",
    "Ein Vorschlag kann bald nicht mehr gesendet werden.",
    "Eine Antwort ist von einer Person freigegeben und braucht eine zweite.",
    "Niemand weiß, ob eine Antwort gesendet wurde: Jemand muss nachsehen.",
    "Ein Konto ist angehalten.",
    "Was heute wartet",
    "Für Ihre Abteilungen wartet nichts.",
    "Vorschläge",
    "Fragen",
    "Dinge brauchen eine Person",
    "Sie haben diese Mails in Kith gewählt, dort lassen sie sich auch beenden:",
};

std::string_view heading_of(const words& w, std::string_view kind) {
    if (kind == "waiting") return w.waiting;
    if (kind == "expiring") return w.expiring;
    if (kind == "second-needed") return w.second_needed;
    if (kind == "unsure") return w.unsure;
    if (kind == "account-stopped") return w.account_stopped;
    return w.daily;
}

/// One thing: what it is about, and where it is.
struct line {
    std::string about, url;
};

std::string text_in(const json::object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

line line_of(const notification& n, const std::string& link) {
    const auto all = json::parse(n.body);
    const auto& o = all.as_object();
    const auto* s = o.if_contains("suggestion");
    if (!s || !s->is_object()) return {text_in(o, "account"), link};
    const auto& what = s->get_object();
    auto about = text_in(what, "title");
    for (const char* name : {"department", "account"})
        if (const auto text = text_in(what, name); !text.empty())
            about += (about.empty() ? "" : " · ") + text;
    return {about, text_in(what, "url")};
}

struct part {
    std::string heading;
    std::vector<line> lines;
};

part summary_of(const notices& n, const words& w) {
    part out{std::string(w.daily), {}};
    for (const auto& [name, counts] : n.waiting) {
        if (counts.open == 0 && counts.waiting == 0) continue;
        out.lines.push_back({name + ". " + std::string(w.open) + ": " + std::to_string(counts.open) + ", " +
                                 std::string(w.questions) + ": " + std::to_string(counts.waiting),
                             {}});
    }
    if (out.lines.empty()) out.lines.push_back({std::string(w.nothing), {}});
    return out;
}

std::vector<part> parts_of(const notices& n, const words& w) {
    static constexpr std::array<std::string_view, 5> order = {"unsure", "account-stopped", "second-needed",
                                                              "expiring", "waiting"};
    std::vector<part> out;
    for (const auto kind : order) {
        part p{std::string(heading_of(w, kind)), {}};
        for (const auto& one : n.news)
            if (one.kind == kind) p.lines.push_back(line_of(one, n.link));
        if (!p.lines.empty()) out.push_back(std::move(p));
    }
    const bool daily = std::any_of(n.news.begin(), n.news.end(),
                                   [](const notification& one) { return one.kind == "daily"; });
    if (daily) out.push_back(summary_of(n, w));
    return out;
}

}  // namespace

notice_mail write_notices(const notices& n) {
    const auto& w = n.language == "de" ? german : english;
    const auto parts = parts_of(n, w);
    notice_mail out;
    out.subject = n.house + ": ";
    if (n.news.size() == 1 && !parts.empty())
        out.subject += parts.front().heading;
    else
        out.subject += std::to_string(n.news.size()) + " " + std::string(w.several);
    const std::string language = n.language == "de" ? "de" : "en";
    out.html = "<!doctype html>\n<html lang=\"" + language + "\"><head><meta charset=\"utf-8\"><title>" +
               html_escaped(out.subject) + "</title></head><body style=\"font: 1em sans-serif\">\n";
    for (const auto& p : parts) {
        out.text += p.heading + "\n";
        out.html += "<h2 style=\"font-size: 1.1em\">" + html_escaped(p.heading) + "</h2>\n<ul>\n";
        for (const auto& l : p.lines) {
            out.text += "- " + l.about + "\n" + (l.url.empty() ? "" : "  " + l.url + "\n");
            const auto about = html_escaped(l.about);
            const auto shown =
                l.url.empty() ? about : "<a href=\"" + html_escaped(l.url) + "\">" + about + "</a>";
            out.html += "<li dir=\"auto\">" + shown + "</li>\n";
        }
        out.text += "\n";
        out.html += "</ul>\n";
    }
    const auto settings = n.link + "/me";
    out.text += std::string(w.settings) + "\n" + settings + "\n";
    out.html += "<p>" + html_escaped(std::string(w.settings)) + " <a href=\"" + html_escaped(settings) +
                "\">" + html_escaped(settings) + "</a></p>\n</body></html>\n";
    return out;
}

}  // namespace kith
