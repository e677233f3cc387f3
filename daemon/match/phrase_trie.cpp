#include "daemon/match/phrase_trie.hpp"

namespace kith {

phrase_trie::phrase_trie() : nodes_(1) {}  // number 0 means none

std::uint32_t phrase_trie::make(char byte, std::uint32_t beside) {
    nodes_.push_back({byte, 0, beside, {}});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

void phrase_trie::add(std::string_view phrase, std::uint32_t item) {
    if (phrase.empty()) return;
    std::uint32_t& start = first_[static_cast<unsigned char>(phrase[0])];
    if (start == 0) start = make(phrase[0], 0);
    std::uint32_t n = start;
    for (const char byte : phrase.substr(1)) {
        std::uint32_t next = child(n, byte);
        if (next == 0) {
            next = make(byte, nodes_[n].below);
            nodes_[n].below = next;
        }
        n = next;
    }
    nodes_[n].items.push_back(item);
}

}  // namespace kith
