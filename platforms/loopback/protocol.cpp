#include "platforms/loopback/protocol.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace kith::loopback {

namespace json = boost::json;

namespace {

std::string text(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v && v->is_string() ? std::string(v->get_string()) : std::string{};
}

bool flag(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v && v->is_bool() && v->get_bool();
}

timestamp time(const json::object& o, std::string_view key) {
    return from_rfc3339(text(o, key)).value_or(timestamp{});
}

message to_message(const json::object& o) {
    message m;
    m.native_id = text(o, "id");
    m.revision = text(o, "revision");
    m.thread_id = text(o, "thread");
    m.parent_id = text(o, "parent");
    m.author.id = text(o, "author");
    m.author.handle = m.author.id;
    m.author.display_name = text(o, "name");
    m.author.bot = flag(o, "bot");
    m.ours = flag(o, "ours");
    m.addressed = flag(o, "addressed");
    if (m.addressed) m.way = way_from(text(o, "way")).value_or(way::mention);
    m.automated = !text(o, "via").empty();
    m.community = text(o, "community");
    m.text = text(o, "text");
    m.language = text(o, "language");
    m.url = text(o, "url");
    m.written_at = time(o, "at");
    return m;
}

/// Parses, and turns whatever is wrong with the JSON into a failure.
template <class T, class F>
result<T> parsed(std::string_view bytes, F read) {
    try {
        return read(json::parse(bytes).as_object());
    } catch (const std::exception& e) {
        return fail(errc::transient,
                    std::string("the server's answer is not what it should be: ") + e.what());
    }
}

identity author_of(const json::object& o) {
    identity who;
    who.id = who.handle = text(o, "author");
    who.display_name = text(o, "name");
    return who;
}

event to_event(const json::object& o) {
    const auto type = text(o, "type");
    if (type == "message") return message_seen{to_message(o)};
    if (type == "delete") return message_deleted{text(o, "id")};
    if (type == "block") return contact_blocked{text(o, "author")};
    if (type == "follow") return contact_followed{author_of(o), text(o, "id")};
    if (type == "unfollow") return contact_unfollowed{text(o, "author")};
    if (type == "react") return contact_reacted{author_of(o), text(o, "id"), text(o, "to"), flag(o, "good")};
    if (type == "report") return contact_reported{text(o, "author")};
    if (type == "gap") return gap_noted{time(o, "from"), time(o, "to"), text(o, "cause")};
    throw std::runtime_error("unknown event '" + type + "'");
}

}  // namespace

result<batch> parse_events(std::string_view bytes) {
    return parsed<batch>(bytes, [](const json::object& o) {
        batch b;
        for (const auto& e : o.at("events").as_array()) b.events.push_back(to_event(e.as_object()));
        b.next = std::to_string(o.at("next").to_number<std::int64_t>());
        return b;
    });
}

result<thread> parse_thread(std::string_view bytes) {
    return parsed<thread>(bytes, [](const json::object& o) {
        thread t;
        for (const auto& m : o.at("messages").as_array()) t.messages.push_back(to_message(m.as_object()));
        if (!t.messages.empty()) t.tail = t.messages.back().native_id;
        t.target_revision = text(o, "revision");
        t.may_reply = !o.contains("closed");
        t.why_not = text(o, "closed");
        return t;
    });
}

result<receipt> parse_receipt(std::string_view bytes) {
    return parsed<receipt>(bytes, [](const json::object& o) {
        return receipt{json::value_to<std::string>(o.at("id")), text(o, "url"), time(o, "at")};
    });
}

result<automation_label> parse_profile(std::string_view bytes) {
    return parsed<automation_label>(bytes, [](const json::object& o) {
        if (!o.contains("automated")) return automation_label::unknown;
        return flag(o, "automated") ? automation_label::present : automation_label::absent;
    });
}

std::string reply_body(const approved_reply& r, const idempotency_key& key) {
    const json::object o{{"key", key.value}, {"to", r.target.native_id}, {"text", r.text}, {"via", "kith"}};
    return json::serialize(o);
}

error error_of(unsigned status, std::string_view body) {
    const auto what = std::to_string(status) + " " + std::string(body.substr(0, 200));
    if (status == 401 || status == 403) return fail(errc::unauthorised, what);
    if (status == 429) return fail(errc::limited, what);
    if (status == 404) return fail(errc::not_found, what);
    if (status >= 500 || status == 408)
        return fail(errc::unknown, what);  // it may have been carried out all the same
    return fail(errc::refused, what);
}

}  // namespace kith::loopback
