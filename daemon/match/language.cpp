#include "daemon/match/language.hpp"

namespace kith {

std::string primary_language(std::string_view tag) {
    std::string out;
    for (const char c : tag.substr(0, tag.find_first_of("-_"))) {
        const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        if (low < 'a' || low > 'z') return {};
        out += low;
    }
    return out.size() < 2 || out.size() > 3 || out == "und" ? std::string() : out;
}

}  // namespace kith
