#include "daemon/console/paging.hpp"

#include "daemon/model/sha256.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>

namespace kith::console {

namespace json = boost::json;

namespace {

constexpr std::size_t most_limit = 200;
constexpr std::size_t digest_digits = 12;
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encoded(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), variant);
    out.pop_back();  // its NUL
    return out;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                          nullptr, &size, &end, variant) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    out.resize(size);
    return out;
}

/// The path and all parameters but the two that walk through the list.
std::string digest_of(const net::server_request& r) {
    auto filters = net::parse_query(r.query);
    std::erase_if(filters, [](const auto& f) { return f.first == "limit" || f.first == "cursor"; });
    std::sort(filters.begin(), filters.end());
    std::string all = r.path;
    for (const auto& [name, value] : filters) all.append(1, '\n').append(name).append(1, '=').append(value);
    return sha256_hex(all).substr(0, digest_digits);
}

}  // namespace

result<wanted_part> wanted_part::of(const net::server_request& r) {
    wanted_part out;
    out.list_ = digest_of(r);
    if (const auto limit = r.param("limit"); !limit.empty()) {
        const auto [end, ec] = std::from_chars(limit.data(), limit.data() + limit.size(), out.limit);
        if (ec != std::errc{} || end != limit.data() + limit.size() || out.limit < 1 ||
            out.limit > most_limit)
            return fail_field("limit", "give a number from 1 to 200");
    }
    const auto cursor = r.param("cursor");
    if (cursor.empty()) return out;
    const auto bytes = decoded(cursor);
    if (!bytes || bytes->size() <= digest_digits || bytes->substr(0, digest_digits) != out.list_)
        return fail_field("cursor", "this is not the `next` of this list with these filters");
    out.after = bytes->substr(digest_digits);
    return out;
}

std::int64_t wanted_part::after_number() const {
    std::int64_t n = 0;
    std::from_chars(after.data(), after.data() + after.size(), n);
    return n;
}

json::object wanted_part::answer(json::array items, const std::string& last, bool more) const {
    json::object out;
    out["items"] = std::move(items);
    out["next"] = more ? json::value(encoded(list_ + last)) : json::value(nullptr);
    return out;
}

json::object part_of(std::vector<keyed_item> all, const wanted_part& part) {
    std::erase_if(all, [&](const keyed_item& i) { return !part.after.empty() && i.key <= part.after; });
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    const bool more = all.size() > part.limit;
    if (more) all.resize(part.limit);
    json::array items;
    for (auto& i : all) items.push_back(std::move(i.item));
    return part.answer(std::move(items), all.empty() ? "" : all.back().key, more);
}

std::string sortable(std::int64_t n) {
    auto digits = std::to_string(n);
    return std::string(digits.size() < 20 ? 20 - digits.size() : 0, '0') + digits;
}

}  // namespace kith::console
