/// How much a person changed a draft.
#pragma once

#include <cstdint>
#include <string_view>

namespace kith {

/// The fewest characters (code points) to insert, delete or replace to make one text of the other. What both
/// begin and end with costs nothing; where the rest is so long that counting would take a while (both over
/// some 2,000 characters), it is the longer one's length: never too little.
std::int64_t edit_distance(std::string_view a, std::string_view b);

}  // namespace kith
