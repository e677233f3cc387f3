/// One file of YAML into one playbook or answer, with everything that is wrong in it.
#pragma once

#include "daemon/match/playbook.hpp"

#include <string>

namespace kith {

/// What a playbook may refer to.
struct known_answers {
    const playbook_set& in;
    bool complete =
        true;  ///< false: a file could not be read, so nothing can be said about an id that is missing
};

playbook read_playbook(const yaml::node& file, const std::string& path, const known_answers& answers,
                       yaml::findings& out);

answer read_answer(const yaml::node& file, const std::string& path, yaml::findings& out);

// ---- what both have in common

/// An id: lower-case letters, digits and hyphens. Anything else is a finding.
std::string read_id(yaml::map_reader& from, std::string_view key);

struct text_in {
    std::string language;
    std::string text;
    yaml::place at;
};
/// `text: {en: ..., de: ...}`: at least one, none empty, languages as primary subtags.
std::vector<text_in> read_texts(yaml::map_reader& from);

}  // namespace kith
