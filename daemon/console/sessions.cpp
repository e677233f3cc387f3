#include "daemon/console/sessions.hpp"

#include "daemon/async/pool_call.hpp"
#include "daemon/model/sha256.hpp"

#include <pwd.h>
#include <sodium.h>

namespace kith::console {

namespace {

using namespace std::chrono_literals;

constexpr auto idle_limit = 2h;  // OWASP ASVS 5.0, 7.3: an idle and an absolute limit
constexpr auto absolute_limit = 12h;
constexpr int most_failures = 10;      // from one address ...
constexpr auto failure_window = 5min;  // ... in this time
constexpr std::size_t most_addresses = 10'000;
constexpr std::size_t least_password = 12, most_password = 256;
// OWASP's argon2id advice starts at 19 MiB, t=2; this takes about 0.14 s.
constexpr unsigned long long argon_ops = 3;
constexpr std::size_t argon_bytes = 64U << 20U;

constexpr const char* password_setting = "console.password";

std::string hash_of(const std::string& password) {
    std::string out(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(out.data(), password.data(), password.size(), argon_ops, argon_bytes) != 0)
        return {};
    out.resize(out.find('\0'));
    return out;
}

bool matches(const std::string& hash, const std::string& password) {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string local_user(unsigned uid) {
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(uid, &entry, space.data(), space.size(), &found) == 0 && found) return found->pw_name;
    return "uid " + std::to_string(uid);
}

}  // namespace

sessions::sessions(store& s, bool secure_cookies) : store_(s), secure_(secure_cookies) {}

awaitable<result<void>> sessions::start() {
    auto kept = co_await store_.setting(password_setting);
    if (kept.has_error()) co_return kept.error();
    password_hash_ = std::move(*kept);
    if (password_hash_.empty()) setup_token_ = random_base32(32);
    co_return result<void>();
}

std::optional<identity> sessions::person(const net::server_request& r) {
    auto who = still(r);
    if (who && !r.from.local_uid)
        sessions_[sha256_hex(r.cookie(secure_ ? "__Host-kith" : "kith"))].used = now();
    return who;
}

std::optional<identity> sessions::still(const net::server_request& r) {
    if (r.from.local_uid) {  // the socket lets in root and the members of the group kith
        const auto name = local_user(*r.from.local_uid);
        return identity{0, name, name, role::admin, {}, {}};
    }
    const auto value = r.cookie(secure_ ? "__Host-kith" : "kith");
    if (value.empty()) return std::nullopt;
    const auto found = sessions_.find(sha256_hex(value));
    if (found == sessions_.end()) return std::nullopt;
    const auto at = now();
    if (at - found->second.began > absolute_limit || at - found->second.used > idle_limit) {
        sessions_.erase(found);
        return std::nullopt;
    }
    return identity{0, "operator", "operator", role::admin, {}, {}};
}

bool sessions::same_site(const net::server_request& r) {
    if (r.from.local_uid) return true;
    if (r.headers.get("x-kith-request") != "1") return false;
    if (const auto site = r.headers.find("sec-fetch-site")) return *site == "same-origin";
    const auto origin = r.headers.find("origin");
    if (!origin) return true;  // no browser sends the header above to another site without one of the two
    const auto scheme_end = origin->find("://");
    return scheme_end != std::string_view::npos && origin->substr(scheme_end + 3) == r.headers.get("host");
}

awaitable<result<void>> sessions::set_up(std::string token, std::string password) {
    if (setup_token_.empty()) co_return fail(errc::conflict, "a password is set already");
    if (!equal_secrets(token, setup_token_))
        co_return fail(errc::refused, "this is not the setup link of this start");
    if (password.size() < least_password || password.size() > most_password)
        co_return fail(errc::invalid, "password: use 12 to 256 characters");
    auto work = [password = std::move(password)] { return hash_of(password); };
    auto hash = co_await pool_call(hashing_, std::move(work));
    if (hash.empty()) co_return fail(errc::transient, "not enough memory to hash a password");
    if (setup_token_.empty()) co_return fail(errc::conflict, "a password is set already");
    setup_token_.clear();  // before the await: two at once must not both win
    auto done = co_await store_.set(password_setting, hash);
    if (done.has_error()) setup_token_ = token;
    if (done.has_error()) co_return done.error();
    password_hash_ = std::move(hash);
    co_return result<void>();
}

awaitable<result<std::string>> sessions::sign_in(std::string password, std::string address) {
    if (password_hash_.empty()) co_return fail(errc::conflict, "no password is set yet: open the setup link");
    if (failures_.size() > most_addresses)
        std::erase_if(failures_, [](const auto& f) { return f.second.until < now(); });
    auto& failed = failures_[address];
    if (failed.until < now()) failed.count = 0;
    if (failed.count >= most_failures) {
        auto why = fail(errc::limited, "too many wrong passwords from here: wait a few minutes");
        why.retry_at = failed.until;
        co_return why;
    }
    ++failed.count;  // before the hashing: many at once must not all slip through
    failed.until = now() + failure_window;
    auto work = [hash = password_hash_, password = std::move(password)] { return matches(hash, password); };
    const bool right = co_await pool_call(hashing_, std::move(work));
    if (!right) co_return fail(errc::unauthorised, "wrong password");
    failures_.erase(address);
    std::erase_if(sessions_, [](const auto& s) { return now() - s.second.used > idle_limit; });
    const auto value = random_base32(32);  // 160 bits
    sessions_[sha256_hex(value)] = {now(), now()};
    co_return cookie(value, absolute_limit);
}

std::string sessions::sign_out(const net::server_request& r) {
    sessions_.erase(sha256_hex(r.cookie(secure_ ? "__Host-kith" : "kith")));
    return cookie("", 0s);
}

std::string sessions::cookie(const std::string& value, std::chrono::seconds age) const {
    return std::string(secure_ ? "__Host-kith=" : "kith=") + value +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age.count()) +
           (secure_ ? "; Secure" : "");
}

}  // namespace kith::console
