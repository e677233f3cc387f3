/// Where the head of the audit chain is sent, and how often.
#pragma once

#include <chrono>
#include <string>

namespace kith {

struct ship_config {
    std::chrono::milliseconds every{3'600'000};
    std::string file;  ///< a line of JSON is added for each head; may lie on a mounted share
    std::string url;   ///< gets it as a POST
    bool wanted() const noexcept { return !file.empty() || !url.empty(); }
};

}  // namespace kith
