/// A message as the parts of its sentences, from sign to sign: who says one thing only in a part says it, and
/// not something else with the same words.
#pragma once

#include "daemon/match/bare_words.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace kith {

struct sentence_part {
    std::size_t begin = 0;
    std::size_t end = 0;   ///< bytes of the bare words, [begin, end), with no space at the ends
    bool runs_on = false;  ///< only a comma stands between it and the one before
};

/// The parts that the writer says: neither questions nor words in quotes. `bare` is of `f`, and that of
/// `original`, where lines end parts as well. Costs time linear in the text.
std::vector<sentence_part> said_parts(const bare_words& bare, const folded& f, std::string_view original);

}  // namespace kith
