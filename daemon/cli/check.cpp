// kith check: playbooks in a folder, without a daemon.
#include "daemon/cli/command_line.hpp"
#include "daemon/match/matcher.hpp"
#include "daemon/policy/lint.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>

namespace kith::cli {

namespace json = boost::json;

namespace {

/// Needs no daemon and has no credentials: reads, compiles and tests the playbooks in a folder.
int check(const command_line& line, const std::string& folder, const std::string& policies) {
    yaml::findings found;
    auto set = load_playbooks(folder, found);
    if (!policies.empty()) {
        const auto packs = load_packs(policies, {}, found);
        complain_of_expired(packs, now(), found);
        lint(set, packs, found);
    }
    const auto count = set.playbooks.size(), answers = set.answers.size();
    std::size_t tests = 0;
    for (const auto& p : set.playbooks) tests += p.tests.size();
    if (found.empty())
        if (const auto compiled = compile(std::move(set), found)) run_tests(*compiled, "en", found);
    if (line.as_json) {
        json::array all;
        for (const auto& f : found.all())
            all.push_back({{"file", f.file},
                           {"line", f.at.line},
                           {"column", f.at.column},
                           {"what", f.what},
                           {"mend", f.mend}});
        const json::object o{
            {"playbooks", count}, {"answers", answers}, {"tests", tests}, {"findings", std::move(all)}};
        std::printf("%s\n", json::serialize(o).c_str());
    } else if (found.empty()) {
        std::printf("%zu playbooks and %zu answers are in order, %zu tests pass\n", count, answers, tests);
    } else {
        std::printf("%s\n", found.text().c_str());
    }
    return found.empty() ? 0 : 2;
}

}  // namespace

void add_check(command app, command_line& line) {
    static std::string folder, policies;
    auto checking = app.add_command("check", "check a folder of playbooks; needs no daemon");
    checking.add_option("playbooks", folder, "the folder").required();
    checking.add_option("--policies", policies,
                        "check this folder of packs as well, and the playbooks by them");
    checking.on_named([&line] { line.run = [&line] { return check(line, folder, policies); }; });
}

}  // namespace kith::cli
