/// Links and mentions in a text, as facets: without them Bluesky shows plain text. The rules are those of
/// Bluesky's own client (https://github.com/bluesky-social/atproto, packages/api/src/rich-text), a little
/// stricter about what closes a sentence.
#pragma once

#include "platforms/bluesky/json.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kith::bluesky {

struct facet {
    enum class kind { link, mention };
    kind is = kind::link;
    std::size_t begin = 0;  ///< bytes of UTF-8, [begin, end)
    std::size_t end = 0;
    std::string target;  ///< the whole URL; the handle without its @, in lower case
};

/// In the order of the text; they never overlap.
std::vector<facet> find_facets(std::string_view text);

/// The handles that must be resolved before the text can be sent, each once.
std::vector<std::string> handles_in(const std::vector<facet>& facets);

/// app.bsky.richtext.facet. A mention whose handle is not among `dids` stays plain text.
json::array to_json(const std::vector<facet>& facets, const std::map<std::string, std::string>& dids);

}  // namespace kith::bluesky
