/// Named points at which a test kills the daemon, to see that nothing is lost and nothing is sent twice.
/// Compiled in only with KITH_KILL_POINTS (presets dev, asan, tsan); elsewhere the calls are empty.
#pragma once

#include <string_view>

namespace kith {

#ifdef KITH_KILL_POINTS
/// Ends the process with SIGKILL if the environment's KITH_KILL_AT is `name`, or "name:n" at its n-th passing.
void kill_point(std::string_view name);
#else
inline void kill_point(std::string_view) noexcept {}
#endif

}  // namespace kith
