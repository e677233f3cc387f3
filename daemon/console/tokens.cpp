#include "daemon/console/tokens.hpp"

#include "daemon/model/sha256.hpp"

#include <algorithm>

namespace kith::console {

namespace {

constexpr std::string_view scheme = "Bearer ", beginning = "kith_";
constexpr std::size_t random_digits = 32;  // 160 bits
constexpr std::chrono::hours longest_life{366 * 24};
constexpr std::size_t most_tokens = 50, longest_token_name = 100;

role allowed_by(const std::vector<std::string>& scopes) {
    auto most = role::viewer;
    for (const auto& s : scopes)
        most = std::max(most, s == "admin" ? role::admin : s == "queue" ? role::approver : role::viewer);
    return most;
}

result<void> good_token(const std::string& name, const std::vector<std::string>& scopes,
                        timestamp expires_at) {
    if (name.empty() || name.size() > longest_token_name)
        return fail(errc::invalid, "name: say what it is for, in at most 100 characters");
    if (scopes.empty()) return fail(errc::invalid, "scopes: give at least one of read, queue, admin");
    for (const auto& s : scopes)
        if (s != "read" && s != "queue" && s != "admin")
            return fail(errc::invalid,
                        "scopes: there is no '" + s.substr(0, 40) + "': use read, queue, admin");
    if (expires_at <= now() || expires_at > now() + longest_life)
        return fail(errc::invalid, "expires_at: a time to come, at most a year ahead");
    return {};
}

}  // namespace

awaitable<result<void>> tokens::start() {
    auto found = co_await store_.tokens();
    if (found.has_error()) co_return found.error();
    for (auto& t : *found) {
        const auto hash = t.hash;
        by_hash_.emplace(hash, std::move(t));
    }
    co_return result<void>();
}

bool tokens::used_by(const net::server_request& r) {
    return r.headers.get("authorization").starts_with(scheme);
}

std::optional<identity> tokens::person(const net::server_request& r) {
    if (!used_by(r)) return std::nullopt;
    const auto given = r.headers.get("authorization");
    const auto value = given.substr(scheme.size());
    if (!value.starts_with(beginning)) return std::nullopt;
    const auto found = by_hash_.find(sha256_hex(value));
    if (found == by_hash_.end() || found->second.expires_at <= now()) return std::nullopt;
    auto& t = found->second;
    const auto* u = people_.find(t.user);
    if (!u || u->disabled) return std::nullopt;
    t.used_at = now();
    used_.insert(t.hash);
    auto out = identity_of(*u);
    out.role = std::min(out.role, allowed_by(t.scopes));
    out.token_of_other = people_.by_login(t.made_by) != u;
    return out;
}

std::vector<user_token> tokens::of(std::int64_t user) const {
    std::vector<user_token> out;
    for (const auto& [hash, t] : by_hash_)
        if (t.user == user) out.push_back(t);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return out;
}

const user_token* tokens::find(std::int64_t id) const {
    for (const auto& [hash, t] : by_hash_)
        if (t.id == id) return &t;
    return nullptr;
}

awaitable<result<std::pair<user_token, std::string>>> tokens::add(std::int64_t user, std::string name,
                                                                  std::vector<std::string> scopes,
                                                                  timestamp expires_at, std::string by) {
    const auto good = good_token(name, scopes, expires_at);
    if (good.has_error()) co_return good.error();
    if (of(user).size() >= most_tokens)
        co_return fail(errc::conflict, "one person has at most 50 tokens: remove one first");
    auto secret = std::string(beginning) + random_base32(random_digits);
    user_token t;
    t.user = user;
    t.name = std::move(name);
    t.scopes = std::move(scopes);
    t.expires_at = expires_at;
    t.hash = sha256_hex(secret);
    auto made = co_await store_.add_token(std::move(t), std::move(by));
    if (made.has_error()) co_return made.error();
    const auto hash = made->hash;
    by_hash_.insert_or_assign(hash, *made);
    co_return std::pair(std::move(*made), std::move(secret));
}

awaitable<result<void>> tokens::remove(std::int64_t id, std::string by) {
    const auto done = co_await store_.remove_token(id, std::move(by));
    if (done.has_error()) co_return done.error();
    std::erase_if(by_hash_, [id](const auto& t) { return t.second.id == id; });
    co_return result<void>();
}

void tokens::forget_user(std::int64_t user) {
    std::erase_if(by_hash_, [user](const auto& t) { return t.second.user == user; });
}

std::vector<last_used> tokens::used() {
    std::vector<last_used> out;
    for (const auto& hash : std::exchange(used_, {}))
        if (const auto t = by_hash_.find(hash); t != by_hash_.end())
            out.push_back({t->second.id, t->second.used_at.value_or(now())});
    return out;
}

}  // namespace kith::console
