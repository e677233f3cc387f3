/// The parts of kith.yaml about brakes and the audit chain.
#pragma once

#include "daemon/config/config.hpp"

namespace kith {

void read_brakes(config& into, yaml::map_reader& top);
void read_audit(config& into, yaml::map_reader& top);

}  // namespace kith
