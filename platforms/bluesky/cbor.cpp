#include "platforms/bluesky/cbor.hpp"

#include "platforms/bluesky/base_n.hpp"
#include "platforms/bluesky/utf8.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_set>

namespace kith::bluesky::cbor {
namespace {

class reader {
 public:
    reader(std::string_view input, const limits& within) : rest_(input), items_left_(within.items) {}

    bool item(value& out, std::size_t depth_left) {
        if (depth_left == 0 || items_left_ == 0) return false;
        --items_left_;
        unsigned major = 0;
        unsigned minor = 0;
        std::uint64_t n = 0;
        if (!head(major, minor, n)) return false;
        switch (major) {
            case 0:
                return integer(out, n, false);
            case 1:
                return integer(out, n, true);
            case 2:
                out.is = value::kind::bytes;
                return chunk(out.bytes, n);
            case 3:
                out.is = value::kind::text;
                return chunk(out.bytes, n) && is_utf8(out.bytes);
            case 4:
                return array(out, n, depth_left);
            case 5:
                return map(out, n, depth_left);
            case 6:
                return link(out, n);
            default:
                return simple(out, minor, n);
        }
    }

    std::string_view rest() const noexcept { return rest_; }

 private:
    /// The first byte and the number that goes with it, which must be in its shortest form.
    bool head(unsigned& major, unsigned& minor, std::uint64_t& n) {
        if (rest_.empty()) return false;
        const auto first = static_cast<unsigned char>(rest_[0]);
        rest_.remove_prefix(1);
        major = first >> 5;
        minor = first & 0x1f;
        n = minor;
        if (minor < 24) return true;
        if (minor > 27) return false;
        const std::size_t size = std::size_t{1} << (minor - 24);
        if (rest_.size() < size) return false;
        n = 0;
        for (std::size_t i = 0; i < size; ++i) n = n << 8 | static_cast<unsigned char>(rest_[i]);
        rest_.remove_prefix(size);
        if (major == 7) return true;  // a float's bits, not a length
        static constexpr std::uint64_t shortest[] = {24, 0x100, 0x10000, 0x100000000};
        return n >= shortest[minor - 24];
    }

    static bool integer(value& out, std::uint64_t n, bool negative) {
        if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
        out.is = value::kind::integer;
        out.integer = negative ? -1 - static_cast<std::int64_t>(n) : static_cast<std::int64_t>(n);
        return true;
    }

    bool chunk(std::string_view& out, std::uint64_t n) {
        if (n > rest_.size()) return false;
        out = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return true;
    }

    bool array(value& out, std::uint64_t n, std::size_t depth_left) {
        out.is = value::kind::array;
        if (n > rest_.size()) return false;  // each item takes a byte at least: no memory for a lie
        for (std::uint64_t i = 0; i < n; ++i)
            if (!item(out.items.emplace_back(), depth_left - 1)) return false;
        return true;
    }

    bool map(value& out, std::uint64_t n, std::size_t depth_left) {
        out.is = value::kind::map;
        if (n > rest_.size() / 2) return false;
        std::unordered_set<std::string_view> many;  // only of maps that are too large to be looked through
        for (std::uint64_t i = 0; i < n; ++i) {
            value key;
            if (!item(key, 1) || key.is != value::kind::text) return false;
            if (n <= 16 ? out.find(key.bytes) != nullptr : !many.insert(key.bytes).second) return false;
            auto& field = out.fields.emplace_back(key.bytes, value{});
            if (!item(field.item, depth_left - 1)) return false;
        }
        return true;
    }

    bool link(value& out, std::uint64_t tag) {
        value inner;
        if (tag != 42 || !item(inner, 1) || inner.is != value::kind::bytes) return false;
        if (inner.bytes.size() < 2 || inner.bytes[0] != '\0') return false;
        out.is = value::kind::link;
        out.bytes = inner.bytes.substr(1);
        return true;
    }

    static bool simple(value& out, unsigned minor, std::uint64_t n) {
        switch (minor) {
            case 20:
            case 21:
                out.is = value::kind::boolean;
                out.boolean = minor == 21;
                return true;
            case 22:
                out.is = value::kind::null;
                return true;
            case 27:
                out.is = value::kind::real;
                out.real = std::bit_cast<double>(n);
                return std::isfinite(out.real);
            default:
                return false;
        }
    }

    std::string_view rest_;
    std::size_t items_left_;
};

}  // namespace

const value* value::find(std::string_view key) const noexcept {
    for (const auto& [name, v] : fields)
        if (name == key) return &v;
    return nullptr;
}

std::string_view value::text(std::string_view key) const noexcept {
    const value* v = find(key);
    return v != nullptr && v->is == kind::text ? v->bytes : std::string_view{};
}

std::string_view value::data(std::string_view key) const noexcept {
    const value* v = find(key);
    return v != nullptr && v->is == kind::bytes ? v->bytes : std::string_view{};
}

std::string_view value::link(std::string_view key) const noexcept {
    const value* v = find(key);
    return v != nullptr && v->is == kind::link ? v->bytes : std::string_view{};
}

std::optional<std::int64_t> value::number(std::string_view key) const noexcept {
    const value* v = find(key);
    if (v == nullptr || v->is != kind::integer) return std::nullopt;
    return v->integer;
}

std::optional<value> take(std::string_view& input, const limits& within) {
    reader r(input, within);
    value out;
    if (!r.item(out, within.depth)) return std::nullopt;
    input = r.rest();
    return out;
}

json::value to_json(const value& v) {
    switch (v.is) {
        case value::kind::null:
            return nullptr;
        case value::kind::boolean:
            return v.boolean;
        case value::kind::integer:
            return v.integer;
        case value::kind::real:
            return v.real;
        case value::kind::text:
            return json::string(v.bytes.data(), v.bytes.size());
        case value::kind::bytes: {
            json::object out;
            out["$bytes"] = base64(v.bytes);
            return out;
        }
        case value::kind::link: {
            json::object out;
            out["$link"] = cid_text(v.bytes);
            return out;
        }
        case value::kind::array: {
            json::array out;
            out.reserve(v.items.size());
            for (const value& each : v.items) out.push_back(to_json(each));
            return out;
        }
        case value::kind::map: {
            json::object out;
            out.reserve(v.fields.size());
            for (const auto& [name, each] : v.fields)
                out.emplace(json::string_view(name.data(), name.size()), to_json(each));
            return out;
        }
    }
    return nullptr;
}

}  // namespace kith::bluesky::cbor
