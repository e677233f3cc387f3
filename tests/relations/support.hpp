/// Words for tests: a topic is heard where its word stands in the text.
#pragma once

#include "daemon/match/words.hpp"

namespace kith::test {

class fake_words final : public word_lists {
 public:
    std::vector<heard> find(std::string_view text) const override {
        std::vector<heard> out;
        for (const auto& [word, topic] : topics)
            if (const auto at = text.find(word); at != std::string_view::npos)
                out.push_back({std::string(topic), "en", std::string(word), at, at + word.size()});
        return out;
    }
    bool knows(std::string_view topic) const override {
        for (const auto& t : topics)
            if (t.topic == topic) return true;
        return false;
    }

 private:
    struct pair {
        std::string_view word, topic;
    };
    static constexpr pair topics[] = {
        {"complaint", "complaint"}, {"recommend", "recommends"}, {"thanks", "thanks"}};
};

}  // namespace kith::test
