/// A reporter that keeps what each benchmark took, for limits that are ratios of one to another.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace kith {

class remembering final : public benchmark::ConsoleReporter {
 public:
    /// CPU time of one call, in each benchmark's own unit, by its name without what was asked of the library
    /// ("/min_time:..."). What was not run is not here.
    std::map<std::string, double> took;

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& r : runs)
            if (!r.error_occurred)
                took[r.run_name.function_name + (r.run_name.args.empty() ? "" : "/" + r.run_name.args)] =
                    r.GetAdjustedCPUTime();
        ConsoleReporter::ReportRuns(runs);
    }
};

}  // namespace kith
