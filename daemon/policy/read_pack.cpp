#include "daemon/policy/read_rule.hpp"

#include <algorithm>
#include <set>

namespace kith {

namespace {

using reader = yaml::map_reader;

/// An id, as in playbooks: lower-case letters, digits and hyphens.
std::string read_id(reader& from, std::string_view key) {
    auto id = from.need_text(key);
    const bool good =
        id.size() <= 64 && !id.starts_with('-') && std::all_of(id.begin(), id.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!good)
        from.complain(from.at(key), "'" + id.substr(0, 80) + "' is no id",
                      "use a-z, 0-9 and '-', at most 64, starting with a letter or digit");
    return good ? id : std::string();
}

std::string read_source(reader& from) {
    auto source = from.need_text("source");
    if (!source.empty() && source != "house" && !source.starts_with("https://") &&
        !source.starts_with("http://"))
        from.complain(from.at("source"), "`source` is no address",
                      "write https://..., or `house` where the house itself decided");
    return source;
}

rule_filter read_filter(const yaml::node& node, const std::string& path, yaml::findings& out) {
    static const std::vector<std::string> reply_kinds = {"help", "ask", "thank", "handoff", "offer"};
    reader from(node, path, "only", out);
    rule_filter f;
    f.kinds = read_words(from, "kinds", reply_kinds);
    f.ways = read_ways(from, "ways");
    f.communities = from.texts("communities");
    f.accounts = from.texts("accounts");
    if (f.kinds.empty() && f.ways.empty() && f.communities.empty() && f.accounts.empty())
        from.complain(node.at, "`only` lets everything through",
                      "name kinds, ways, communities or accounts, or drop it");
    from.done();
    return f;
}

/// The one key that names a kind; null with a finding if there is none, or more than one.
const rule_kind* find_kind(reader& from) {
    const rule_kind* found = nullptr;
    for (const auto& k : rule_kinds()) {
        if (!from.has(k.name)) continue;
        if (found)
            from.complain(
                from.at(k.name),
                "one rule is of two kinds, " + std::string(found->name) + " and " + std::string(k.name),
                "make two rules of it");
        found = &k;
    }
    if (found) return found;
    std::string all;
    for (const auto& k : rule_kinds()) all += (all.empty() ? "" : ", ") + std::string(k.name);
    from.complain(from.at(), "the rule says of no kind what it is", "add one of " + all);
    return nullptr;
}

void read_consequence(reader& from, const rule_kind& kind, rule& into) {
    const bool quiet = std::holds_alternative<rules::quiet_hours>(into.kind);
    using enum rule::consequence;
    static constexpr rule::consequence all[] = {deny, second, wait};
    into.then = all[from.choice("then", {"deny", "second", "wait"}, quiet ? 2 : 0)];
    if (into.then == wait && !kind.may_wait)
        from.complain(from.at("then"), "waiting does not mend a rule of the kind " + std::string(kind.name),
                      "write deny or second");
}

/// Topics that no word list has would never be heard, and the rule never speak.
void check_topics(reader& from, const rule& r, const word_lists* words) {
    if (!words) return;
    std::vector<std::string> topics;
    if (const auto* k = std::get_if<rules::message_says>(&r.kind)) topics = k->topics;
    if (const auto* k = std::get_if<rules::reply_says>(&r.kind)) topics = k->topics;
    if (const auto* k = std::get_if<rules::offer>(&r.kind)) {
        topics = k->asked;
        topics.insert(topics.end(), k->never_in.begin(), k->never_in.end());
    }
    for (const auto& t : topics)
        if (!words->knows(t))
            from.complain(r.at, "there is no list of words for the topic '" + t.substr(0, 80) + "'",
                          "add words/" + t.substr(0, 80) + ".yaml, or name another topic");
}

rule read_rule(const yaml::node& node, const std::string& path, const std::string& pack_name,
               const word_lists* words, yaml::findings& out) {
    reader from(node, path, "rule", out);
    rule r;
    r.at = node.at;
    r.id = pack_name + "." + read_id(from, "id");
    r.source = read_source(from);
    r.date = from.need_text("date");
    read_date(from, "date");
    r.why = from.need_text("why");
    if (const auto* only = from.take("only")) r.only = read_filter(*only, path, out);
    const auto* kind = find_kind(from);
    for (const auto& k : rule_kinds()) from.take(k.name);
    if (kind) {
        const auto* given = from.take(kind->name);
        reader parameters(*given, path, std::string(kind->name), out);
        r.kind = kind->read(parameters);
        parameters.done();
        read_consequence(from, *kind, r);
        check_topics(from, r, words);
    }
    if (std::holds_alternative<rules::any_reply>(r.kind) && !from.has("only") &&
        r.then != rule::consequence::second)
        from.complain(node.at, "the rule speaks against every reply there is",
                      "add `only`, or `then: second`");
    if (std::holds_alternative<rules::offer>(r.kind) && pack_name != "house")
        from.complain(
            node.at, "only the house's pack says when an offer may be made",
            "move the rule to house.yaml; `any_reply` with `only: {kinds: offer}` forbids offers here");
    from.done();
    return r;
}

}  // namespace

pack read_pack(const yaml::node& file, const std::string& path, const word_lists* words,
               yaml::findings& out) {
    pack p;
    p.file = path;
    reader from(file, path, "pack", out);
    p.name = read_id(from, "pack");
    p.title = from.need_text("title");
    p.source = read_source(from);
    p.checked = read_date(from, "checked");
    p.expires = read_date(from, "expires");
    if (p.expires < p.checked)
        from.complain(from.at("expires"), "the pack expired before it was checked",
                      "mend one of the two dates");
    const auto* list = from.need("rules");
    if (list && list->is != yaml::node::kind::sequence)
        from.complain(list->at, "`rules` is not a list", "write `- id: ...` for each rule, or []");
    std::set<std::string> ids;
    if (list && list->is == yaml::node::kind::sequence)
        for (const auto& item : list->items) {
            auto r = read_rule(item, path, p.name, words, out);
            if (r.id != p.name + "." && !ids.insert(r.id).second)
                out.add(path, r.at, "a second rule has the id '" + r.id.substr(p.name.size() + 1) + "'",
                        "give each rule its own id");
            p.rules.push_back(std::move(r));
        }
    from.done();
    return p;
}

}  // namespace kith
