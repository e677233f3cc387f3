#include "daemon/console/contact_view.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/console/view.hpp"
#include "daemon/model/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace kith::console {

namespace json = boost::json;

namespace {

json::value name_of(const std::optional<stage>& s) {
    return s ? json::value(to_string(*s)) : json::value(nullptr);
}

json::object evidence_view(const shown_evidence& e) {
    json::object out{{"id", e.id}, {"signal", to_string(e.signal)}, {"at", to_rfc3339(e.at)}};
    if (e.message_id != 0)
        out["message"] = json::object{{"id", e.message_id}, {"native_id", e.native_id}, {"url", e.url}};
    else
        out["event"] = json::object{{"native_id", e.native_id}, {"about", e.about}};
    return out;
}

template <class T>
json::array each(const std::vector<T>& all, json::object (*show)(const T&)) {
    json::array out;
    for (const auto& one : all) out.push_back(show(one));
    return out;
}

json::object move_view(const shown_move& m) {
    return {{"account", m.account},
            {"at", to_rfc3339(m.move.at)},
            {"from", name_of(m.move.from)},
            {"to", name_of(m.move.to)},
            {"why", m.move.why},
            {"because", each(m.because, evidence_view)}};
}

json::object entry_view(const journal_entry& e) {
    return {{"number", e.number}, {"id", e.id}, {"at", to_rfc3339(e.at)}, {"body", e.body}};
}

json::object history_view(const message_history& h) {
    json::array traces, suggestions, record;
    for (const auto& t : h.traces) traces.push_back(json::parse(t));
    for (const auto& s : h.suggestions) suggestions.push_back(view(s, h.message, text_length{}));
    for (const auto& r : h.record) record.push_back(view(r));
    json::object out = view(h.message);
    out["traces"] = std::move(traces);
    out["suggestions"] = std::move(suggestions);
    out["record"] = std::move(record);
    return out;
}

bool has(const identity& by, const std::string& account) {
    return may(by, {}, account);
}

}  // namespace

void narrow(known_contact& c, const identity& by) {
    if (by.accounts.empty()) return;
    std::erase_if(c.identities, [&](const known_identity& i) { return !has(by, i.account); });
    std::erase_if(c.stages, [&](const known_stage& s) { return !has(by, s.account); });
    const auto theirs = [&](std::int64_t number) {
        return std::any_of(c.identities.begin(), c.identities.end(),
                           [&](const known_identity& i) { return i.number == number; });
    };
    std::erase_if(c.decisions,
                  [&](const contact_decision& d) { return !theirs(d.identity) || !theirs(d.contact); });
}

void narrow(shown_path& p, const identity& by) {
    narrow(p.contact, by);
    std::erase_if(p.moves, [&](const shown_move& m) { return !has(by, m.account); });
}

void narrow(contact_export& e, const identity& by) {
    narrow(e.path, by);
    std::erase_if(e.evidence, [&](const shown_evidence& x) { return !has(by, x.account); });
    std::erase_if(e.messages, [&](const message_history& h) { return !has(by, h.message.account); });
    for (auto& h : e.messages)
        std::erase_if(h.suggestions,
                      [&](const suggestion& s) { return !may(by, s.department, s.basis.account); });
    std::erase_if(e.journal, [&](const auto& one) {
        return std::none_of(e.path.contact.identities.begin(), e.path.contact.identities.end(),
                            [&](const known_identity& i) { return i.number == one.first; });
    });
}

json::object view(const known_contact& c) {
    json::array identities, stages;
    for (const auto& i : c.identities)
        identities.push_back({{"number", i.number},
                              {"account", i.account},
                              {"id", i.who.id},
                              {"handle", i.who.handle},
                              {"name", i.who.display_name},
                              {"bot", i.who.bot},
                              {"blocked", i.blocked},
                              {"messages", i.messages},
                              {"first_seen_at", to_rfc3339(i.first_seen_at)},
                              {"last_seen_at", to_rfc3339(i.last_seen_at)}});
    for (const auto& s : c.stages)
        stages.push_back({{"account", s.account},
                          {"stage", name_of(s.now)},
                          {"since", to_rfc3339(s.since)},
                          {"until", time_or_null(s.until)}});
    json::array decisions;
    for (const auto& d : c.decisions)
        decisions.push_back({{"act", d.act},
                             {"identity", d.identity},
                             {"contact", d.contact},
                             {"reason", d.reason},
                             {"by", d.by},
                             {"at", to_rfc3339(d.at)}});
    return {{"id", c.number},
            {"zone", c.zone},
            {"identities", std::move(identities)},
            {"stages", std::move(stages)},
            {"decisions", std::move(decisions)}};
}

json::object view(const shown_path& p) {
    auto out = view(p.contact);
    out["path"] = each(p.moves, move_view);
    return out;
}

json::object view(const contact_export& e) {
    auto out = view(e.path);
    out["evidence"] = each(e.evidence, evidence_view);
    out["messages"] = each(e.messages, history_view);
    json::array journal;
    for (const auto& [identity, entries] : e.journal)
        journal.push_back({{"identity", identity}, {"entries", each(entries, entry_view)}});
    out["journal"] = std::move(journal);
    return out;
}

json::object view(const forgotten_contact& f) {
    return {{"forgotten", f.number},
            {"identities", f.identities},
            {"messages", f.messages},
            {"suggestions", f.suggestions}};
}

}  // namespace kith::console
