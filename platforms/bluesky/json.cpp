#include "platforms/bluesky/json.hpp"

namespace kith::bluesky {

std::optional<json::object> parse_object(std::string_view text) {
    json::parse_options options;
    options.max_depth = 200;  // a thread nests two levels for each reply, and a post's facets a few more
    boost::system::error_code ec;
    json::value parsed = json::parse(json::string_view(text.data(), text.size()), ec, {}, options);
    if (ec || !parsed.is_object()) return std::nullopt;
    return std::move(parsed.as_object());
}

std::string_view text_at(const json::object& in, std::string_view key) noexcept {
    const json::value* v = in.if_contains(json::string_view(key.data(), key.size()));
    if (v == nullptr || !v->is_string()) return {};
    const json::string& s = v->get_string();
    return {s.data(), s.size()};
}

const json::object* object_at(const json::object& in, std::string_view key) noexcept {
    const json::value* v = in.if_contains(json::string_view(key.data(), key.size()));
    return v != nullptr ? v->if_object() : nullptr;
}

const json::array* array_at(const json::object& in, std::string_view key) noexcept {
    const json::value* v = in.if_contains(json::string_view(key.data(), key.size()));
    return v != nullptr ? v->if_array() : nullptr;
}

std::optional<std::int64_t> number_at(const json::object& in, std::string_view key) noexcept {
    const json::value* v = in.if_contains(json::string_view(key.data(), key.size()));
    if (v == nullptr || !v->is_int64()) return std::nullopt;
    return v->get_int64();
}

bool flag_at(const json::object& in, std::string_view key) noexcept {
    const json::value* v = in.if_contains(json::string_view(key.data(), key.size()));
    return v != nullptr && v->is_bool() && v->get_bool();
}

}  // namespace kith::bluesky
