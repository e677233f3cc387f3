/// The queue with 100,000 open items: its first part, one in its middle, and its counts. Ends with 1 where
/// one takes longer than it may.
#include "daemon/store/sqlite/queue_items.hpp"
#include "daemon/store/sqlite/tables.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace kith {
namespace {

constexpr int waiting = 100'000;
constexpr double most_ms = 200;

void fill(sqlite::database& db) {
    sqlite::migrate(db);
    std::ostringstream statements;
    statements << std::ifstream(KITH_SOURCE_DIR "/tests/bench/full_queue.sql").rdbuf();
    db.script(statements.str());
}

sqlite::database& full() {
    static sqlite::database db(":memory:");
    static const bool filled = (fill(db), true);
    static_cast<void>(filled);
    return db;
}

void first_part(benchmark::State& state) {
    auto& db = full();
    queue_filter f;
    for (auto _ : state) benchmark::DoNotOptimize(sqlite::list_queue(db, f));
}
BENCHMARK(first_part)->Unit(benchmark::kMillisecond);

void counts(benchmark::State& state) {
    auto& db = full();
    for (auto _ : state) benchmark::DoNotOptimize(sqlite::count_queue(db, {}));
}
BENCHMARK(counts)->Unit(benchmark::kMillisecond);

void by_one_who_waits_for_nothing(benchmark::State& state) {
    auto& db = full();
    queue_filter f;
    f.assigned = "nobody-has-this-name";
    for (auto _ : state) benchmark::DoNotOptimize(sqlite::list_queue(db, f));
}
BENCHMARK(by_one_who_waits_for_nothing)->Unit(benchmark::kMillisecond);

/// How long one call of it takes, the best of three.
template <class Call>
bool in_time(const char* what, Call call) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
        const auto began = std::chrono::steady_clock::now();
        call();
        best = std::min(
            best,
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    if (best < most_ms) return true;
    std::printf("%s takes %.0f ms with %d open items, and may take %.0f\n", what, best, waiting, most_ms);
    return false;
}

}  // namespace
}  // namespace kith

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    auto& db = kith::full();
    const kith::queue_filter f;
    const bool first = kith::in_time("the first part", [&] { kith::sqlite::list_queue(db, f); });
    const bool counted = kith::in_time("counting", [&] { kith::sqlite::count_queue(db, {}); });
    return first && counted ? 0 : 1;
}
