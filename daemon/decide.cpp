#include "daemon/decide.hpp"

#include "daemon/model/json.hpp"

#include <boost/json/serialize.hpp>

namespace kith {

namespace json = boost::json;

namespace {

std::vector<matched_words> words_of(const std::vector<evidence>& because) {
    std::vector<matched_words> out;
    for (const auto& e : because) out.push_back({e.trigger, e.words, e.where.begin, e.where.end});
    return out;
}

suggestion to_suggestion(const decide_input& in, const candidate& c, const verdict& v) {
    suggestion s;
    s.message_id = in.message.id;
    s.platform = in.platform;
    s.purpose = in.purpose;
    s.department = c.owner;
    s.kind = to_string(c.kind);
    s.language = c.language;
    s.cites = c.cites;
    s.matched = words_of(c.because);
    s.verdict = v;
    s.expires_at = v.until;
    s.thread = lines_of(in.thread);
    if (const auto* p = in.rules.set().find(c.playbook)) s.playbook_title = p->title;
    s.basis.text = c.text;
    s.basis.account = in.message.account;
    s.basis.target = in.message.what.native_id;
    s.basis.target_revision = in.message.what.revision;
    s.basis.thread_tail = in.thread.tail;
    s.basis.verdict = v.digest();
    s.basis.playbook = c.playbook;
    s.basis.playbook_revision = c.revision;
    s.basis.reply = c.reply;
    return s;
}

std::string why_denied(const verdict& v) {
    std::string out;
    for (const auto& r : v.reasons)
        if (r.says == decision::deny) out += (out.empty() ? "" : ", ") + r.rule + " (" + r.why + ")";
    return out;
}

judgement_input judged_as(const decide_input& in, const reply_said& s) {
    return {s.text,      s.kind,   s.playbook,  s.department, in.message, in.thread, in.length(s.text),
            in.platform, in.packs, in.standing, in.house,     in.label,   in.at,     in.purpose};
}

json::object trace_of(const match& m) {
    return {{"playbook", m.playbook},
            {"revision", m.revision},
            {"status", to_string(m.status)},
            {"matched", m.matched},
            {"because", to_json(words_of(m.because))},
            {"but", to_json(m.but)}};
}

}  // namespace

std::vector<thread_line> lines_of(const kith::thread& t) {
    std::vector<thread_line> out;
    for (const auto& m : t.messages)
        out.push_back({m.native_id, m.author.handle, m.author.display_name, m.ours, m.text, m.written_at});
    return out;
}

bool wanted(const matcher& rules, const std::string& account, std::string_view platform, const message& m) {
    const matched_message about{account, std::string(platform), &m};
    const auto found = rules.find(about);
    return std::any_of(found.begin(), found.end(), [](const match& f) { return f.matched; });
}

verdict verdict_on(const decide_input& in, const reply_said& s) {
    return judge(judged_as(in, s));
}

std::vector<room> room_left(const decide_input& in, const reply_said& s) {
    return room_left(judged_as(in, s));
}

decided decide(const decide_input& in) {
    const matched_message about{in.message.account, std::string(in.platform), &in.message.what};
    return decide(in, in.rules.find(about));
}

decided decide(const decide_input& in, const std::vector<match>& found) {
    const auto made = suggest(in.message.what, found, in.rules.set(), in.house.language, in.at);
    decided out;
    out.obstacles = made.left_out;
    json::array denied;
    for (const auto& c : made.candidates) {
        const auto kind = to_string(c.kind);
        const reply_said said{c.text, kind, c.playbook, c.owner};
        const auto v = verdict_on(in, said);
        if (v.decision == decision::deny) {
            if (!v.again_with.empty()) out.again_with = v.again_with;
            denied.push_back({{"playbook", c.playbook},
                              {"department", c.owner},
                              {"reply", c.reply},
                              {"verdict", to_json(v)}});
            out.obstacles.push_back(c.playbook + "/" + c.reply + " is denied: " + why_denied(v));
            continue;
        }
        out.suggestions.push_back(to_suggestion(in, c, v));
        out.suggestions.back().rank = static_cast<int>(out.suggestions.size()) - 1;
    }
    json::array matches;
    for (const auto& m : found) matches.push_back(trace_of(m));
    out.trace = json::serialize(json::object{{"at", to_rfc3339(in.at)},
                                             {"revision", in.message.what.revision},
                                             {"playbooks", in.rules.set().commit},
                                             {"matches", std::move(matches)},
                                             {"left_out", to_json(made.left_out)},
                                             {"denied", std::move(denied)}});
    return out;
}

approval_basis basis_now(const decide_input& in, const approval_basis& approved, std::string_view kind,
                         std::string_view department, verdict& verdict_now) {
    approval_basis b = approved;
    b.target_revision = in.thread.target_revision;
    b.thread_tail = in.thread.tail;
    verdict_now = verdict_on(in, {approved.text, kind, approved.playbook, department});
    b.verdict = verdict_now.digest();
    const auto* p = in.rules.set().find(approved.playbook);
    b.playbook_revision = p && p->status == playbook_status::live ? p->revision : "";
    return b;
}

}  // namespace kith
