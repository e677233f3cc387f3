#include "platforms/bluesky/session.hpp"

#include "platforms/bluesky/answer.hpp"
#include "platforms/bluesky/base_n.hpp"

namespace kith::bluesky {
namespace {

// The server allows 30 in five minutes, for everybody behind one address.
constexpr int most_sign_ins = 10;
constexpr std::chrono::minutes sign_in_window{5};

/// Signing in may be repeated at will.
error harmless(error e) {
    if (e.kind == errc::unknown) e.kind = errc::transient;
    return e;
}

}  // namespace

std::optional<std::chrono::seconds> lifetime_of(std::string_view jwt) {
    const auto first = jwt.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = jwt.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto payload = from_base64url(jwt.substr(first + 1, second - first - 1));
    const auto claims = payload ? parse_object(*payload) : std::nullopt;
    if (!claims) return std::nullopt;
    const auto issued = number_at(*claims, "iat");
    const auto expires = number_at(*claims, "exp");
    constexpr std::int64_t year = std::int64_t{366} * 24 * 3600;
    if (!issued || !expires || *issued < 0 || *expires < *issued || *expires > 32'503'680'000)
        return std::nullopt;
    return std::chrono::seconds(std::min(*expires - *issued, year));
}

session::session(asio::any_io_executor executor, wire& over, std::string identifier, std::string password)
    : wire_(over),
      identifier_(std::move(identifier)),
      password_(std::move(password)),
      one_at_a_time_(std::move(executor)),
      sign_ins_(most_sign_ins, sign_in_window) {}

result<std::string> session::take_tokens(const net::client_response& r) {
    const auto body = parse_object(r.body);
    const std::string_view did = body ? text_at(*body, "did") : std::string_view{};
    const std::string_view access = body ? text_at(*body, "accessJwt") : std::string_view{};
    const std::string_view refresh = body ? text_at(*body, "refreshJwt") : std::string_view{};
    if (!did.starts_with("did:") || access.empty() || refresh.empty())
        return fail(errc::transient, "the server's answer to signing in holds no session");
    if (body->contains("active") && !flag_at(*body, "active"))
        return fail(errc::unauthorised,
                    "the account is not active: " + std::string(text_at(*body, "status")));
    did_ = did;
    access_ = access;
    refresh_ = refresh;
    renew_at_ = clock::time_point::max();
    if (const auto life = lifetime_of(access_)) {
        // Early enough that no request on its way meets the end; not so early that a short token is never
        // used.
        const auto margin = std::min<std::chrono::milliseconds>(std::chrono::seconds(60), *life / 4);
        renew_at_ = clock::now() + *life - margin;
    }
    return access_;
}

awaitable<result<std::string>> session::access() {
    if (!access_.empty() && clock::now() < renew_at_) co_return access_;
    const auto inside = co_await one_at_a_time_.enter();
    if (access_.empty()) co_return co_await sign_in();
    if (clock::now() < renew_at_) co_return access_;
    auto fresh = co_await refresh();
    // Ahead of its end the old token still serves; the server says so if it does not.
    if (fresh.has_error() && fresh.error().kind != errc::unauthorised && !access_.empty()) co_return access_;
    co_return fresh;
}

awaitable<result<std::string>> session::renew(std::string used) {
    const auto inside = co_await one_at_a_time_.enter();
    if (!access_.empty() && access_ != used) co_return access_;
    if (refresh_.empty()) co_return co_await sign_in();
    co_return co_await refresh();
}

awaitable<result<std::string>> session::refresh() {
    call c("com.atproto.server.refreshSession");
    c.procedure = true;
    auto answer = co_await wire_.send(std::move(c), refresh_);
    if (answer.has_error()) co_return harmless(answer.error());
    if (answer->status == 200) co_return take_tokens(*answer);
    const xrpc_failure failure = classify(*answer, effect::reads, now());
    if (!is_token_trouble(answer->status, failure.name)) co_return failure.why;
    // Revoked, or too old: the password is what is left.
    access_.clear();
    refresh_.clear();
    co_return co_await sign_in();
}

awaitable<result<std::string>> session::sign_in() {
    if (refusal_ && clock::now() < refused_until_) co_return *refusal_;
    if (const auto when = sign_ins_.wait_until(1, now())) {
        error e = fail(errc::limited, "signing in too often");
        e.retry_at = *when;
        co_return e;
    }
    sign_ins_.spend(1, now());

    json::object body;
    body["identifier"] = identifier_;
    body["password"] = password_;
    call c("com.atproto.server.createSession");
    c.procedure = true;
    c.body = json::serialize(body);
    auto answer = co_await wire_.send(std::move(c), std::string());
    if (answer.has_error()) co_return harmless(answer.error());
    result<std::string> out = fail(errc::transient, "");
    if (answer->status == 200) {
        out = take_tokens(*answer);
    } else {
        out = classify(*answer, effect::reads, now()).why;
        if (out.error().retry_at) sign_ins_.hold(*out.error().retry_at);
    }
    refusal_.reset();
    if (out.has_error() && out.error().kind == errc::unauthorised) {
        refusal_ = out.error();
        refused_until_ = clock::now() + sign_in_window;
    }
    co_return out;
}

}  // namespace kith::bluesky
