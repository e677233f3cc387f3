#include "platforms/bluesky/uri.hpp"

#include <algorithm>

namespace kith::bluesky {
namespace {

/// The characters of DIDs, collections and record keys (https://atproto.com/specs/record-key).
bool is_part(std::string_view text, std::size_t most) noexcept {
    if (text.empty() || text.size() > most || text == "." || text == "..") return false;
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view(".-_:~%").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

}  // namespace

std::optional<at_uri> at_uri::parse(std::string_view text) noexcept {
    static constexpr std::string_view scheme = "at://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    const auto first = text.find('/');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = text.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const at_uri out{text.substr(0, first), text.substr(first + 1, second - first - 1),
                     text.substr(second + 1)};
    if (!out.did.starts_with("did:") || !is_part(out.did, 2048) || !is_part(out.collection, 317) ||
        !is_part(out.rkey, 512))
        return std::nullopt;
    return out;
}

std::string make_uri(std::string_view did, std::string_view collection, std::string_view rkey) {
    std::string out = "at://";
    out.append(did).append("/").append(collection).append("/").append(rkey);
    return out;
}

std::optional<strong_ref> strong_ref::read(const json::object* from) {
    if (from == nullptr) return std::nullopt;
    strong_ref out{std::string(text_at(*from, "uri")), std::string(text_at(*from, "cid"))};
    if (out.cid.empty() || out.cid.size() > 256 || !at_uri::parse(out.uri)) return std::nullopt;
    return out;
}

json::object strong_ref::to_json() const {
    json::object out;
    out["uri"] = uri;
    out["cid"] = cid;
    return out;
}

}  // namespace kith::bluesky
