/// A stand-in for the lists of words: a topic is heard where its one word is.
#pragma once

#include "daemon/match/words.hpp"

#include <map>

namespace kith::test {

class few_words final : public word_lists {
 public:
    std::map<std::string, std::string, std::less<>> words = {{"asks-for-offer", "what does it cost"},
                                                             {"complaint", "terrible"},
                                                             {"people-only.legal", "lawyer"},
                                                             {"promotion", "buy now"}};

    std::vector<heard> find(std::string_view text) const override {
        std::vector<heard> out;
        for (const auto& [topic, word] : words)
            if (const auto at = text.find(word); at != std::string_view::npos)
                out.push_back({topic, "en", word, at, at + word.size()});
        return out;
    }
    bool knows(std::string_view topic) const override { return words.contains(topic); }
};

}  // namespace kith::test
