#include "daemon/ingest/wish.hpp"

#include <algorithm>

namespace kith {

std::optional<wish> wish_of(const word_lists& words, const message& m) {
    if (!m.addressed || m.ours) return std::nullopt;
    const auto found = words.find(m.text);
    const auto topic = [&](std::string_view id) {
        return std::find_if(found.begin(), found.end(), [&](const heard& h) { return h.topic == id; });
    };
    if (const auto out = topic("opt-out"); out != found.end())
        return contact_opted_out{m.author.id, m.native_id, out->words, out->language};
    if (topic("opt-in") != found.end()) return contact_opted_in{m.author.id, m.native_id};
    if (topic("complaint") != found.end()) return contact_complained{m.author.id, m.native_id};
    return std::nullopt;
}

std::vector<event> with_wishes(const word_lists& words, std::vector<event> events) {
    std::vector<event> out;
    out.reserve(events.size());
    for (event& e : events) {
        std::optional<wish> asked;
        if (const auto* seen = std::get_if<message_seen>(&e)) asked = wish_of(words, seen->what);
        out.push_back(std::move(e));
        if (asked) std::visit([&](auto& w) { out.push_back(std::move(w)); }, *asked);
    }
    return out;
}

}  // namespace kith
