#include "daemon/console/door.hpp"

#include "daemon/console/totp.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/text.hpp"

#include <spdlog/spdlog.h>

#include <cctype>
#include <cstdlib>

namespace kith::console {

namespace {

using namespace std::chrono_literals;

constexpr auto invitation_life = 72h;
constexpr auto fresh_for = 15min;  // to change the second factor
constexpr auto device_life = 180 * 24h;
constexpr std::string_view device_name = "kith-device";
constexpr std::string_view by_address = "address ";

error wrong_sign_in() {
    return fail(errc::unauthorised, "wrong login or password");
}

std::string about(std::int64_t user) {
    return "totp of " + std::to_string(user);
}

}  // namespace

door::door(people_store& s, people& who, sessions& all, tokens& programs, sealer keys, house h)
    : store_(s),
      people_(who),
      sessions_(all),
      tokens_(programs),
      sealer_(keys),
      house_(std::move(h)),
      by_address_(throttle_bounds::of_addresses()) {}

awaitable<result<void>> door::start() {
    if (people_.all().empty()) setup_token_ = random_base32(32);
    co_return result<void>();
}

throttle& door::counter_of(const std::string& key) {
    return key.starts_with(by_address) ? by_address_ : by_person_;
}

const throttle& door::counter_of(const std::string& key) const {
    return key.starts_with(by_address) ? by_address_ : by_person_;
}

std::optional<error> door::must_wait(const std::vector<std::string>& keys) const {
    std::optional<timestamp> until;
    for (const auto& key : keys)
        if (const auto one = counter_of(key).wait(key, now()); one && (!until || *one > *until)) until = one;
    if (!until) return std::nullopt;
    auto why = fail(errc::limited, "that failed too often: wait until " + to_rfc3339(*until, 0));
    why.retry_at = until;
    return why;
}

/// A proxy in front of us adds whom it speaks for as the last of the list, or in a field line after the
/// others.
std::string door::address_of(const net::server_request& r) const {
    const bool from_here = r.from.address.starts_with("127.") || r.from.address == "::1";
    if (!house_.behind_proxy || !from_here) return r.from.address;
    std::string_view all;
    for (const auto& [name, value] : r.headers.all())
        if (net::lower_case(name) == "x-forwarded-for") all = value;
    const auto last = all.substr(all.rfind(',') + 1);  // npos + 1 is the beginning
    const auto begin = last.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return r.from.address;
    return std::string(last.substr(begin, last.find_last_not_of(" \t") + 1 - begin));
}

/// What is signed: with what the user signs in by, so that a new password or factor ends all devices.
std::string door::device_text(std::string_view named, const user& u) const {
    return "device " + std::string(named) + " " + sha256_hex(u.password + " " + u.totp);
}

/// "USER.UNTIL.NONCE.SIGNATURE": what we signed for this user and is not over; else nothing.
std::string door::device_of(const net::server_request& r, std::int64_t user) const {
    const auto value = r.cookie(sessions_.full_name(device_name));
    const auto end = value.rfind('.');
    const auto beginning = std::to_string(user) + ".";
    const auto* u = people_.find(user);
    if (!u || end == std::string::npos || !value.starts_with(beginning)) return {};
    const auto named = value.substr(0, end);
    if (!sealer_.signed_by_us(device_text(named, *u), value.substr(end + 1))) return {};
    const auto until = std::strtoll(named.c_str() + beginning.size(), nullptr, 10);
    return now() < timestamp(std::chrono::seconds{until}) ? named : std::string{};
}

std::string door::device_cookie(std::int64_t user) const {
    const auto until =
        std::chrono::floor<std::chrono::seconds>(now() + device_life).time_since_epoch().count();
    const auto named = std::to_string(user) + "." + std::to_string(until) + "." + random_base32(26);
    const auto signature = sealer_.sign(device_text(named, *people_.find(user)));
    return sessions_.cookie(device_name, named + "." + signature, device_life);
}

awaitable<result<void>> door::right_password(std::int64_t user, std::string hash, std::string password,
                                             std::vector<std::string> keys, std::string from) {
    if (auto wait = must_wait(keys)) {
        spdlog::info("a password for user {} from {} is not looked at: too many were wrong", user, from);
        co_return *wait;
    }
    for (const auto& key : keys) counter_of(key).failed(key, now());
    const auto right = co_await passwords_.matches(std::move(hash), std::move(password));
    const bool yes = right.has_value() && *right;
    if (right.has_error() || yes)
        for (const auto& key : keys) counter_of(key).spared(key);
    if (right.has_error()) co_return right.error();
    if (!yes) {
        spdlog::info("a wrong password for {} from {}",
                     user == 0 ? "an unknown login" : "user " + std::to_string(user), from);
        co_return wrong_sign_in();
    }
    co_return result<void>();
}

awaitable<result<entered>> door::enter(std::int64_t user, second_factor second, net::server_request r) {
    const auto proved = second == second_factor::done ? now() : timestamp{};
    co_return co_await enter(user, second, std::move(r), proved);
}

awaitable<result<entered>> door::enter(std::int64_t user, second_factor second, net::server_request r,
                                       timestamp proved) {
    auto address = address_of(r);
    auto begun = co_await sessions_.begin(user, second, std::move(r), std::move(address), proved);
    if (begun.has_error()) co_return begun.error();
    if (second == second_factor::done) {
        auto u = *people_.find(user);
        u.signed_in_at = begun->session.began;
        people_.keep(std::move(u));
    }
    entered out;
    out.cookies.push_back(std::move(begun->cookie));
    if (second == second_factor::done) out.cookies.push_back(device_cookie(user));
    out.session = std::move(begun->session);
    co_return out;
}

awaitable<result<entered>> door::sign_in(std::string login, std::string password, net::server_request r) {
    const auto* u = people_.by_login(login);
    const auto id = u ? u->id : 0;
    const auto device = u ? device_of(r, id) : std::string{};
    std::vector<std::string> keys;
    if (device.empty()) {
        keys.push_back("login " + net::lower_case(login.substr(0, 64)));
        keys.push_back(std::string(by_address) + network_of(address_of(r)));
    } else {
        keys.push_back("device " + device);
    }
    const auto hash = u && !u->disabled ? u->password : std::string{};
    auto from = address_of(r);
    const auto right = co_await right_password(id, hash, std::move(password), keys, std::move(from));
    if (right.has_error()) co_return right.error();
    u = people_.find(id);  // it may have changed while the password was hashed
    if (!u || u->disabled || u->password != hash) co_return wrong_sign_in();
    const auto next = u->totp.empty() ? second_factor::setup : second_factor::needed;
    co_return co_await enter(id, next, std::move(r));
}

awaitable<result<entered>> door::enter_by_provider(std::int64_t user, bool second, std::int64_t instead,
                                                   net::server_request r) {
    const auto* u = people_.find(user);
    if (!u || u->disabled) co_return wrong_sign_in();
    auto next = second_factor::needed;
    if (u->totp.empty())
        next = second_factor::setup;
    else if (second)
        next = second_factor::done;
    if (instead != 0) {
        const auto ended = co_await sessions_.end(instead);
        if (ended.has_error()) co_return ended.error();
    }
    const auto from = address_of(r);
    auto in = co_await enter(user, next, std::move(r), timestamp{});  // nobody showed us a second factor
    if (in.has_error()) co_return in.error();
    u = people_.find(user);
    if (!u->linked_at || u->disabled) {  // a reset that was under way must not be outlived
        const auto ended = co_await sessions_.end(in->session.id);
        if (ended.has_error()) co_return ended.error();
        co_return wrong_sign_in();
    }
    if (next == second_factor::done)
        spdlog::info("user {} signed in from {}, by the provider's word", user, from);
    co_return in;
}

result<user_session> door::fresh(const net::server_request& r) const {
    const auto* s = sessions_.find(r);
    if (!s || s->second != second_factor::done) return fail(errc::unauthorised, "sign in first");
    if (now() - s->proved > fresh_for)
        return fail(
            errc::refused,
            "sign out and in again first, with your password: whoever does this must have just shown the"
            " second factor");
    return *s;
}

awaitable<result<std::int64_t>> door::take_code(std::int64_t user, std::string code) {
    const auto* u = people_.find(user);
    const auto secret = sealer_.open(u->totp, about(user));
    if (secret.has_error())
        co_return fail(
            errc::transient,
            "your second factor was kept with a key that this daemon no longer has: ask an admin for"
            " a new link");
    const auto step = totp_step_of(*secret, code, now(), u->totp_step);
    if (!step) co_return fail(errc::unauthorised, "this is not the code of now, or it was used before");
    auto taken = co_await store_.take_step(user, *step);
    if (taken.has_error() && taken.error().kind == errc::refused)
        co_return fail(errc::unauthorised, taken.error().what);
    if (taken.has_error()) co_return taken.error();
    people_.keep(std::move(*taken));
    co_return *step;
}

awaitable<result<entered>> door::second(std::string code, net::server_request r) {
    const auto* s = sessions_.find(r);
    if (!s || s->second != second_factor::needed)
        co_return fail(errc::unauthorised, "give your login and password first");
    const auto user = s->user;
    const auto device = device_of(r, user);
    std::vector<std::string> keys;
    keys.push_back(device.empty() ? "second " + std::to_string(user) : "second device " + device);
    const auto from = address_of(r);
    if (auto wait = must_wait(keys)) {
        spdlog::info("a code for user {} from {} is not looked at: too many were wrong", user, from);
        co_return *wait;
    }
    by_person_.failed(keys[0], now());
    const auto taken = co_await take_code(user, std::move(code));
    if (taken.has_error()) spdlog::info("a wrong code for user {} from {}", user, from);
    if (taken.has_error()) co_return taken.error();
    if (!sessions_.find(r))
        co_return fail(errc::unauthorised, "this session has ended meanwhile: sign in again");
    by_person_.succeeded(keys[0]);
    const auto* u = people_.find(user);
    by_person_.succeeded(device.empty() ? "login " + net::lower_case(u->login) : "device " + device);
    spdlog::info("user {} signed in from {}", user, from);
    co_return co_await enter(user, second_factor::done, std::move(r));
}

awaitable<result<entered>> door::recover(std::string code, net::server_request r) {
    const auto* s = sessions_.find(r);
    if (!s || s->second != second_factor::needed)
        co_return fail(errc::unauthorised, "give your login and password first");
    const auto user = s->user;
    std::vector<std::string> keys;
    keys.push_back("second " + std::to_string(user));
    const auto from = address_of(r);
    if (auto wait = must_wait(keys)) {
        spdlog::info("a code for user {} from {} is not looked at: too many were wrong", user, from);
        co_return *wait;
    }
    by_person_.failed(keys[0], now());
    auto taken = co_await store_.take_recovery_code(user, recovery_hash(code));
    if (taken.has_error()) spdlog::info("a wrong recovery code for user {} from {}", user, from);
    if (taken.has_error() && taken.error().kind == errc::refused)
        co_return fail(errc::unauthorised, taken.error().what);
    if (taken.has_error()) co_return taken.error();
    people_.keep(std::move(*taken));
    if (!sessions_.find(r))
        co_return fail(errc::unauthorised, "this session has ended meanwhile: sign in again");
    by_person_.succeeded(keys[0]);
    spdlog::info("user {} signed in with a recovery code from {}", user, from);
    co_return co_await enter(user, second_factor::done, std::move(r));
}

awaitable<result<entered>> door::set_up_first(std::string login, std::string name, std::string password,
                                              net::server_request r) {
    const auto fits = good_login(login);
    if (fits.has_error()) co_return fits.error();
    const auto named = good_name(name);
    if (named.has_error()) co_return named.error();
    const auto good = good_password(password, login, name, house_.name);
    if (good.has_error()) co_return good.error();
    auto hash = co_await passwords_.hash(std::move(password));
    if (hash.has_error()) co_return hash.error();
    if (setup_token_.empty()) co_return fail(errc::conflict, "there is an admin already: sign in");
    const auto token = std::exchange(setup_token_, {});  // before the await: two at once must not both win
    user first;
    first.login = login;
    first.name = std::move(name);
    first.role = role::admin;
    first.password = std::move(*hash);
    auto made = co_await store_.add_user(std::move(first), login);
    if (made.has_error()) setup_token_ = token;
    if (made.has_error()) co_return made.error();
    const auto id = made->id;
    people_.keep(std::move(*made));
    co_return co_await enter(id, second_factor::setup, std::move(r));
}

awaitable<result<entered>> door::set_up(std::string token, std::string login, std::string name,
                                        std::string password, net::server_request r) {
    if (!setup_token_.empty() && equal_secrets(token, setup_token_))
        co_return co_await set_up_first(std::move(login), std::move(name), std::move(password), std::move(r));
    const auto id = co_await store_.invited(sha256_hex(token));
    if (id.has_error()) co_return fail(errc::refused, id.error().what);
    const auto* u = people_.find(*id);
    if (!login.empty() && net::lower_case(login) != net::lower_case(u->login))
        co_return fail(errc::invalid, "login: this link is for " + u->login);
    if (name.empty()) name = u->name;
    const auto named = good_name(name);
    if (named.has_error()) co_return named.error();
    const auto good = good_password(password, u->login, name, house_.name);
    if (good.has_error()) co_return good.error();
    auto hash = co_await passwords_.hash(std::move(password));
    if (hash.has_error()) co_return hash.error();
    auto done = co_await store_.accept_invitation(sha256_hex(token), std::move(name), std::move(*hash));
    if (done.has_error()) co_return fail(errc::refused, done.error().what);
    people_.keep(std::move(*done));
    sessions_.forget_user(*id);
    tokens_.forget_user(*id);
    co_return co_await enter(*id, second_factor::setup, std::move(r));
}

result<void> door::may_set_factor(const net::server_request& r) const {
    const auto* s = sessions_.find(r);
    if (!s || s->second == second_factor::needed) return fail(errc::unauthorised, "sign in first");
    if (s->second == second_factor::done) {
        const auto shown = fresh(r);
        if (shown.has_error()) return shown.error();
        return {};
    }
    if (people_.find(s->user)->totp.empty()) return {};
    return fail(errc::refused, "there is a second factor already: sign in with it");
}

result<door::offered> door::offer_totp(const net::server_request& r) {
    const auto may = may_set_factor(r);
    if (may.has_error()) return may.error();
    const auto* s = sessions_.find(r);
    const auto* u = people_.find(s->user);
    const auto secret = new_totp_secret();
    offered_[s->user] = secret;
    return offered{secret, totp_uri(secret, house_.name, u->login)};
}

awaitable<result<door::confirmed>> door::confirm_totp(std::string code, net::server_request r) {
    const auto may = may_set_factor(r);
    if (may.has_error()) co_return may.error();
    const auto user = sessions_.find(r)->user;
    const auto waiting = offered_.find(user);
    if (waiting == offered_.end())
        co_return fail(errc::conflict, "there is no second factor to confirm: begin again");
    const auto key = "confirm " + std::to_string(user);
    std::vector<std::string> keys;
    keys.push_back(key);
    const auto from = address_of(r);
    if (auto wait = must_wait(keys)) co_return *wait;
    const auto secret = waiting->second;
    const auto step = totp_step_of(secret, code, now(), 0);
    if (!step) {
        by_person_.failed(key, now());
        spdlog::info("a wrong code for user {} from {}, who sets up a second factor", user, from);
        co_return fail(errc::invalid, "code: this is not the code that the app shows now");
    }
    confirmed out;
    out.recovery_codes = new_recovery_codes();
    std::vector<std::string> hashes;
    for (const auto& one : out.recovery_codes) hashes.push_back(recovery_hash(one));
    auto kept = co_await store_.set_second_factor(user, sealer_.seal(secret, about(user)), *step,
                                                  std::move(hashes), 0);
    if (kept.has_error()) co_return kept.error();
    people_.keep(std::move(*kept));
    offered_.erase(user);
    by_person_.succeeded(key);
    sessions_.forget_user(user);
    tokens_.forget_user(user);
    auto in = co_await enter(user, second_factor::done, std::move(r));
    if (in.has_error()) co_return in.error();
    spdlog::info("user {} set up a second factor and is signed in from {}", user, from);
    out.in = std::move(*in);
    co_return out;
}

awaitable<result<entered>> door::change_password(std::string old, std::string wanted, net::server_request r) {
    const auto* s = sessions_.find(r);
    if (!s || s->second != second_factor::done) co_return fail(errc::unauthorised, "sign in first");
    const auto id = s->user;
    const auto* u = people_.find(id);
    const auto good = good_password(wanted, u->login, u->name, house_.name);
    if (good.has_error()) co_return good.error();
    std::vector<std::string> keys;
    keys.push_back("change " + std::to_string(id));
    const auto before = u->password;
    const auto proved = s->proved;
    auto from = address_of(r);
    const auto right = co_await right_password(id, before, std::move(old), keys, std::move(from));
    if (right.has_error() && right.error().kind == errc::unauthorised)
        co_return fail(errc::invalid, "old: this is not your password");
    if (right.has_error()) co_return right.error();
    auto hash = co_await passwords_.hash(std::move(wanted));
    if (hash.has_error()) co_return hash.error();
    auto kept = co_await store_.set_password(id, before, std::move(*hash), 0);
    if (kept.has_error()) co_return kept.error();
    people_.keep(std::move(*kept));
    sessions_.forget_user(id);
    tokens_.forget_user(id);
    co_return co_await enter(id, second_factor::done, std::move(r), proved);
}

awaitable<result<std::pair<user, std::string>>> door::add(user u, std::string by) {
    const auto fits = good_login(u.login);
    if (fits.has_error()) co_return fits.error();
    const auto named = good_name(u.name);
    if (named.has_error()) co_return named.error();
    auto made = co_await store_.add_user(std::move(u), by);
    if (made.has_error()) co_return made.error();
    const auto id = made->id;
    people_.keep(std::move(*made));
    setup_token_.clear();  // whoever added somebody can add more
    co_return co_await reset(id, std::move(by));
}

awaitable<result<std::pair<user, std::string>>> door::reset(std::int64_t id, std::string by) {
    auto token = random_base32(32);
    auto invited = co_await store_.invite(id, sha256_hex(token), now() + invitation_life, std::move(by));
    if (invited.has_error()) co_return invited.error();
    people_.keep(*invited);
    sessions_.forget_user(id);
    tokens_.forget_user(id);
    offered_.erase(id);
    co_return std::pair(std::move(*invited), std::move(token));
}

}  // namespace kith::console
