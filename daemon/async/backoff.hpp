/// How long to wait before the next attempt.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace kith {

/// Exponential with full jitter: the n-th wait is anything from zero to base * 2^n, never more than `cap`. So
/// many clients that lost the same server do not come back at the same moment. The same seed gives the same
/// waits.
class backoff {
 public:
    using duration = std::chrono::milliseconds;

    backoff(duration base, duration cap, std::uint64_t seed);

    /// The next wait.
    duration next();

    /// After a success: the next wait is short again.
    void reset() noexcept { ceiling_ = first_; }

 private:
    duration first_, cap_, ceiling_;
    std::mt19937_64 random_;
};

}  // namespace kith
