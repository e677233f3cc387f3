#include "daemon/config/department_config.hpp"

#include "daemon/config/secret.hpp"
#include "daemon/match/language.hpp"
#include "daemon/model/local_time.hpp"
#include "daemon/net/http.hpp"

#include <boost/url/parse.hpp>

#include <array>
#include <charconv>
#include <filesystem>
#include <set>

namespace kith {

namespace {

/// Strict enough that nothing can end a mail's header, and no second address slips in.
bool is_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.size() > 254) return false;
    if (text.find('@', at + 1) != std::string_view::npos) return false;
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
            std::string_view("<>,;:\"()[]\\").find(c) != std::string_view::npos)
            return false;
    return true;
}

std::string path_in(const std::string& folder, const std::string& path) {
    return path.empty() ? path : (std::filesystem::path(folder) / path).lexically_normal().string();
}

/// "08:00" as minutes after midnight.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    unsigned h = 0, m = 0;
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto digits = [&](std::size_t from, unsigned& to) {
        const char* end = text.data() + from + 2;
        const auto [at, ec] = std::from_chars(text.data() + from, end, to);
        return ec == std::errc{} && at == end;
    };
    if (!digits(0, h) || !digits(3, m) || h > 23 || m > 59) return std::nullopt;
    return std::chrono::hours{h} + std::chrono::minutes{m};
}

digest_target read_target(const yaml::node& node, yaml::map_reader& above, const std::string& folder) {
    using kind = digest_target::kind;
    yaml::map_reader from(node, above.file(), "to", above.out());
    digest_target out;
    const auto file = from.text("file"), email = from.text("email"), webhook = from.text("webhook");
    if (int(!file.empty()) + int(!email.empty()) + int(!webhook.empty()) != 1)
        from.complain(node.at, "a digest goes to exactly one place",
                      "write one of `file: PATH`, `email: ADDRESS` or `webhook: URL`");
    if (!file.empty()) out = {kind::file, path_in(folder, file), ""};
    if (!email.empty()) out = {kind::email, email, ""};
    if (!webhook.empty()) out = {kind::webhook, webhook, need_secret(from, "secret")};
    if (!email.empty() && !is_address(email))
        from.complain(from.at("email"), "`email` is no mail address", "write one, such as team@example.com");
    if (!webhook.empty() && !is_safe_web_address(webhook))
        from.complain(from.at("webhook"), "`webhook` is no safe web address",
                      "write https://...; http:// only for this very machine");
    from.done();
    return out;
}

digest_config read_digest(const yaml::node& node, yaml::map_reader& above, const std::string& folder) {
    yaml::map_reader from(node, above.file(), "digest", above.out());
    digest_config out;
    out.when.weekly = from.choice("every", {"day", "week"}, 0) == 1;
    const auto on =
        from.choice("on", {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}, 1);
    out.when.on = std::chrono::weekday{static_cast<unsigned>(on)};
    if (from.has("on") && !out.when.weekly)
        from.complain(from.at("on"), "`on` is for a weekly digest", "write `every: week`, or remove it");
    const auto at = from.text("at", "08:00");
    if (const auto t = time_of_day(at))
        out.when.at = *t;
    else
        from.complain(from.at("at"), "'" + at.substr(0, 40) + "' is no time of day", "write it as \"08:00\"");
    out.when.zone = from.text("zone", "UTC");
    if (!is_zone(out.when.zone))
        from.complain(from.at("zone"), "there is no time zone '" + out.when.zone.substr(0, 80) + "'",
                      "write its name, such as Europe/Berlin");
    if (const auto* to = from.need("to")) out.to = read_target(*to, from, folder);
    from.done();
    return out;
}

