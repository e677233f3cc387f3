/// The part of kith.yaml about webhooks that are told what needs a person.
#pragma once

#include "daemon/config/department_config.hpp"

#include <string>
#include <vector>

namespace kith {

/// A webhook that is told what needs a person.
struct notify_config {
    std::string id;  ///< stable: what was told hangs on it
    std::string url, secret;
    std::string department;          ///< empty: of every one
    std::vector<std::string> kinds;  ///< waiting, expiring, second-needed, unsure, account-stopped
    std::chrono::milliseconds waiting{std::chrono::hours{2}};
    std::chrono::milliseconds expiring{std::chrono::hours{1}};  ///< before the end
    bool wants(std::string_view kind) const;
    /// Scheme and host only: the rest may be a secret.
    std::string in_words() const;
};

/// Where no departments are declared, any is one.
std::vector<notify_config> read_notify(yaml::map_reader& top,
                                       const std::vector<department_config>& departments);

}  // namespace kith
