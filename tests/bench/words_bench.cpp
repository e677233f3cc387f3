// The word lists that ship, on text made to be slow to read: four times the text may take about four times as
// long.
#include "daemon/config/yaml.hpp"
#include "daemon/match/words.hpp"
#include "tests/bench/remembering.hpp"

#include <cstdio>

namespace kith {
namespace {

constexpr std::size_t small = 8'000, large = 32'000;
constexpr double most = 8;  ///< times as long: twice what is linear, for what a run of the machine adds

constexpr const char* units[] = {"stop ",
                                 "leave me ",
                                 "please ",
                                 "don't don't ",
                                 "no more no more messages ",
                                 "a",
                                 "@",
                                 "<@",
                                 "\xe8\xbf\x9e\xe7\xb3\xbb",
                                 "please, ",
                                 "stop messaging me. ",
                                 "100% 50% off ",
                                 "'",
                                 "https://",
                                 "\xd8\xa7",
                                 "\xe3\x81\x9d",
                                 ":a",
                                 "buy now or never, "};

const word_lists& lists() {
    static const auto made = [] {
        yaml::findings out;
        return load_words(std::string(KITH_SOURCE_DIR) + "/policies/words", out);
    }();
    return *made;
}

void reading(benchmark::State& state, const char* unit) {
    std::string text;
    while (text.size() < static_cast<std::size_t>(state.range(0))) text += unit;
    for (auto _ : state) benchmark::DoNotOptimize(lists().find(text));
}

}  // namespace
}  // namespace kith

int main(int argc, char** argv) {
    for (const char* unit : kith::units)
        benchmark::RegisterBenchmark((std::string("reading \"") + unit + '"').c_str(), kith::reading, unit)
            ->Arg(kith::small)
            ->Arg(kith::large)
            ->MinTime(0.05)
            ->Unit(benchmark::kMicrosecond);
    kith::lists();  // read before anything is timed
    benchmark::Initialize(&argc, argv);
    kith::remembering out;
    benchmark::RunSpecifiedBenchmarks(&out);
    int slow = 0;
    for (const char* unit : kith::units) {
        const auto name = [&](std::size_t n) {
            return std::string("reading \"") + unit + "\"/" + std::to_string(n);
        };
        const double first = out.took[name(kith::small)], then = out.took[name(kith::large)];
        if (first == 0 || then == 0) continue;  // only a part was asked for
        std::printf("\"%s\": four times the text takes %.1f times as long, of %.0f\n", unit, then / first,
                    kith::most);
        slow += then / first > kith::most;
    }
    return slow == 0 ? 0 : 1;
}
