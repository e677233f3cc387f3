/// What the policies cost: 200 rules of all kinds against one suggestion, as a ratio to a piece of work that
/// does not change, in the same run. The aim is 50 µs on a machine that hashes 4 KiB in 14.
#include "daemon/model/sha256.hpp"
#include "daemon/policy/policy.hpp"
#include "tests/bench/remembering.hpp"

#include <cstdio>

namespace kith {
namespace {

constexpr std::size_t rules_in_all = 200;
constexpr double most = 3.6;  ///< times the baseline: 50 µs to 14

/// The packs that ship, with their rules over and over until there are 200.
pack_set many_rules() {
    yaml::findings out;
    auto set = load_packs(KITH_SOURCE_DIR "/policies", {"bluesky"}, out);
    if (!out.empty()) std::fprintf(stderr, "%s\n", out.text().c_str());
    auto& house = set.packs.at("house").rules;
    const auto& platform = set.packs.at("bluesky").rules;
    const auto once = house;
    for (std::size_t i = 0; house.size() + platform.size() < rules_in_all; ++i)
        house.push_back(once[i % once.size()]);
    return set;
}

struct scene {
    scene() {
        message.account = "square";
        message.what.native_id = "m1";
        message.what.author.handle = "ann";
        message.what.addressed = true;
        message.what.way = way::mention;
        message.what.language = "en";
        message.what.text =
            "Hi there, since this morning I can't log in any more: it says that my password is wrong, and "
            "the "
            "mail with the link to reset it never comes. I've looked in the spam folder. What can I do?";
        message.what.written_at = message.received_at = at - std::chrono::hours{3};
        thread.target_revision = "1";
        for (int i = 0; i < 10; ++i) thread.messages.push_back(message.what);
        standing.zone = "Europe/Berlin";
        standing.tallies.resize(packs.wanted.tallies.size());
        standing.by_playbook.resize(packs.wanted.tallies.size());
    }
    verdict judged() const {
        const judgement_input in{text,
                                 "help",
                                 "sign-in",
                                 "support",
                                 message,
                                 thread,
                                 {text.size(), 300, "graphemes"},
                                 "bluesky",
                                 packs,
                                 standing,
                                 house,
                                 automation_label::present,
                                 at};
        return judge(in);
    }
    timestamp at = from_rfc3339("2026-11-24T12:00:00Z").value();
    pack_set packs = many_rules();
    stored_message message;
    kith::thread thread;
    kith::standing standing;
    house_facts house;
    std::string text =
        "Hi Ann, sorry you're locked out. You can choose a new password at https://example.com/reset. We'll "
        "e-mail "
        "you a link that works for an hour; if it isn't there, please look in the spam folder.";
};

void judging_by_200_rules(benchmark::State& state) {
    const scene s;
    if (s.judged().decision != decision::allow) state.SkipWithError("the reply should be allowed");
    for (auto _ : state) benchmark::DoNotOptimize(s.judged());
}
BENCHMARK(judging_by_200_rules)->Unit(benchmark::kMicrosecond)->MinTime(0.1)->Repetitions(15);

/// 4 KiB through SHA-256: the measure of this machine.
void baseline(benchmark::State& state) {
    const std::string text(4096, 'x');
    for (auto _ : state) benchmark::DoNotOptimize(sha256_hex(text));
}
BENCHMARK(baseline)->Unit(benchmark::kMicrosecond)->MinTime(0.1)->Repetitions(15);

}  // namespace
}  // namespace kith

int main(int argc, char** argv) {
    // By turns, so that both have the machine as it is at the time.
    std::string by_turns = "--benchmark_enable_random_interleaving=true";
    std::vector<char*> given(argv, argv + argc);
    given.insert(given.begin() + 1, by_turns.data());
    argc = static_cast<int>(given.size());
    benchmark::Initialize(&argc, given.data());
    kith::remembering out;
    benchmark::RunSpecifiedBenchmarks(&out);
    const double judging = out.took["judging_by_200_rules"], machine = out.took["baseline"];
    if (judging == 0 || machine == 0) return 0;  // only a part was asked for
    std::printf("200 rules: %.1f us, %.2f times the baseline, of %.1f\n", judging, judging / machine,
                kith::most);
    return judging <= kith::most * machine ? 0 : 1;
}
