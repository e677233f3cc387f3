/// What the policies know of the house and of its accounts besides the packs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kith {

/// The company, as kith.yaml describes it.
struct house_facts {
    std::string language = "en";  ///< BCP 47, for contacts whose own is not known
    std::string zone = "UTC";     ///< IANA, for contacts whose own is not known
    /// Department → the languages that it reads. One that is not listed reads all.
    std::map<std::string, std::vector<std::string>, std::less<>> departments;
};

/// Whether the account is marked as automated on its platform.
enum class automation_label : std::uint8_t {
    not_asked,  ///< the platform has not answered yet
    unknown,    ///< the platform has no such mark, or we cannot read it
    absent,
    present,
};

}  // namespace kith
