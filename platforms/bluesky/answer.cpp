#include "platforms/bluesky/answer.hpp"

#include <algorithm>
#include <charconv>

namespace kith::bluesky {
namespace {

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size() || text.empty() || n < 0) return std::nullopt;
    return n;
}

struct row {
    unsigned status;  ///< 0: any
    std::string_view name;
    errc kind;
};
// The first row that fits decides. A name outranks a status: Bluesky sends 400 for nearly everything.
constexpr row rows[] = {
    {0, "RateLimitExceeded", errc::limited},
    {0, "RecordNotFound", errc::not_found},
    {0, "NotFound", errc::not_found},
    {0, "AccountTakedown", errc::unauthorised},
    {0, "AccountSuspended", errc::unauthorised},
    {0, "AccountDeactivated", errc::unauthorised},
    {0, "AuthFactorTokenRequired", errc::unauthorised},
    {0, "ExpiredToken", errc::unauthorised},
    {0, "InvalidToken", errc::unauthorised},
    {0, "InvalidSwap", errc::refused},
    {429, "", errc::limited},
    {401, "", errc::unauthorised},
};

/// The first line of something that may be a page of HTML, for a person.
std::string excerpt(std::string_view body) {
    std::string out;
    for (const char c : body.substr(0, 200)) {
        if (c == '\n' || c == '\r') break;
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return out;
}

errc kind_by_status(unsigned status, effect of) {
    if (status == 408 || status >= 500) return of == effect::writes ? errc::unknown : errc::transient;
    return errc::refused;
}

}  // namespace

std::optional<timestamp> listens_again(const net::http_fields& headers, timestamp at) {
    constexpr std::chrono::hours most{24};
    std::optional<timestamp> out;
    if (const auto wait = to_number(headers.get("retry-after")))
        out = at + std::chrono::seconds(std::min<std::int64_t>(*wait, 86'400));
    else if (const auto reset = to_number(headers.get("ratelimit-reset")))
        out = timestamp{std::chrono::seconds(std::min<std::int64_t>(*reset, 32'503'680'000))};
    if (!out) return out;
    return std::clamp(*out, at + std::chrono::seconds(1), at + most);
}

bool is_token_trouble(unsigned status, std::string_view name) noexcept {
    return name == "ExpiredToken" || name == "InvalidToken" || (status == 401 && name == "AuthMissing");
}

xrpc_failure classify(const net::client_response& r, effect of, timestamp at) {
    xrpc_failure out;
    std::string words;
    if (const auto body = parse_object(r.body)) {
        out.name = text_at(*body, "error");
        words = excerpt(text_at(*body, "message"));
    } else {
        words = excerpt(r.body);
    }
    const auto fits = [&](const row& each) {
        return (each.status == 0 || each.status == r.status) && (each.name.empty() || each.name == out.name);
    };
    // A 5xx is no refusal even if the body names one: a proxy in between may have given up on what goes on.
    const row* found =
        r.status >= 500 ? std::end(rows) : std::find_if(std::begin(rows), std::end(rows), fits);
    const errc kind = found != std::end(rows) ? found->kind : kind_by_status(r.status, of);
    out.why = fail(kind, "HTTP " + std::to_string(r.status) + (out.name.empty() ? "" : " " + out.name) +
                             (words.empty() ? "" : ": " + words));
    if (kind == errc::limited)
        out.why.retry_at = listens_again(r.headers, at).value_or(at + std::chrono::seconds(60));
    return out;
}

}  // namespace kith::bluesky
