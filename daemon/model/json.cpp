#include "daemon/model/json.hpp"

#include <boost/json/parse.hpp>

namespace kith {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& v, std::string_view key) {
    return json::value_to<std::string>(v.at(key));
}

decision decision_from(std::string_view text) noexcept {
    if (text == "allow") return decision::allow;
    return text == "second" ? decision::second : decision::deny;
}

template <class T, class F>
std::vector<T> each(std::string_view text, F read) {
    std::vector<T> out;
    const auto parsed = json::parse(text);  // named: a range-for does not keep what it calls members of
    for (const auto& item : parsed.as_array()) out.push_back(read(item));
    return out;
}

}  // namespace

json::value to_json(const std::vector<std::string>& v) {
    return json::array(v.begin(), v.end());
}

json::value to_json(const std::vector<matched_words>& v) {
    json::array out;
    for (const auto& m : v)
        out.push_back({{"trigger", m.trigger}, {"words", m.words}, {"begin", m.begin}, {"end", m.end}});
    return out;
}

json::value to_json(const verdict& v) {
    json::array reasons;
    for (const auto& r : v.reasons)
        reasons.push_back({{"rule", r.rule}, {"says", to_string(r.says)}, {"why", r.why}});
    json::object out{{"decision", to_string(v.decision)}, {"reasons", std::move(reasons)}};
    if (!v.packs.empty()) out["packs"] = to_json(v.packs);
    if (v.not_before) out["not_before"] = to_rfc3339(*v.not_before);
    if (!v.again_with.empty()) out["again_with"] = v.again_with;
    return out;
}

json::value to_json(const std::vector<thread_line>& v) {
    json::array out;
    for (const auto& l : v)
        out.push_back({{"native_id", l.native_id},
                       {"author", {{"handle", l.handle}, {"name", l.name}}},
                       {"ours", l.ours},
                       {"text", l.text},
                       {"written_at", to_rfc3339(l.written_at)}});
    return out;
}

std::vector<std::string> texts_from_json(std::string_view text) {
    return each<std::string>(text, [](const json::value& v) { return json::value_to<std::string>(v); });
}

std::vector<matched_words> matched_from_json(std::string_view text) {
    return each<matched_words>(text, [](const json::value& v) {
        return matched_words{text_of(v, "trigger"), text_of(v, "words"),
                             v.at("begin").to_number<std::size_t>(), v.at("end").to_number<std::size_t>()};
    });
}

verdict verdict_from_json(std::string_view text) {
    const auto v = json::parse(text);
    verdict out;
    out.decision = decision_from(text_of(v, "decision"));
    for (const auto& r : v.at("reasons").as_array())
        out.reasons.push_back({text_of(r, "rule"), decision_from(text_of(r, "says")), text_of(r, "why")});
    const auto& all = v.as_object();  // what follows came later, and is not in every row
    if (const auto* packs = all.if_contains("packs"))
        for (const auto& p : packs->as_array()) out.packs.push_back(json::value_to<std::string>(p));
    if (all.contains("not_before")) out.not_before = from_rfc3339(text_of(v, "not_before"));
    if (all.contains("again_with")) out.again_with = text_of(v, "again_with");
    return out;
}

std::vector<thread_line> thread_from_json(std::string_view text) {
    return each<thread_line>(text, [](const json::value& v) {
        thread_line l;
        l.native_id = text_of(v, "native_id");
        l.handle = text_of(v.at("author"), "handle");
        l.name = text_of(v.at("author"), "name");
        l.ours = v.at("ours").as_bool();
        l.text = text_of(v, "text");
        l.written_at = from_rfc3339(text_of(v, "written_at")).value_or(timestamp{});
        return l;
    });
}

}  // namespace kith
