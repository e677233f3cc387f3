#include "daemon/policy/brakes.hpp"

namespace kith {

namespace {

std::optional<std::string> over(std::int64_t hits, const bound& b, const std::string& what,
                                const std::string& of) {
    if (hits * 100 <= b.percent * b.of_last) return std::nullopt;
    return std::to_string(hits) + " " + what + " among its last " + std::to_string(b.of_last) + " " + of +
           ", more than " + std::to_string(b.percent) + "%";
}

}  // namespace

std::optional<std::string> reason_to_pause(const brake_counts& counts, const brake_bounds& bounds) {
    if (auto why = over(counts.rejections, bounds.rejections, "rejections", "decisions")) return why;
    if (auto why = over(counts.complaints, bounds.complaints, "complaints", "replies")) return why;
    return over(counts.opt_outs, bounds.opt_outs, "opt-outs", "replies");
}

}  // namespace kith
