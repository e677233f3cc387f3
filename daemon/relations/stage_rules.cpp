#include "daemon/relations/stage_rules.hpp"

#include "daemon/match/revision.hpp"
#include "daemon/relations/stages_file.hpp"

#include <filesystem>

namespace kith {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds a_day{hours{24}};
constexpr milliseconds ten_years{hours{24 * 3650}};

std::optional<contact_signal> read_signal(const std::string& name, yaml::place at, const std::string& file,
                                          yaml::findings& out) {
    if (const auto known = signal_from(name)) return known;
    std::vector<std::string> all;
    for (int i = 0; i <= static_cast<int>(contact_signal::helped_another); ++i)
        all.emplace_back(to_string(static_cast<contact_signal>(i)));
    const auto near = yaml::nearest(name, all);
    std::string list;
    for (const auto& n : all) list += (list.empty() ? "" : ", ") + n;
    out.add(file, at, "there is no signal '" + name.substr(0, 80) + "'",
            near.empty() ? "use one of " + list : "did you mean " + near + "?");
    return std::nullopt;
}

std::optional<stage_way> read_way(const yaml::node& item, const std::string& file, yaml::findings& out) {
    stage_way way;
    if (item.is == yaml::node::kind::scalar) {
        const auto known = read_signal(item.scalar, item.at, file, out);
        if (known) way.signal = *known;
        return known ? std::optional(way) : std::nullopt;
    }
    yaml::map_reader from(item, file, "way", out);
    const auto name = from.need_text("signal");
    const auto known = name.empty() ? std::nullopt : read_signal(name, from.at("signal"), file, out);
    way.count = static_cast<int>(from.number("count", 1, 1, 1000));
    way.within = from.duration("within", milliseconds{0}, milliseconds{hours{1}}, ten_years);
    if (way.count > 1 && way.within.count() == 0)
        from.complain(from.at("count"), "`count` without `within` would count for ever",
                      "say within which time, as in `within: 90d`");
    if (way.count == 1 && way.within.count() != 0)
        from.complain(from.at("within"), "`within` says nothing for a single signal",
                      "add `count`, or leave `within` out");
    if (const auto text = from.text("from"); !text.empty()) {
        way.from = stage_from(text);
        if (!way.from)
            from.complain(from.at("from"), "there is no stage '" + text.substr(0, 80) + "'",
                          "use attention, attraction, affinity, audience or advocate");
    }
    from.done();
    if (!known) return std::nullopt;
    way.signal = *known;
    return way;
}

stage_rule read_rule(const yaml::node& node, stage s, const std::string& file, yaml::findings& out) {
    stage_rule rule;
    const std::string name(to_string(s));
    yaml::map_reader from(node, file, name, out);
    if (const auto* any = from.need("any")) {
        if (any->is != yaml::node::kind::sequence || any->items.empty())
            from.complain(any->at, "`any` of " + name + " is no list of signals",
                          "write `any: [thanked, ...]`");
        for (const auto& item : any->items)
            if (auto way = read_way(item, file, out)) {
                if (way->from && *way->from >= s)
                    out.add(file, item.at, "`from` is not below " + name, "name an earlier stage");
                rule.any.push_back(*way);
            }
    }
    const auto at = from.at("until");
    for (const auto& text : from.texts("until"))
        if (const auto known = read_signal(text, at, file, out)) rule.until.push_back(*known);
    if (from.has("after")) rule.after = from.duration("after", a_day, a_day, ten_years);
    from.done();
    return rule;
}

}  // namespace

std::shared_ptr<const stage_rules> read_stage_rules(std::string_view text, const std::string& file,
                                                    yaml::findings& out) {
    const auto before = out.all().size();
    const auto document = yaml::parse(text, file, out);
    if (out.all().size() != before) return nullptr;
    auto made = std::make_shared<stage_rules>();
    made->revision = blob_id(text);
    yaml::map_reader top(document, file, "stages.yaml", out);
    made->came_back_after =
        top.duration("came_back_after", made->came_back_after, milliseconds{hours{1}}, ten_years);
    if (const auto* node = top.need("stages")) {
        yaml::map_reader stages(*node, file, "stages", out);
        for (std::size_t i = 0; i < made->stages.size(); ++i) {
            const auto s = static_cast<stage>(i);
            if (const auto* one = stages.need(to_string(s))) made->stages[i] = read_rule(*one, s, file, out);
        }
        stages.done();
    }
    top.done();
    if (out.all().size() != before) return nullptr;
    return made;
}

std::shared_ptr<const stage_rules> load_stage_rules(const std::string& folder, yaml::findings& out) {
    const auto path = (std::filesystem::path(folder) / "stages.yaml").string();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return read_stage_rules(stages_file[0].content, "stages.yaml (built in)", out);
    const auto text = yaml::read_file(path, out);
    return text ? read_stage_rules(*text, path, out) : nullptr;
}

}  // namespace kith
