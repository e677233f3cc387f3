#include "daemon/rulebook.hpp"

#include "daemon/async/pool_call.hpp"
#include "daemon/policy/lint.hpp"

namespace kith {

namespace {

struct loaded {
    std::shared_ptr<const matcher> made;
    std::shared_ptr<const pack_set> packs;
    yaml::findings playbooks_wrong, packs_wrong;
};

loaded load(const rule_sources& from) {
    loaded out;
    pack_set packs;
    out.made = load_rules(from, packs, out.playbooks_wrong, out.packs_wrong);
    out.packs = std::make_shared<const pack_set>(std::move(packs));
    return out;
}

yaml::findings joined(const yaml::findings& a, const yaml::findings& b) {
    yaml::findings out;
    for (const auto* each : {&a, &b})
        for (const auto& f : each->all()) out.add(f.file, f.at, f.what, f.mend);
    return out;
}

}  // namespace

std::shared_ptr<const matcher> load_rules(const rule_sources& from, pack_set& packs,
                                          yaml::findings& playbooks_wrong, yaml::findings& packs_wrong) {
    packs = load_packs(from.policies, from.platforms, packs_wrong);
    auto set = load_playbooks(from.playbooks, playbooks_wrong);
    if (!playbooks_wrong.empty()) return nullptr;
    lint(set, packs, playbooks_wrong);
    auto made = compile(std::move(set), playbooks_wrong);
    if (made && playbooks_wrong.empty()) run_tests(*made, from.house_language, playbooks_wrong);
    return playbooks_wrong.empty() ? made : nullptr;
}

rulebook::rulebook(rule_sources from) : from_(std::move(from)) {}

awaitable<result<void>> rulebook::reload() {
    auto work = [from = from_] { return load(from); };
    auto got = co_await pool_call(pool_, std::move(work));
    errors_ = joined(got.playbooks_wrong, got.packs_wrong);
    const bool first = current_ == nullptr;
    const bool good = got.made && (first || got.packs_wrong.empty());
    if (!good) co_return fail(errc::invalid, errors_.text());
    current_ = std::move(got.made);
    packs_ = std::move(got.packs);
    loaded_at_ = now();
    co_return result<void>();
}

}  // namespace kith
