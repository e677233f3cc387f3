/// Words that mean something whatever the playbooks say: "leave me alone", a lawyer, thanks, a pitch. One
/// file a topic in policies/words/, each language with its own list.
#pragma once

#include "daemon/config/yaml.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

/// One topic heard in a text.
struct heard {
    std::string topic;     ///< the id of the file: "opt-out", "promotion", "people-only.legal", ...
    std::string language;  ///< of the list that had the words
    std::string words;     ///< as they stand in the text
    std::size_t begin = 0;
    std::size_t end = 0;  ///< bytes of the text, [begin, end)
};

/// Immutable once made.
class word_lists {
 public:
    virtual ~word_lists() = default;
    /// Every topic once, with its first place; in the order of the topics' ids. All languages are looked for,
    /// since a short text's language is often unknown. The text must be valid UTF-8. Thread-safe.
    virtual std::vector<heard> find(std::string_view text) const = 0;
    virtual bool knows(std::string_view topic) const = 0;
};

/// Reads every *.yaml in `folder` (policies/words). Findings: everything that is wrong, in all files; the
/// result is null if there are any. Never throws on any content.
std::shared_ptr<const word_lists> load_words(const std::string& folder, yaml::findings& out);

/// The wishes to be left alone, and to hear from us again, as they were when this was built.
std::shared_ptr<const word_lists> built_in_words();

}  // namespace kith
