#include "daemon/match/language.hpp"
#include "daemon/match/read.hpp"
#include "daemon/match/read_trigger.hpp"
#include "daemon/suggest/placeholder.hpp"
#include "daemon/suggest/suggest.hpp"

#include <algorithm>

namespace kith {

namespace {

template <class T>
bool contains(const std::vector<T>& all, const auto& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

void check_cites(yaml::map_reader& from, const reply& r, const known_answers& answers) {
    if (r.kind == reply_kind::help && r.cites.empty())
        from.complain(from.at("cites"), "a reply of kind help must cite an answer",
                      "add `cites: [ID of an answer]`, or choose another kind");
    for (const std::string& id : r.cites) {
        if (answers.in.answers.contains(id) || !answers.complete) continue;
        std::vector<std::string> ids;
        for (const auto& [known, a] : answers.in.answers) ids.push_back(known);
        const std::string near = yaml::nearest(id, ids);
        from.complain(
            from.at("cites"), "there is no answer '" + id.substr(0, 80) + "'",
            near.empty() ? "add it to answers/, or cite one that is there" : "did you mean '" + near + "'?");
    }
}

/// Each placeholder must be there to be filled, in the language of the text.
void check_placeholders(yaml::map_reader& from, const reply& r, const text_in& t,
                        const known_answers& answers) {
    for (const std::string& name : unknown_placeholders(t.text, answers.in)) {
        const bool may_be_known = !answers.complete && !answer_id(name).empty();
        if (!may_be_known)
            from.complain(t.at, "'" + name.substr(0, 80) + "' is not a placeholder",
                          "write {{ contact.name }}, or {{ answer.ID }} with the ID of an answer");
    }
    for (const piece& p : pieces(t.text)) {
        const std::string id(p.is == piece::kind::name ? answer_id(p.text) : std::string_view{});
        const auto known = answers.in.answers.find(id);
        if (known == answers.in.answers.end()) continue;
        if (!contains(r.cites, id))
            from.complain(t.at, "the answer '" + id + "' is used here but not cited", "add it to `cites`");
        if (!known->second.text.contains(t.language))
            from.complain(t.at, "the answer '" + id + "' has no text in '" + t.language + "'",
                          "write one in " + known->second.file + ", or leave this language out");
    }
}

reply read_reply(const yaml::node& item, const std::string& path, const known_answers& answers,
                 yaml::findings& out) {
    reply r;
    r.at = item.at;
    yaml::map_reader from(item, path, "reply", out);
    r.id = read_id(from, "id");
    from.need("kind");
    r.kind = static_cast<reply_kind>(from.choice("kind", {"help", "ask", "thank", "handoff", "offer"}, 0));
    r.cites = from.texts("cites");
    check_cites(from, r, answers);
    for (text_in& t : read_texts(from)) {
        check_placeholders(from, r, t, answers);
        r.text.emplace(std::move(t.language), std::move(t.text));
    }
    if (r.id == "nothing")
        from.complain(from.at("id"), "a reply cannot be called 'nothing'", "tests use the word for no reply");
    from.done();
    return r;
}

/// The items of a list that must be there and not be empty.
const std::vector<yaml::node>& read_list(yaml::map_reader& from, std::string_view key,
                                         const std::string& mend) {
    static const std::vector<yaml::node> none;
    const yaml::node* list = from.need(key);
    if (list == nullptr) return none;
    if (list->is == yaml::node::kind::sequence && !list->items.empty()) return list->items;
    from.complain(from.at(key), "`" + std::string(key) + "` must be a list that is not empty", mend);
    return none;
}

void read_say(yaml::map_reader& from, playbook& p, const known_answers& answers) {
    for (const yaml::node& item :
         read_list(from, "say", "write `- id: ...` with kind and text for each reply")) {
        reply r = read_reply(item, p.file, answers, from.out());
        const auto same =
            std::find_if(p.say.begin(), p.say.end(), [&](const reply& o) { return o.id == r.id; });
        if (same != p.say.end() && !r.id.empty())
            from.complain(
                r.at,
                "a second reply has the id '" + r.id + "', first in line " + std::to_string(same->at.line),
                "give each reply its own id");
        p.say.push_back(std::move(r));
    }
    for (const reply& r : p.say)
        if (p.event && r.kind == reply_kind::offer)
            from.complain(r.at, "a playbook with an event makes no offer",
                          "help with what they have: choose another kind");
    std::stable_sort(p.say.begin(), p.say.end(),
                     [](const reply& a, const reply& b) { return a.kind < b.kind; });
    for (const std::string& language : p.where.languages) {
        const auto speaks = [&](const reply& r) { return r.text.contains(language); };
        if (!p.say.empty() && std::none_of(p.say.begin(), p.say.end(), speaks))
            from.complain(from.at("say"),
                          "`where` admits the language '" + language + "', but no reply has a text in it",
                          "add a text in it, or take it out of `where`");
    }
}

/// `- {event: first-week, product: pro, expect: ...}`; `message` is what they once asked or reported.
void read_event_test(yaml::map_reader& one, const playbook& p, playbook_test& t) {
    if (one.need("event") != nullptr) t.event = read_event_kind(one);
    t.product = one.text("product");
    if (p.event->is == event_kind::first_week) return;
    t.message = one.need_text("message");
}

void read_tests(yaml::map_reader& from, playbook& p) {
    std::vector<std::string> ids{"nothing"};
    for (const reply& r : p.say) ids.push_back(r.id);
    for (const yaml::node& item : read_list(from, "tests", "write `- message: ...` and `expect: ...`")) {
        playbook_test t;
        t.at = item.at;
        yaml::map_reader one(item, p.file, "test", from.out());
        if (p.event)
            read_event_test(one, p, t);
        else
            t.message = one.need_text("message");
        t.expect = one.need_text("expect");
        t.language = one.text("language");
        if (!t.language.empty() && primary_language(t.language).empty())
            one.complain(one.at("language"), "'" + t.language.substr(0, 80) + "' is not a language",
                         "write en or de-AT");
        if (!t.expect.empty() && !contains(ids, t.expect)) {
            const std::string near = yaml::nearest(t.expect, ids);
            one.complain(one.at("expect"), "there is no reply '" + t.expect.substr(0, 80) + "' to expect",
                         near.empty() ? "write a reply's id, or nothing" : "did you mean '" + near + "'?");
        }
        one.done();
        p.tests.push_back(std::move(t));
    }
    const auto expects_nothing = [](const playbook_test& t) { return t.expect == "nothing"; };
    const auto count = std::count_if(p.tests.begin(), p.tests.end(), expects_nothing);
    if (!p.tests.empty() && count == 0)
        from.complain(from.at("tests"), "no test expects nothing", "add a message that must not match");
    if (!p.tests.empty() && count == static_cast<std::ptrdiff_t>(p.tests.size()))
        from.complain(from.at("tests"), "no test expects a reply", "add a message that must match");
}

}  // namespace

playbook read_playbook(const yaml::node& file, const std::string& path, const known_answers& answers,
                       yaml::findings& out) {
    playbook p;
    p.file = path;
    p.at = file.at;
    yaml::map_reader from(file, path, "playbook", out);
    p.id = read_id(from, "id");
    p.title = from.need_text("title");
    p.owner = from.need_text("owner");
    p.owner_at = from.at("owner");
    p.status = static_cast<playbook_status>(from.choice("status", {"draft", "shadow", "live", "retired"}, 0));
    read_when(from, p);
    for (const char* key : {"intent", "intents"})
        if (from.has(key)) {
            from.take(key);
            from.complain(from.at(key), "`" + std::string(key) + "` is not available in this version",
                          "use phrases and regexes under `when`");
        }
    read_say(from, p, answers);
    const auto cites = [](const reply& r) { return !r.cites.empty(); };
    if (p.event && p.event->is == event_kind::new_answer && std::none_of(p.say.begin(), p.say.end(), cites))
        from.complain(from.at("say"), "the event new-answer needs a reply that cites an answer",
                      "add `cites: [ID of the answer]`");
    read_tests(from, p);
    from.done();
    return p;
}

}  // namespace kith
