#include "daemon/console/passwords.hpp"

#include "daemon/async/pool_call.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/text.hpp"

#include <sodium.h>
#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace kith::console {

namespace {

constexpr std::size_t shortest = 12, longest = 256;
constexpr int most_waiting = 32;
/// Of the estimate that zxcvbn makes, which knows common and leaked passwords, keyboards, dates and
/// repetition: 10^10 guesses, its "safely unguessable" (score 3 of 4).
constexpr double least_bits = 33.2;
constexpr std::size_t most_estimated = 64;  // what is longer is not made worse by its end, and takes time
// OWASP's argon2id advice starts at 19 MiB, t=2; this takes about 0.14 s.
constexpr unsigned long long argon_ops = 3;
constexpr std::size_t argon_bytes = 64U << 20U;

std::string hash_of(const std::string& password) {
    std::string out(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(out.data(), password.data(), password.size(), argon_ops, argon_bytes) != 0)
        return {};
    out.resize(out.find('\0'));
    return out;
}

error too_many() {
    auto why = fail(errc::limited, "many sign in just now: try again in a few seconds");
    why.retry_at = now() + std::chrono::seconds{5};
    return why;
}

/// How many wait for the thread; one less at its end, whichever way that comes.
class place {
 public:
    explicit place(int& waiting) : waiting_(waiting) { ++waiting_; }
    ~place() { --waiting_; }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

 private:
    int& waiting_;
};

}  // namespace

result<void> good_password(const std::string& password, const std::string& login, const std::string& name,
                           const std::string& house) {
    if (password.size() < shortest || password.size() > longest)
        return fail(errc::invalid, "password: use 12 to 256 characters");
    const auto bare = net::lower_case(password);
    for (const auto& own : {net::lower_case(login), net::lower_case(name)})
        if (own.size() >= 4 && bare.find(own) != std::string::npos && own.size() * 2 > bare.size())
            return fail(errc::invalid, "password: choose one that is not your own name or login");
    const std::array<std::string, 4> ours{net::lower_case(login), net::lower_case(name),
                                          net::lower_case(house), "kith"};
    std::array<const char*, ours.size() + 1> words{};
    std::transform(ours.begin(), ours.end(), words.begin(), [](const auto& w) { return w.c_str(); });
    if (ZxcvbnMatch(password.substr(0, most_estimated).c_str(), words.data(), nullptr) < least_bits)
        return fail(
            errc::invalid,
            "password: this is one of the first that a program would try; choose another, such as four"
            " words that have nothing to do with each other");
    return {};
}

awaitable<result<std::string>> passwords::hash(std::string password) {
    if (waiting_ >= most_waiting) co_return too_many();
    const place mine(waiting_);
    auto work = [password = std::move(password)] { return hash_of(password); };
    auto out = co_await pool_call(pool_, std::move(work));
    if (out.empty()) co_return fail(errc::transient, "not enough memory to hash a password");
    co_return out;
}

awaitable<result<bool>> passwords::matches(std::string hash, std::string password) {
    if (waiting_ >= most_waiting) co_return too_many();
    const place mine(waiting_);
    const bool known = !hash.empty();
    if (nobodys_.empty()) {  // also for a known login: the first to try must not tell one from the other
        auto make = [] { return hash_of(random_base32(32)); };
        nobodys_ = co_await pool_call(pool_, std::move(make));
    }
    if (!known) hash = nobodys_;
    auto work = [hash = std::move(hash), password = std::move(password)] {
        return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    };
    const bool same = co_await pool_call(pool_, std::move(work));
    co_return known&& same;
}

}  // namespace kith::console
