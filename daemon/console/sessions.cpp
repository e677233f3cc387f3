#include "daemon/console/sessions.hpp"

#include "daemon/async/sleep.hpp"
#include "daemon/model/sha256.hpp"

#include <pwd.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace kith::console {

namespace {

using namespace std::chrono_literals;

constexpr auto idle_limit = 2h;  // OWASP ASVS 5.0, 7.3: an idle and an absolute limit
constexpr auto absolute_limit = 12h;
constexpr auto way_in_limit = 15min;  // for the code, or to set one up
constexpr std::size_t longest_agent = 200;

std::string local_user(unsigned uid) {
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(uid, &entry, space.data(), space.size(), &found) == 0 && found) return found->pw_name;
    return "uid " + std::to_string(uid);
}

}  // namespace

sessions::sessions(people_store& s, const people& who, tokens& t, bool secure)
    : store_(s), people_(who), tokens_(t), secure_(secure) {}

awaitable<result<void>> sessions::start() {
    auto found = co_await store_.sessions();
    if (found.has_error()) co_return found.error();
    for (auto& s : *found) {
        const auto hash = s.hash;
        by_hash_.emplace(hash, std::move(s));
    }
    co_return result<void>();
}

awaitable<void> sessions::keep_noting() {
    for (;;) {
        co_await sleep_for(1min);
        std::vector<last_used> used;
        for (const auto& hash : std::exchange(used_, {}))
            if (const auto s = by_hash_.find(hash); s != by_hash_.end())
                used.push_back({s->second.id, s->second.used});
        std::erase_if(by_hash_, [this](const auto& s) { return over(s.second); });
        const auto noted = co_await store_.note_used(std::move(used), tokens_.used());
        const auto done = co_await store_.forget_sessions(now() - absolute_limit, now() - idle_limit);
        if (noted.has_error() || done.has_error())
            spdlog::warn("when sessions were last used could not be kept: it is tried again in a minute");
    }
}

bool sessions::over(const user_session& s) const {
    const auto at = now();
    return at >= ends_at(s) || at - s.used >= idle_limit;
}

timestamp sessions::ends_at(const user_session& s) {
    if (s.second == second_factor::done) return s.began + absolute_limit;
    return s.began + way_in_limit;
}

const user_session* sessions::find(const net::server_request& r) const {
    const auto value = r.cookie(full_name(cookie_name));
    if (value.empty()) return nullptr;
    const auto found = by_hash_.find(sha256_hex(value));
    if (found == by_hash_.end() || over(found->second)) return nullptr;
    const auto* u = people_.find(found->second.user);
    return u && !u->disabled ? &found->second : nullptr;
}

std::optional<identity> sessions::still(const net::server_request& r) const {
    if (r.from.local_uid) {  // the socket lets in root and the members of the group kith
        const auto name = local_user(*r.from.local_uid);
        return identity{0, name, name, role::admin, {}, {}, 0};
    }
    if (tokens::used_by(r)) return tokens_.person(r);
    const auto* s = find(r);
    if (!s || s->second != second_factor::done) return std::nullopt;
    auto out = identity_of(*people_.find(s->user));
    out.session = s->id;
    return out;
}

std::optional<identity> sessions::person(const net::server_request& r) {
    auto who = still(r);
    if (!who || who->session == 0) return who;
    auto& s = by_hash_.at(sha256_hex(r.cookie(full_name(cookie_name))));
    s.used = now();
    used_.insert(s.hash);
    return who;
}

bool sessions::same_site(const net::server_request& r) {
    if (r.from.local_uid || tokens::used_by(r)) return true;
    if (r.headers.get("x-kith-request") != "1") return false;
    if (const auto site = r.headers.find("sec-fetch-site")) return *site == "same-origin";
    const auto origin = r.headers.find("origin");
    if (!origin) return true;  // no browser sends the header above to another site without one of the two
    const auto scheme_end = origin->find("://");
    return scheme_end != std::string_view::npos && origin->substr(scheme_end + 3) == r.headers.get("host");
}

awaitable<result<sessions::begun>> sessions::begin(std::int64_t user, second_factor second,
                                                   net::server_request r, std::string address,
                                                   timestamp proved) {
    const auto value = random_base32(32);  // 160 bits
    user_session s;
    s.user = user;
    s.hash = sha256_hex(value);
    s.second = second;
    s.began = s.used = now();
    s.address = std::move(address);
    s.proved = proved;
    s.agent = std::string(r.headers.get("user-agent").substr(0, longest_agent));
    const auto* before = find(r);
    const auto instead = before ? before->id : 0;
    auto kept = co_await store_.begin_session(std::move(s), instead);
    if (kept.has_error()) co_return kept.error();
    std::erase_if(by_hash_, [instead](const auto& one) { return one.second.id == instead; });
    by_hash_.emplace(kept->hash, *kept);
    const auto age = std::chrono::ceil<std::chrono::seconds>(ends_at(*kept) - kept->began);
    begun out;
    out.session = std::move(*kept);
    out.cookie = cookie(cookie_name, value, age);
    co_return out;
}

awaitable<result<void>> sessions::end(std::int64_t id) {
    const auto done = co_await store_.end_session(id);
    if (done.has_error()) co_return done.error();
    std::erase_if(by_hash_, [id](const auto& s) { return s.second.id == id; });
    co_return result<void>();
}

void sessions::forget_user(std::int64_t user, std::int64_t keep) {
    std::erase_if(by_hash_, [&](const auto& s) { return s.second.user == user && s.second.id != keep; });
}

std::vector<user_session> sessions::of(std::int64_t user) const {
    std::vector<user_session> out;
    for (const auto& [hash, s] : by_hash_)
        if (s.user == user && s.second == second_factor::done && !over(s)) out.push_back(s);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return out;
}

const user_session* sessions::by_id(std::int64_t id) const {
    for (const auto& [hash, s] : by_hash_) {
        if (s.id != id || over(s)) continue;
        const auto* u = people_.find(s.user);
        return u && !u->disabled ? &s : nullptr;
    }
    return nullptr;
}

std::string sessions::full_name(std::string_view name) const {
    return (secure_ ? "__Host-" : "") + std::string(name);
}

std::string sessions::cookie(std::string_view name, const std::string& value, std::chrono::seconds age,
                             std::string_view site) const {
    return full_name(name) + "=" + value + "; Path=/; HttpOnly; SameSite=" + std::string(site) +
           "; Max-Age=" + std::to_string(age.count()) + (secure_ ? "; Secure" : "");
}

}  // namespace kith::console
