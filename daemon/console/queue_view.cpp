#include "daemon/console/queue_view.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/queue/urgency.hpp"

namespace kith::console {

namespace json = boost::json;

namespace {

constexpr std::size_t thread_digits = 16;
constexpr std::size_t excerpt_length = 200;

json::value assignee_view(const assignee& a) {
    if (!a.login.empty()) return json::object{{"login", a.login}, {"name", a.name}};
    if (!a.department.empty()) return json::object{{"department", a.department}};
    return nullptr;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// Where the link, name or tag that begins here ends; `from` where none does.
std::size_t end_of_special(std::string_view text, std::size_t from, std::string_view& kind) {
    const auto rest = text.substr(from);
    if (rest.starts_with("https://") || rest.starts_with("http://")) {
        auto end = from;
        while (end < text.size() && !is_space(text[end]) &&
               std::string_view("\"<>()").find(text[end]) == std::string_view::npos)
            ++end;
        while (std::string_view(".,;:!?'").find(text[end - 1]) != std::string_view::npos) --end;
        kind = "link";
        return end > from + rest.find("//") + 2 ? end : from;
    }
    const bool alone = from == 0 || !is_word(text[from - 1]);
    if (!alone || rest.size() < 2 || (rest[0] != '@' && rest[0] != '#') || !is_word(rest[1])) return from;
    kind = rest[0] == '@' ? "mention" : "tag";
    auto end = from + 1;
    while (end < text.size() &&
           (is_word(text[end]) ||
            (kind == "mention" && (text[end] == '.' || text[end] == '-' || text[end] == '@'))))
        ++end;
    while (!is_word(text[end - 1])) --end;
    return end;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
    std::size_t n = 0, i = 0, kept = 0;
    for (; i < text.size(); ++i) {
        if (continues(text[i])) continue;
        if (n == most) return std::string(text.substr(0, kept)) + "…";
        if (++n == most) kept = i;
    }
    return std::string(text);
}

json::array preview_of(std::string_view text) {
    json::array out;
    std::size_t plain = 0;
    const auto say_plain = [&](std::size_t end) {
        if (end > plain) out.push_back({{"text", text.substr(plain, end - plain)}, {"kind", "text"}});
    };
    for (std::size_t i = 0; i < text.size();) {
        std::string_view kind;
        const auto end = end_of_special(text, i, kind);
        if (end == i) {
            ++i;
            continue;
        }
        say_plain(i);
        json::object piece{{"text", text.substr(i, end - i)}, {"kind", kind}};
        if (kind == "link") piece["url"] = text.substr(i, end - i);
        out.push_back(std::move(piece));
        plain = i = end;
    }
    say_plain(text.size());
    return out;
}

json::value view(const std::optional<claim>& held) {
    if (!held) return nullptr;
    return json::object{{"login", held->login}, {"name", held->name}, {"until", to_rfc3339(held->until, 3)}};
}

json::object view(const queue_item& item, const std::optional<claim>& held, timestamp at) {
    const auto& s = item.shown;
    const auto& m = item.message;
    const auto urgent = urgency_of(s.expires_at, item.customer, item.complaint, at);
    return {{"id", s.id},
            {"version", s.version},
            {"message", m.id},
            {"thread", sha256_hex(m.account + "\n" + m.what.thread_id).substr(0, thread_digits)},
            {"account", m.account},
            {"platform", s.platform},
            {"department", s.department},
            {"playbook", s.basis.playbook},
            {"title", s.playbook_title},
            {"kind", s.kind},
            {"language", s.language},
            {"state", to_string(s.state)},
            {"contact",
             {{"id", item.contact},
              {"handle", m.what.author.handle},
              {"name", m.what.author.display_name},
              {"stage", item.stage ? to_string(*item.stage) : std::string_view{}},
              {"customer", item.customer}}},
            {"excerpt", shortened(m.what.text, excerpt_length)},
            {"draft", shortened(s.basis.text, draft_length)},
            {"received_at", to_rfc3339(m.received_at, 3)},
            {"expires_at", time_or_null(s.expires_at)},
            {"urgency", urgent.level},
            {"because", urgent.because},
            {"verdict", to_string(s.verdict.decision)},
            {"first_approval_by", text_or_null(s.first_approval_by)},
            {"assigned", assignee_view(item.assigned)},
            {"snoozed_until", time_or_null(item.snoozed_until)},
            {"undo_until", time_or_null(item.undo_until)},
            {"held", text_or_null(item.held)},
            {"claim", view(held)},
            {"candidates", item.candidates},
            {"changed", !s.changed.empty()},
            {"questions_waiting", item.questions_waiting}};
}

json::object view(const saved_view& v) {
    return {{"id", v.id},       {"version", v.version}, {"name", v.name},
            {"query", v.query}, {"owner", v.owner},     {"department", text_or_null(v.department)}};
}

}  // namespace kith::console
