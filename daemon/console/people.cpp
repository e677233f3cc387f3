#include "daemon/console/people.hpp"

#include "daemon/net/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kith::console {

namespace {

constexpr std::size_t longest_login = 64, longest_name = 100;
/// As actors of the record they are not people.
constexpr std::array<std::string_view, 3> not_for_people{"kith", "contact", "nobody"};

}  // namespace

awaitable<result<void>> people::start() {
    auto found = co_await store_.users();
    if (found.has_error()) co_return found.error();
    for (auto& u : *found) keep(std::move(u));
    co_return result<void>();
}

const user* people::find(std::int64_t id) const {
    const auto found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

const user* people::by_login(std::string_view login) const {
    const auto wanted = net::lower_case(login);
    for (const auto& [id, u] : all_)
        if (net::lower_case(u.login) == wanted) return &u;
    return nullptr;
}

const user* people::by_subject(std::string_view issuer, std::string_view subject) const {
    for (const auto& [id, u] : all_)
        if (u.linked_at && u.issuer == issuer && u.subject == subject) return &u;
    return nullptr;
}

const user& people::keep(user u) {
    const auto id = u.id;
    return all_.insert_or_assign(id, std::move(u)).first->second;
}

identity identity_of(const user& u) {
    return {u.id, u.name, u.login, u.role, u.departments, u.accounts, 0};
}

result<void> good_login(const std::string& login) {
    const auto fits = [](unsigned char c) {
        return c < 128 && (std::isalnum(c) || c == '.' || c == '_' || c == '-' || c == '@' || c == '+');
    };
    if (login.empty() || login.size() > longest_login || !std::all_of(login.begin(), login.end(), fits) ||
        std::isdigit(static_cast<unsigned char>(login[0])))
        return fail(errc::invalid,
                    "login: use letters, digits and . _ - @ +, at most 64, and no digit as the first");
    const auto own = net::lower_case(login);
    if (std::find(not_for_people.begin(), not_for_people.end(), own) != not_for_people.end())
        return fail(errc::invalid, "login: '" + login + "' is a name of Kith's own: choose another");
    return {};
}

result<void> good_name(const std::string& name) {
    const auto control = [](unsigned char c) { return c < 32 || c == 127; };
    if (name.find_first_not_of(' ') == std::string::npos || name.size() > longest_name ||
        std::any_of(name.begin(), name.end(), control))
        return fail(errc::invalid, "name: write 1 to 100 characters on one line");
    return {};
}

}  // namespace kith::console
