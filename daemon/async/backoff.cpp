#include "daemon/async/backoff.hpp"

#include <algorithm>

namespace kith {

backoff::backoff(duration base, duration cap, std::uint64_t seed)
    : first_(std::clamp(base, duration{0}, std::max(cap, duration{0}))),
      cap_(std::max(cap, duration{0})),
      ceiling_(first_),
      random_(seed) {}

backoff::duration backoff::next() {
    std::uniform_int_distribution<duration::rep> pick(0, ceiling_.count());
    const duration wait{pick(random_)};
    // Compared before it is doubled, so that it cannot overflow.
    ceiling_ = ceiling_ > cap_ / 2 ? cap_ : ceiling_ * 2;
    return wait;
}

}  // namespace kith
