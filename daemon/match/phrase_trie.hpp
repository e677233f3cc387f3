/// Many phrases, looked for at one place of a text at a time: the cost does not depend on how many there are.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kith {

class phrase_trie {
 public:
    phrase_trie();

    /// Not empty. The same phrase may stand for several items.
    void add(std::string_view phrase, std::uint32_t item);

    /// Calls `found(item, end)` for every phrase that stands at `at`: at most as many steps as the longest
    /// phrase has bytes.
    template <class F>
    void walk(std::string_view text, std::size_t at, F found) const {
        std::uint32_t n = at < text.size() ? first_[static_cast<unsigned char>(text[at])] : 0;
        while (n != 0) {
            ++at;
            for (const std::uint32_t item : nodes_[n].items) found(item, at);
            n = at < text.size() ? child(n, text[at]) : 0;
        }
    }

 private:
    struct node {
        char byte = 0;
        std::uint32_t below = 0;   ///< the first of the next level; 0: none
        std::uint32_t beside = 0;  ///< the next of this level; 0: none
        std::vector<std::uint32_t> items;
    };

    std::uint32_t child(std::uint32_t of, char byte) const noexcept {
        std::uint32_t n = nodes_[of].below;
        while (n != 0 && nodes_[n].byte != byte) n = nodes_[n].beside;
        return n;
    }
    std::uint32_t make(char byte, std::uint32_t beside);

    std::vector<node> nodes_;
    std::array<std::uint32_t, 256> first_{};
};

}  // namespace kith
