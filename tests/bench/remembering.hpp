/// A reporter that keeps what each benchmark took, for limits that are ratios of one to another.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace kith {

class remembering final : public benchmark::ConsoleReporter {
 public:
    /// CPU time of one call, in each benchmark's own unit, by its name without what was asked of the library
    /// ("/min_time:..."): of its repetitions the least, which others on the machine disturb least. What was
    /// not run is not here.
    std::map<std::string, double> took;

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& r : runs) {
            if (r.error_occurred || r.run_type != Run::RT_Iteration) continue;
            const auto name =
                r.run_name.function_name + (r.run_name.args.empty() ? "" : "/" + r.run_name.args);
            const auto [one, first] = took.emplace(name, r.GetAdjustedCPUTime());
            if (!first) one->second = std::min(one->second, r.GetAdjustedCPUTime());
        }
        ConsoleReporter::ReportRuns(runs);
    }
};

}  // namespace kith
