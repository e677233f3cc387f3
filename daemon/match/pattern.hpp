/// An author's regex, made ready for folded text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kith {

struct pattern {
    std::string exact;  ///< means what the author means, on folded text
    std::string loose;  ///< the same without \b and \B: matches wherever `exact` does, and elsewhere
    bool same = true;   ///< nothing had to be left out of `loose`
    std::vector<std::string> problems;  ///< what cannot be folded, in words
};

/// Folds the literal characters that are not ASCII: "für" finds "fur", since messages are folded too.
pattern prepare(std::string_view regex);

/// A regex that finds exactly these bytes.
std::string escaped(std::string_view literal);

}  // namespace kith
