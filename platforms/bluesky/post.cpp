#include "platforms/bluesky/post.hpp"

#include "platforms/bluesky/length.hpp"
#include "platforms/bluesky/record.hpp"
#include "platforms/bluesky/richtext.hpp"
#include "platforms/bluesky/tid.hpp"
#include "platforms/bluesky/utf8.hpp"

namespace kith::bluesky {
namespace {

json::object make_record(const approved_reply& r, const reply_refs& refs, const post_context& with) {
    json::object record;
    record["$type"] = json::string_view(post_collection.data(), post_collection.size());
    record["text"] = r.text;
    json::array facets = to_json(find_facets(r.text), with.dids);
    if (!facets.empty()) record["facets"] = std::move(facets);
    json::object reply;
    reply["root"] = refs.root.to_json();
    reply["parent"] = refs.parent.to_json();
    record["reply"] = std::move(reply);
    if (!with.language.empty()) {
        json::array langs;
        langs.emplace_back(with.language);
        record["langs"] = std::move(langs);
    }
    record["createdAt"] = to_rfc3339(r.approved_at, 3);
    record["via"] = json::string_view(software.data(), software.size());
    return record;
}

}  // namespace

result<prepared_reply> make_post(const approved_reply& r, const idempotency_key& key,
                                 const post_context& with) {
    const auto refs = refs_to_answer(r.target);
    if (!refs) return fail(errc::refused, "the message does not say what an answer to it must refer to");
    if (r.text.empty() || !is_utf8(r.text)) return fail(errc::refused, "the reply is empty or not UTF-8");
    const text_length length = count_length(r.text);
    if (length.used > length.limit)
        return fail(errc::refused, "the reply has " + std::to_string(length.used) + " " +
                                       std::string(length.unit) + "; Bluesky takes " +
                                       std::to_string(length.limit));

    const std::string rkey = make_tid(r.approved_at, key);
    json::object body;
    body["repo"] = with.did;
    body["collection"] = json::string_view(post_collection.data(), post_collection.size());
    body["rkey"] = rkey;
    body["record"] = make_record(r, *refs, with);
    // Null, not absent: "only if nothing is there yet". Absent would overwrite.
    body["swapRecord"] = nullptr;
    body["validate"] = true;

    prepared_reply out;
    out.bytes = json::serialize(body);
    out.native_id = make_uri(with.did, post_collection, rkey);
    return out;
}

std::string planned_post::uri() const {
    return make_uri(did, post_collection, rkey);
}

std::optional<planned_post> read_post(const std::string& prepared) {
    auto body = parse_object(prepared);
    if (!body || text_at(*body, "collection") != post_collection) return std::nullopt;
    const json::object* record = object_at(*body, "record");
    planned_post out{std::string(text_at(*body, "repo")), std::string(text_at(*body, "rkey")), {}};
    if (record == nullptr || !at_uri::parse(out.uri())) return std::nullopt;
    out.record = *record;
    return out;
}

bool is_same_post(const json::object& found, const json::object& meant) {
    for (const char* key : {"text", "createdAt", "reply"}) {
        const json::value* a = found.if_contains(key);
        const json::value* b = meant.if_contains(key);
        if ((a == nullptr) != (b == nullptr) || (a != nullptr && *a != *b)) return false;
    }
    return true;
}

}  // namespace kith::bluesky
