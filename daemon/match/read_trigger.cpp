#include "daemon/match/read_trigger.hpp"

#include "daemon/match/language.hpp"
#include "daemon/match/read.hpp"

#include <algorithm>
#include <array>

namespace kith {

namespace {

using kind = trigger::kind;

struct name {
    std::string_view word;
    kind is;
};
constexpr std::array groups{name{"any", kind::any}, name{"all", kind::all}, name{"none", kind::none}};
constexpr std::array leaves{name{"phrase", kind::phrase}, name{"regex", kind::regex}};

std::optional<kind> find(const auto& names, std::string_view word) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const name& n) { return n.word == word; });
    return found == names.end() ? std::nullopt : std::optional(found->is);
}

trigger read_group(yaml::map_reader& from, kind is, const yaml::node& list, yaml::place at);

void read_leaf(yaml::map_reader& from, const yaml::node& value, const std::string& word, trigger& into) {
    if (value.is != yaml::node::kind::scalar ||
        value.scalar.find_first_not_of(" \t\r\n") == std::string::npos) {
        from.complain(into.at, "this " + word + " is empty or no text", "write the words to look for");
        return;
    }
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (into.is == kind::regex && std::any_of(value.scalar.begin(), value.scalar.end(), control))
        from.complain(value.at, "this regex holds a control character",
                      "use single quotes: within double quotes YAML reads \\b as a backspace");
    into.text = value.scalar;
}

std::optional<trigger> read_item(yaml::map_reader& from, const yaml::node& item) {
    if (item.is != yaml::node::kind::map || item.entries.size() != 1) {
        from.complain(item.at, "this is not one trigger",
                      "write `phrase: ...`, `regex: ...`, `any:`, `all:` or `none:`");
        return std::nullopt;
    }
    const auto& [key, value] = item.entries[0];
    const std::string& word = key.scalar;
    if (const auto group = find(groups, word)) return read_group(from, *group, value, key.at);
    if (const auto leaf = find(leaves, word)) {
        trigger t;
        t.is = *leaf;
        t.at = value.is == yaml::node::kind::null ? key.at : value.at;
        read_leaf(from, value, word, t);
        return t;
    }
    if (word == "intent" || word == "intents") {
        from.complain(key.at, "`" + word + "` is not available in this version", "use phrases and regexes");
        return std::nullopt;
    }
    const std::string near = yaml::nearest(word, {"phrase", "regex", "any", "all", "none"});
    from.complain(key.at, "unknown trigger '" + word.substr(0, 80) + "'",
                  near.empty() ? "known: phrase, regex, any, all, none" : "did you mean '" + near + "'?");
    return std::nullopt;
}

trigger read_group(yaml::map_reader& from, kind is, const yaml::node& list, yaml::place at) {
    trigger t;
    t.is = is;
    t.at = at;
    if (list.is != yaml::node::kind::sequence || list.items.empty()) {
        from.complain(at, "`" + std::string(to_string(is)) + "` must be a list of triggers",
                      "write each as `- phrase: ...` on a line of its own");
        return t;
    }
    for (const yaml::node& item : list.items)
        if (auto one = read_item(from, item)) t.within.push_back(std::move(*one));
    return t;
}

std::vector<std::string> read_languages(yaml::map_reader& from) {
    std::vector<std::string> out;
    for (const std::string& tag : from.texts("language")) {
        const std::string language = primary_language(tag);
        if (language.empty() || language != tag)
            from.complain(from.at("language"), "'" + tag.substr(0, 80) + "' is not a language",
                          "write its primary tag in lower case, such as en or de");
        else
            out.push_back(language);
    }
    return out;
}

/// What only an event is narrowed by.
void read_where_event(yaml::map_reader& from, event_trigger& into) {
    into.products = from.texts("product");
    if (into.is == event_kind::new_answer) into.playbook = from.text("asked");
    if (into.is == event_kind::fixed) into.playbook = from.text("reported");
}

conditions read_where(const yaml::node& map, yaml::map_reader& outer, std::optional<event_trigger>& event) {
    conditions c;
    yaml::map_reader from(map, outer.file(), "where", outer.out());
    if (event) read_where_event(from, *event);
    if (from.take("addressed") != nullptr) c.addressed = from.flag("addressed", true);
    c.platforms = from.texts("platform");
    c.accounts = from.texts("account");
    c.languages = read_languages(from);
    if (const yaml::node* author = from.take("author")) {
        yaml::map_reader who(*author, outer.file(), "author", outer.out());
        if (who.take("bot") != nullptr) c.bot = who.flag("bot", false);
        who.done();
    }
    from.done();
    return c;
}

/// Does it hold for a message in which nothing at all is found?
bool holds_for_nothing(const trigger& t) {
    switch (t.is) {
        case kind::phrase:
        case kind::regex:
            return false;
        case kind::any:
            return std::any_of(t.within.begin(), t.within.end(), holds_for_nothing);
        case kind::all:
            return std::all_of(t.within.begin(), t.within.end(), holds_for_nothing);
        case kind::none:
            return std::none_of(t.within.begin(), t.within.end(), holds_for_nothing);
    }
    return false;
}

}  // namespace

std::string_view to_string(trigger::kind k) noexcept {
    switch (k) {
        case kind::phrase:
            return "phrase";
        case kind::regex:
            return "regex";
        case kind::any:
            return "any";
        case kind::all:
            return "all";
        case kind::none:
            return "none";
    }
    return "any";
}

event_kind read_event_kind(yaml::map_reader& from) {
    return static_cast<event_kind>(from.choice("event", {"first-week", "new-answer", "fixed"}, 0));
}

std::string name_of(const trigger& t) {
    return std::string(to_string(t.is)) + ": " + t.text;
}

namespace {

/// `event: ...` under `when`, if it is there.
void read_event(yaml::map_reader& when, playbook& into) {
    if (!when.has("event")) return;
    event_trigger e;
    e.at = when.at("event");
    e.is = read_event_kind(when);
    into.event = e;
    for (const name& group : groups)
        if (when.has(group.word))
            when.complain(
                when.at(group.word),
                "a playbook with an event has no `" + std::string(group.word) + "`: no message sets it off",
                "name under `where` the playbook that hears such messages: asked or reported");
}

/// An event that is about messages names the playbook that hears them.
void check_event(yaml::map_reader& when, const playbook& p) {
    const bool needs_one = p.event->is != event_kind::first_week;
    const std::string key = p.event->is == event_kind::new_answer ? "asked" : "reported";
    if (needs_one && p.event->playbook.empty())
        when.complain(
            p.event->at,
            "the event " + std::string(to_string(p.event->is)) + " needs `where: {" + key + ": ...}`",
            "name the playbook that hears what was " + key);
}

}  // namespace

void read_when(yaml::map_reader& from, playbook& into) {
    into.when.is = kind::all;
    into.when.at = from.at("when");
    const yaml::node* map = from.need("when");
    if (map == nullptr) return;
    const std::size_t before = from.out().all().size();
    yaml::map_reader when(*map, from.file(), "when", from.out());
    read_event(when, into);
    for (const name& group : groups)
        if (const yaml::node* list = when.take(group.word))
            into.when.within.push_back(read_group(when, group.is, *list, when.at(group.word)));
    if (const yaml::node* where = when.take("where")) into.where = read_where(*where, when, into.event);
    when.done();
    if (into.event) return check_event(when, into);
    if (from.out().all().size() == before && holds_for_nothing(into.when))
        from.complain(into.when.at, "`when` holds for every message that says nothing of this",
                      "name under `any` or `all` what a message must say");
}

}  // namespace kith
