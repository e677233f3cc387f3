/// Secrets are referred to, never written into a file that people share.
#pragma once

#include <string>

#include "daemon/config/yaml.hpp"

namespace kith {

/// Reads `key` as a reference and gives the secret itself:
/// "file:/path" (its content without the last newline), "env:NAME",
/// "credential:NAME" (a systemd credential: a file of that name in $CREDENTIALS_DIRECTORY).
/// Anything else, an empty secret, or a file that others may read is a finding; the finding never holds the value.
std::string need_secret(yaml::map_reader& from, std::string_view key);

}  // namespace kith
