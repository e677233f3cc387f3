#include "daemon/match/language.hpp"
#include "daemon/match/read.hpp"

#include <algorithm>

namespace kith {

namespace {

bool is_id(std::string_view text) {
    constexpr std::size_t longest = 64;
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= longest && text[0] != '-' &&
           std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::string read_id(yaml::map_reader& from, std::string_view key) {
    std::string id = from.need_text(key);
    if (!id.empty() && !is_id(id))
        from.complain(from.at(key), "'" + id.substr(0, 80) + "' cannot be an id",
                      "use lower-case letters, digits and hyphens, at most 64");
    return id;
}

std::vector<text_in> read_texts(yaml::map_reader& from) {
    const yaml::node* map = from.need("text");
    std::vector<text_in> out;
    if (map == nullptr) return out;
    if (map->is != yaml::node::kind::map || map->entries.empty()) {
        from.complain(from.at("text"), "`text` must name a language for each text",
                      "write `text: {en: ...}`");
        return out;
    }
    for (const auto& [key, value] : map->entries) {
        const std::string& language = key.scalar;
        if (language.empty() || primary_language(language) != language)
            from.complain(key.at, "'" + language + "' is not a language",
                          "write its primary tag in lower case, such as en or de");
        else if (value.is != yaml::node::kind::scalar ||
                 value.scalar.find_first_not_of(" \t\r\n") == std::string::npos)
            from.complain(value.is == yaml::node::kind::null ? key.at : value.at,
                          "the text in '" + language + "' is empty or no text", "write what is to be said");
        else
            out.push_back({language, value.scalar, value.at});
    }
    return out;
}

}  // namespace kith
