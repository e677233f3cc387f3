#include "platforms/bluesky/record.hpp"

#include "platforms/bluesky/utf8.hpp"

namespace kith::bluesky {
namespace {

constexpr std::size_t most_text = 3'000;    // bytes; app.bsky.feed.post
constexpr std::size_t most_facets = 1'000;  // a post of 3,000 bytes has no use for more

bool is_by(std::string_view uri, std::string_view did) {
    const auto parsed = at_uri::parse(uri);
    return parsed && parsed->did == did;
}

bool mentions(const json::object& record, std::string_view did) {
    const json::array* facets = array_at(record, "facets");
    if (facets == nullptr || facets->size() > most_facets) return false;
    for (const json::value& each : *facets) {
        const json::object* facet = each.if_object();
        const json::array* features = facet != nullptr ? array_at(*facet, "features") : nullptr;
        if (features == nullptr) continue;
        for (const json::value& f : *features) {
            const json::object* feature = f.if_object();
            if (feature != nullptr && text_at(*feature, "$type") == "app.bsky.richtext.facet#mention" &&
                text_at(*feature, "did") == did)
                return true;
        }
    }
    return false;
}

bool quotes(const json::object& record, std::string_view did) {
    const json::object* embed = object_at(record, "embed");
    if (embed == nullptr) return false;
    const std::string_view type = text_at(*embed, "$type");
    const json::object* quoted = nullptr;
    if (type == "app.bsky.embed.record") quoted = object_at(*embed, "record");
    if (type == "app.bsky.embed.recordWithMedia") {
        const json::object* inner = object_at(*embed, "record");
        quoted = inner != nullptr ? object_at(*inner, "record") : nullptr;
    }
    return quoted != nullptr && is_by(text_at(*quoted, "uri"), did);
}

/// "en", "de-AT": letters first, then groups of letters and digits. Ours is stated after it, and a tag that
/// is none would have the reply refused.
bool is_language(std::string_view tag) {
    std::size_t group = 0;
    bool first = true;
    for (const char c : tag) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (c == '-') {
            if (group < 2) return false;
            first = false;
            group = 0;
        } else if ((!letter && (first || !digit)) || ++group > (first ? 3U : 8U)) {
            return false;
        }
    }
    return group >= 2 && tag.size() <= 35;
}

std::string first_language(const json::object& record) {
    const json::array* langs = array_at(record, "langs");
    if (langs == nullptr || langs->empty() || !langs->front().is_string()) return {};
    const json::string& tag = langs->front().get_string();
    return is_language({tag.data(), tag.size()}) ? std::string(tag.data(), tag.size()) : std::string();
}

}  // namespace

way way_to_us(const json::object& record, std::string_view our_did) {
    const json::object* reply = object_at(record, "reply");
    const json::object* parent = reply != nullptr ? object_at(*reply, "parent") : nullptr;
    if (parent != nullptr && is_by(text_at(*parent, "uri"), our_did)) return way::reply;
    if (mentions(record, our_did)) return way::mention;
    return quotes(record, our_did) ? way::quote : way::none;
}

bool is_addressed(const json::object& record, std::string_view our_did) {
    return way_to_us(record, our_did) != way::none;
}

std::optional<message> to_message(const post_source& from, const json::object& record, const viewpoint& we) {
    const auto where = at_uri::parse(from.uri);
    if (!where || where->collection != post_collection || from.cid.empty()) return std::nullopt;
    const std::string_view type = text_at(record, "$type");
    const json::value* text = record.if_contains("text");
    if ((!type.empty() && type != post_collection) || text == nullptr || !text->is_string())
        return std::nullopt;
    if (text->get_string().size() > most_text || !is_utf8(text_at(record, "text"))) return std::nullopt;

    message m;
    m.native_id = from.uri;
    m.revision = from.cid;
    m.author = from.author;
    m.ours = where->did == we.did;
    if (!m.ours) m.way = way_to_us(record, we.did);
    m.addressed = m.way != way::none;
    // Many clients name themselves here, for people's posts as well; only Kith's own name says more.
    m.automated = text_at(record, "via") == software;
    m.text = text_at(record, "text");
    m.language = first_language(record);
    m.url = post_url(we, from.author, from.uri);
    m.written_at = from_rfc3339(text_at(record, "createdAt")).value_or(from.seen_at);

    strong_ref root{from.uri, from.cid};
    if (const json::object* reply = object_at(record, "reply")) {
        const auto parent = strong_ref::read(object_at(*reply, "parent"));
        auto stated = strong_ref::read(object_at(*reply, "root"));
        // A reply whose references are broken starts a thread of its own: nobody could follow them.
        if (parent && stated) {
            m.parent_id = parent->uri;
            root = std::move(*stated);
        }
    }
    m.thread_id = root.uri;
    json::object extra;
    extra["cid"] = from.cid;
    extra["root"] = root.to_json();
    m.extra = json::serialize(extra);
    return m;
}

identity to_identity(const json::object& profile) {
    identity out;
    out.id = text_at(profile, "did");
    out.handle = text_at(profile, "handle");
    out.display_name = text_at(profile, "displayName");
    // "handle.invalid" is what the AppView shows for a handle that does not lead back to its account.
    if (out.handle.empty() || out.handle == "handle.invalid") out.handle = out.id;
    const json::array* labels = array_at(profile, "labels");
    if (labels == nullptr) return out;
    for (const json::value& each : *labels) {
        const json::object* label = each.if_object();
        if (label != nullptr && text_at(*label, "val") == "bot" && !flag_at(*label, "neg") &&
            text_at(*label, "src") == out.id)
            out.bot = true;
    }
    return out;
}

std::string post_url(const viewpoint& we, const identity& author, std::string_view uri) {
    const auto where = at_uri::parse(uri);
    if (!where || where->collection != post_collection) return {};
    std::string out = we.web + "/profile/";
    out.append(author.handle.empty() ? where->did : std::string_view(author.handle));
    return out.append("/post/").append(where->rkey);
}

std::optional<reply_refs> refs_to_answer(const message& m) {
    const auto extra = parse_object(m.extra);
    if (!extra) return std::nullopt;
    auto root = strong_ref::read(object_at(*extra, "root"));
    strong_ref self{m.native_id, std::string(text_at(*extra, "cid"))};
    if (!root || self.cid.empty() || !at_uri::parse(self.uri)) return std::nullopt;
    return reply_refs{std::move(*root), std::move(self)};
}

}  // namespace kith::bluesky