department_config read_department(const yaml::node& node, yaml::map_reader& top, const std::string& folder) {
    yaml::map_reader from(node, top.file(), "department", top.out());
    department_config out;
    out.at = node.at;
    out.id = from.need_text("id");
    if (!out.id.empty() && !is_department_id(out.id))
        from.complain(from.at("id"), "'" + out.id.substr(0, 80) + "' is no id",
                      "use lower-case letters, digits and hyphens, at most 64");
    out.name = from.text("name", out.id);
    out.languages = from.texts("languages");
    for (const auto& l : out.languages)
        if (l.empty() || primary_language(l) != l)
            from.complain(from.at("languages"), "'" + l.substr(0, 40) + "' is not a language",
                          "write its primary tag in lower case, such as en or de");
    if (const auto* digest = from.take("digest")) out.digest = read_digest(*digest, from, folder);
    out.answer_within = read_goal(from);
    from.done();
    return out;
}

}  // namespace

bool is_department_id(std::string_view id) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.empty() && id.size() <= 64 && id[0] != '-' && std::all_of(id.begin(), id.end(), fits);
}

bool is_safe_web_address(const std::string& text) {
    const auto u = net::url::parse(text);
    if (u.has_error()) return false;
    return u->scheme == "https" ||
           (u->scheme == "http" && (u->host == "localhost" || u->host == "127.0.0.1" || u->host == "::1"));
}

std::string in_words(const digest_target& to) {
    if (to.is != digest_target::kind::webhook) return to.where;
    const auto u = net::url::parse(to.where);
    return u.has_error() ? "(not a web address)" : u->scheme + "://" + u->host_header();
}

std::vector<department_config> read_departments(yaml::map_reader& top, const std::string& folder) {
    std::vector<department_config> out;
    const auto* list = top.take("departments");
    if (!list) return out;
    if (list->is != yaml::node::kind::sequence) {
        top.complain(list->at, "departments is not a list", "write '- id: ...' for each department");
        return out;
    }
    std::set<std::string> ids;
    for (const auto& item : list->items) {
        auto made = read_department(item, top, folder);
        if (!made.id.empty() && !ids.insert(made.id).second)
            top.complain(item.at, "there are two departments '" + made.id + "'", "give each its own id");
        out.push_back(std::move(made));
    }
    return out;
}

std::chrono::milliseconds read_goal(yaml::map_reader& from) {
    using namespace std::chrono_literals;
    const auto* node = from.take("goals");
    if (!node) return 0ms;
    yaml::map_reader goals(*node, from.file(), "goals", from.out());
    const auto within = goals.duration("answer_within", 0ms, 1min, 24h * 30);
    goals.done();
    return within;
}

mail_config read_mail(yaml::map_reader& top, const std::string& folder) {
    mail_config out;
    const auto* node = top.take("mail");
    if (!node) return out;
    yaml::map_reader from(*node, top.file(), "mail", top.out());
    out.server = from.need_text("server");
    const auto u = boost::urls::parse_uri(out.server);
    const bool is_server = u.has_value() && (u->scheme() == "smtp" || u->scheme() == "smtps") &&
                           !u->host().empty() && !u->has_userinfo() &&
                           (u->encoded_path().empty() || u->encoded_path() == "/") && !u->has_query() &&
                           !u->has_fragment();
    if (!out.server.empty() && !is_server)
        from.complain(from.at("server"), "`server` is no mail server",
                      "write smtps://host:465, or smtp://host:587 (which then must offer STARTTLS)");
    out.user = from.text("user");
    if (!out.user.empty()) out.password = need_secret(from, "password");
    out.from = from.need_text("from");
    if (!out.from.empty() && !is_address(out.from))
        from.complain(from.at("from"), "`from` is no mail address", "write one, such as kith@example.com");
    out.extra_ca_file = path_in(folder, from.text("extra_ca_file"));
    from.done();
    return out;
}

void check_mail(const std::vector<department_config>& departments, const mail_config& mail,
                yaml::map_reader& top) {
    if (!mail.server.empty()) return;
    for (const auto& d : departments)
        if (d.digest && d.digest->to.is == digest_target::kind::email && !top.has("mail"))
            top.complain(d.at, "the digest of '" + d.id + "' goes by mail, and there is no mail server",
                         "add `mail: {server: smtps://host:465, ...}`");
}

}  // namespace kith
