#include "daemon/console/people_view.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/console/sessions.hpp"

#include <boost/json/array.hpp>

namespace kith::console {

namespace json = boost::json;

namespace {

json::array list_of(const std::vector<std::string>& all) {
    json::array out(all.begin(), all.end());
    return out;
}

json::value link_or_null(const user& u) {
    if (!u.linked_at) return nullptr;
    return json::object{{"issuer", u.issuer}, {"linked_at", to_rfc3339(*u.linked_at, 3)}};
}

std::string_view to_text(second_factor s) {
    static constexpr std::string_view names[] = {"needed", "setup", "done"};
    return names[static_cast<std::size_t>(s)];
}

}  // namespace

json::object brief(const user& u) {
    return {{"id", u.id},
            {"login", u.login},
            {"name", u.name},
            {"role", to_string(u.role)},
            {"departments", list_of(u.departments)},
            {"accounts", list_of(u.accounts)},
            {"disabled", u.disabled}};
}

json::object view(const user& u) {
    auto out = brief(u);
    out["version"] = u.version;
    out["email"] = text_or_null(u.email);
    out["created_at"] = to_rfc3339(u.created_at, 3);
    out["signed_in_at"] = time_or_null(u.signed_in_at);
    out["password_set"] = !u.password.empty();
    out["second_factor_set"] = !u.totp.empty();
    out["oidc"] = link_or_null(u);
    return out;
}

json::object session_view(const user& u, const user_session& s, bool mails) {
    auto who = brief(u);
    who.erase("disabled");
    who["email"] = text_or_null(u.email);
    who["language"] = text_or_null(u.language);
    who["theme"] = text_or_null(u.theme);
    who["notify"] = json::object{{"email", list_of(u.mail_about)}, {"possible", mails}};
    who["recovery_codes"] = u.recovery_codes;
    who["oidc"] = link_or_null(u);
    json::object out{{"second_factor", to_text(s.second)},
                     {"absolute_end_at", to_rfc3339(sessions::ends_at(s), 3)}};
    out["user"] = std::move(who);
    return out;
}

json::object view(const user_session& s, std::int64_t current) {
    return {{"id", s.id},
            {"current", s.id == current},
            {"began_at", to_rfc3339(s.began, 3)},
            {"used_at", to_rfc3339(s.used, 3)},
            {"absolute_end_at", to_rfc3339(sessions::ends_at(s), 3)},
            {"address", s.address},
            {"browser", s.agent}};
}

json::object view(const user_token& t) {
    return {{"id", t.id},
            {"user", t.user},
            {"name", t.name},
            {"scopes", list_of(t.scopes)},
            {"created_at", to_rfc3339(t.created_at, 3)},
            {"expires_at", to_rfc3339(t.expires_at, 3)},
            {"used_at", time_or_null(t.used_at)}};
}

}  // namespace kith::console
