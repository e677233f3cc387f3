#include "daemon/relations/answer_life.hpp"

#include "daemon/model/local_time.hpp"

#include <algorithm>
#include <set>

namespace kith {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

bool says_thanks(const later_message& m, const word_lists* words) {
    if (!words || !m.same_thread || m.text.empty()) return false;
    const auto found = words->find(m.text);
    return std::any_of(found.begin(), found.end(), [](const heard& h) { return h.topic == "thanks"; });
}

/// One line of text as YAML that gives back exactly it: double quotes, with escapes.
std::string quoted(const std::string& text) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += std::string("\\") + c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (u < 0x20 || u == 0x7f)
            out += std::string("\\x") + hex[u >> 4U] + hex[u & 15U];
        else
            out += c;
    }
    return out + "\"";
}

}  // namespace

std::string_view to_string(answer_age a) noexcept {
    switch (a) {
        case answer_age::current:
            return "current";
        case answer_age::due:
            return "due";
        case answer_age::stale:
            return "stale";
    }
    return "stale";
}

std::vector<answer_standing> answer_standings(const playbook_set& set, timestamp at,
                                              std::chrono::milliseconds notice) {
    const auto today = std::chrono::floor<days>(at);
    std::vector<answer_standing> out;
    for (const auto& [id, a] : set.answers) {
        answer_standing s;
        s.id = id;
        s.owner = a.owner;
        s.review_by = a.review_by;
        s.days_left = (sys_days{a.review_by} - today).count();
        if (s.days_left < 0)
            s.age = answer_age::stale;
        else if (days{s.days_left} <= notice)
            s.age = answer_age::due;
        out.push_back(std::move(s));
    }
    return out;
}

helped judge_help(const posted_reply& r, timestamp at, const word_lists* words) {
    bool thanked = false;
    for (const auto& m : r.later) {
        if (m.received_at <= r.posted_at || m.received_at > at) continue;
        if (says_thanks(m, words))
            thanked = true;
        else if (m.same_playbook && m.received_at <= r.posted_at + solved_after)
            return helped::not_solved;
    }
    if (thanked) return helped::solved;
    return at > r.posted_at + solved_after ? helped::solved : helped::undecided;
}

std::map<std::string, answer_tally> tally_answers(const std::vector<posted_reply>& replies, timestamp at,
                                                  const word_lists* words) {
    std::map<std::string, answer_tally> out;
    for (const auto& r : replies) {
        std::set<std::string> cited;
        for (const auto& c : r.cites) cited.insert(c.substr(0, c.find('@')));
        if (cited.empty()) continue;
        const auto what = judge_help(r, at, words);
        for (const auto& id : cited) {
            auto& t = out[id];
            ++t.posted;
            ++(what == helped::solved ? t.solved : what == helped::not_solved ? t.not_solved : t.undecided);
        }
    }
    return out;
}

std::string answer_file(const std::string& id, const std::string& owner, const std::string& language,
                        const std::string& text, std::chrono::year_month_day review_by) {
    const auto day = std::chrono::local_days{sys_days{review_by}.time_since_epoch()};
    return "id: " + id + "\nowner: " + owner + "\nreview_by: " + spell(day) + "\ntext:\n  " + language +
           ": " + quoted(text) + "\n";
}

}  // namespace kith
