/// Where log lines go, and in what form.
#pragma once

#include <string>

namespace kith {

/// To standard error: under systemd with syslog levels ("<4>...") and without the time, which journald adds;
/// elsewhere with time and level. Control characters in a line are replaced, so that what a platform or a contact
/// wrote cannot forge a second line. `level`: debug, info, warning, error.
void set_up_log(const std::string& level);

}  // namespace kith
