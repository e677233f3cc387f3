#include "platforms/webchat/protocol.hpp"

#include "daemon/model/sha256.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kith::webchat {

namespace json = boost::json;

namespace {

constexpr std::size_t token_length = 32;

std::string text(const json::object& o, std::string_view key, std::size_t most) {
    const auto* v = o.if_contains(key);
    if (!v || !v->is_string() || v->get_string().size() > most) return {};
    return std::string(v->get_string());
}

json::object message_object(const journal::entry& e) {
    const auto l = from_body(e.body);
    // The widget knows its own messages by the id that it chose.
    const auto own = e.topic + "-";
    const auto id = !l.from_staff && e.id.starts_with(own) ? e.id.substr(own.size()) : e.id;
    return {{"type", "message"},
            {"seq", e.number},
            {"id", id},
            {"from", l.from_staff ? "staff" : "visitor"},
            {"name", l.name},
            {"text", l.text},
            {"at", to_rfc3339(e.at, 3)}};
}

result<client_frame> parse_hello(const json::object& o) {
    hello h;
    h.visitor = text(o, "visitor", 64);
    if (!is_token(h.visitor)) h.visitor.clear();
    if (const auto* after = o.if_contains("after")) {
        if (!after->is_int64() || after->get_int64() < 0)
            return fail(errc::invalid, "after: a number from 0");
        h.after = after->get_int64();
    }
    h.language = text(o, "lang", 35);
    h.page = text(o, "page", 500);
    return client_frame(std::move(h));
}

result<client_frame> parse_say(const json::object& o) {
    say s;
    s.id = text(o, "id", 64);
    if (s.id.empty()) return fail(errc::invalid, "id: a text of 1 to 64 bytes");
    const auto* v = o.if_contains("text");
    if (!v || !v->is_string()) return fail(errc::invalid, "text: a text");
    s.text = v->get_string();
    return client_frame(std::move(s));
}

}  // namespace

result<client_frame> parse_frame(std::string_view bytes) {
    json::error_code ec;
    json::parse_options options;
    options.max_depth = 4;
    const auto v = json::parse({bytes.data(), bytes.size()}, ec, {}, options);
    if (ec || !v.is_object()) return fail(errc::invalid, "not a JSON object");
    const auto& o = v.get_object();
    const auto type = text(o, "type", 16);
    if (type == "hello") return parse_hello(o);
    if (type == "say") return parse_say(o);
    return fail(errc::invalid, "type: hello or say");
}

std::string to_body(const line& l) {
    return json::serialize(json::object{{"from", l.from_staff ? "staff" : "visitor"},
                                        {"text", l.text},
                                        {"name", l.name},
                                        {"lang", l.language},
                                        {"page", l.page}});
}

line from_body(std::string_view body) {
    json::error_code ec;
    const auto v = json::parse({body.data(), body.size()}, ec);
    if (ec || !v.is_object()) return {};
    const auto& o = v.get_object();
    constexpr std::size_t any = 1 << 20;
    return {text(o, "from", any) == "staff", text(o, "text", any), text(o, "name", any), text(o, "lang", any),
            text(o, "page", any)};
}

std::string welcome_frame(const std::string& visitor, std::size_t text_limit,
                          std::chrono::seconds quiet_after, const std::string& quiet_text,
                          const std::vector<journal::entry>& transcript) {
    json::array messages;
    for (const auto& e : transcript) messages.push_back(message_object(e));
    return json::serialize(
        json::object{{"type", "welcome"},
                     {"visitor", visitor},
                     {"limits", {{"text", text_limit}}},
                     {"quiet", {{"after_seconds", quiet_after.count()}, {"text", quiet_text}}},
                     {"messages", std::move(messages)}});
}

std::string message_frame(const journal::entry& e) {
    return json::serialize(message_object(e));
}

std::string ack_frame(const std::string& id, std::int64_t number) {
    return json::serialize(json::object{{"type", "ack"}, {"id", id}, {"seq", number}});
}

std::string error_frame(std::string_view code, std::string_view detail, const std::string& id) {
    json::object o{{"type", "error"}, {"code", code}, {"detail", detail}};
    if (!id.empty()) o["id"] = id;
    return json::serialize(o);
}

std::string visitor_of(const std::string& token) {
    return sha256_hex("webchat:" + token).substr(0, 32);
}

bool is_token(std::string_view text) noexcept {
    return text.size() == token_length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
           });
}

message to_message(const journal::entry& e) {
    const auto l = from_body(e.body);
    message m;
    m.native_id = e.id;
    m.revision = "1";  // a visitor cannot change what was said
    m.thread_id = e.topic;
    m.author.id = l.from_staff ? "house" : e.topic;
    m.author.handle = l.from_staff ? l.name : "visitor-" + e.topic.substr(0, 6);
    m.author.display_name = l.name;
    m.ours = l.from_staff;
    m.addressed = !l.from_staff;
    if (m.addressed) m.way = way::direct;
    m.text = l.text;
    m.language = l.language;
    m.written_at = e.at;
    return m;
}

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool typed_by_a_person(std::string_view text) noexcept {
    // The WebSocket layer has checked UTF-8; what is left are characters that no person types.
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\n' && c != '\t' && c != '\r') || u == 0x7f;
    });
}

bool rate_limit::take(std::chrono::steady_clock::time_point at) {
    if (filled_ == std::chrono::steady_clock::time_point{}) filled_ = at;
    const auto more = (at - filled_) / every_;
    left_ = static_cast<int>(std::min<std::int64_t>(most_, left_ + more));
    filled_ += more * every_;
    if (left_ == 0) return false;
    --left_;
    return true;
}

}  // namespace kith::webchat
