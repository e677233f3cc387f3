/// A Bluesky account's lines in kith.yaml.
#pragma once

#include "daemon/config/yaml.hpp"

#include <chrono>
#include <string>

namespace kith::bluesky {

struct options {
    std::string service;  ///< the PDS (or its entryway): base URL without a slash at its end
    std::string stream;   ///< the relay: ws or wss
    std::string web;      ///< of the links for people
    std::string identifier;
    std::string password;
    std::chrono::milliseconds poll{5'000};
    bool listen_to_all = false;  ///< also report posts that are not addressed to us
    std::string extra_ca_file;

    /// Complains about each mistake at its place.
    static options read(yaml::map_reader& from);
};

}  // namespace kith::bluesky
