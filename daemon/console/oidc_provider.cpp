#include "daemon/console/oidc_provider.hpp"

#include "daemon/config/department_config.hpp"
#include "daemon/console/json_values.hpp"

#include <boost/json/parse.hpp>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace kith::console {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

constexpr auto kept_for = 1h;         // what a provider says of itself, and its keys
constexpr auto no_sooner = 2s;        // than after it failed
constexpr auto keys_no_sooner = 10s;  // however many tokens name keys that we do not know
constexpr auto provider_patience = 10s;
constexpr std::size_t longest_answer = 256 << 10;

result<json::object> object_of(std::string_view text) {
    json::error_code ec;
    json::parse_options options;
    options.max_depth = 16;
    auto v = json::parse(text, ec, {}, options);
    if (ec || !v.is_object()) return fail(errc::invalid, "its answer is no JSON object");
    return std::move(v.get_object());
}

/// Whether a list of the document has `word`; `otherwise` where there is no such list.
bool lists(const json::object& o, std::string_view name, std::string_view word, bool otherwise) {
    const auto* v = o.if_contains(name);
    if (!v || !v->is_array()) return otherwise;
    return std::any_of(v->get_array().begin(), v->get_array().end(),
                       [&](const json::value& one) { return one.is_string() && one.get_string() == word; });
}

std::string joined(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : " ") + one;
    return out;
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out += (out.empty() ? "" : "&") + name + "=" + net::percent_encode(value);
    return out;
}

std::string base64(const std::string& bytes) {
    constexpr auto kind = sodium_base64_VARIANT_ORIGINAL;
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), kind), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), kind);
    out.pop_back();  // the NUL
    return out;
}

/// What the provider says went wrong is its own word: one of RFC 6749, 5.2, or nothing that is repeated.
std::string known_error(const std::string& said) {
    for (const char* one : {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
                            "unsupported_grant_type", "invalid_scope"})
        if (said == one) return said;
    return "an error";
}

}  // namespace

result<oidc_endpoints> read_discovery(std::string_view text, const std::string& issuer) {
    const auto said = object_of(text);
    if (said.has_error()) return said.error();
    if (text_in(*said, "issuer") != issuer)
        return fail(errc::invalid, "it calls itself another issuer than kith.yaml does");
    oidc_endpoints out;
    out.authorization = text_in(*said, "authorization_endpoint");
    out.token = text_in(*said, "token_endpoint");
    out.keys = text_in(*said, "jwks_uri");
    for (const auto* one : {&out.authorization, &out.token, &out.keys})
        if (!is_safe_web_address(*one))
            return fail(errc::invalid, "one of its addresses is missing, or not https");
    if (!lists(*said, "response_types_supported", "code", true))
        return fail(errc::invalid, "it does not give codes (response_types_supported)");
    if (!lists(*said, "code_challenge_methods_supported", "S256", true))
        return fail(errc::invalid, "it does not know PKCE with S256 (code_challenge_methods_supported)");
    const auto* says = said->if_contains("authorization_response_iss_parameter_supported");
    out.says_issuer = says && says->is_bool() && says->get_bool();
    constexpr auto methods = "token_endpoint_auth_methods_supported";
    out.secret_in_body = !lists(*said, methods, "client_secret_basic", true) &&
                         lists(*said, methods, "client_secret_post", false);
    return out;
}

oidc_provider::oidc_provider(const oidc_config& c, std::unique_ptr<net::http_client> client)
    : config_(c), client_(std::move(client)) {}

awaitable<result<std::string>> oidc_provider::fetch(std::string url) {
    net::client_request r("GET", std::move(url));
    r.headers.add("Accept", "application/json");
    r.timeout = provider_patience;
    r.most_bytes = longest_answer;
    auto got = co_await client_->send(std::move(r));
    if (got.has_error()) co_return fail(errc::transient, got.error().what);
    if (got->status != 200)
        co_return fail(errc::transient, "it answered with status " + std::to_string(got->status));
    co_return std::move(got->body);
}

awaitable<result<oidc_endpoints>> oidc_provider::endpoints() {
    if (endpoints_ && now() - endpoints_at_ < kept_for) co_return *endpoints_;
    if (now() - failed_at_ < no_sooner) {
        if (endpoints_) co_return *endpoints_;
        co_return fail(errc::transient, "it could not be asked a moment ago");
    }
    auto base = config_.issuer;
    if (base.ends_with('/')) base.pop_back();  // OpenID Connect Discovery 1.0, 4.1
    auto got = co_await fetch(base + "/.well-known/openid-configuration");
    result<oidc_endpoints> read = fail(errc::transient, "");
    if (got.has_error())
        read = got.error();
    else
        read = read_discovery(*got, config_.issuer);
    if (read.has_value()) {
        endpoints_ = *read;
        endpoints_at_ = now();
        co_return read;
    }
    failed_at_ = now();
    spdlog::warn("{}: what it says of itself cannot be had: {}", config_.issuer, read.error().what);
    if (endpoints_ && got.has_error()) co_return *endpoints_;
    co_return read;
}

std::string oidc_provider::authorization_url(const oidc_endpoints& e, const std::string& redirect_uri,
                                             const std::string& state, const std::string& nonce,
                                             const std::string& verifier) const {
    std::vector<std::pair<std::string, std::string>> fields{
        {"response_type", "code"},
        {"client_id", config_.client_id},
        {"redirect_uri", redirect_uri},
        {"scope", joined(config_.scopes)},
        {"state", state},
        {"nonce", nonce},
        {"code_challenge", base64url(sha256_bytes(verifier))},
        {"code_challenge_method", "S256"}};
    if (!config_.acr.empty()) fields.emplace_back("acr_values", joined(config_.acr));
    const char* sign = e.authorization.find('?') == std::string::npos ? "?" : "&";
    return e.authorization + sign + form(fields);
}

awaitable<result<void>> oidc_provider::fetch_keys(std::string url) {
    const auto got = co_await fetch(std::move(url));
    if (got.has_error()) co_return got.error();
    auto keys = signing_keys::parse(*got);
    if (keys.has_error()) co_return keys.error();
    keys_ = std::move(*keys);
    keys_at_ = now();
    co_return result<void>();
}

awaitable<result<id_claims>> oidc_provider::check(std::string id_token, id_token_terms terms,
                                                  std::string keys_url) {
    // A key that was taken back is believed for an hour at most.
    const bool old = now() - keys_at_ >= kept_for;
    if (old) {
        const auto got = co_await fetch_keys(keys_url);
        if (got.has_error()) co_return fail(errc::transient, "its keys cannot be had: " + got.error().what);
    }
    auto said = check_id_token(id_token, keys_, terms);
    const bool unknown_key = said.has_error() && said.error().kind == errc::not_found;
    if (!unknown_key) co_return said;
    if (old || now() - looked_again_at_ < keys_no_sooner) co_return fail(errc::refused, said.error().what);
    looked_again_at_ = now();  // also where that fails: nobody is asked all the time
    const auto got = co_await fetch_keys(std::move(keys_url));
    if (got.has_error()) co_return fail(errc::transient, "its keys cannot be had: " + got.error().what);
    said = check_id_token(id_token, keys_, terms);
    if (said.has_error()) co_return fail(errc::refused, said.error().what);
    co_return said;
}

awaitable<result<id_claims>> oidc_provider::redeem(std::string code, std::string verifier, std::string nonce,
                                                   std::string redirect_uri) {
    const auto to = co_await endpoints();
    if (to.has_error()) co_return fail(errc::transient, to.error().what);
    std::vector<std::pair<std::string, std::string>> fields;
    fields.emplace_back("grant_type", "authorization_code");
    fields.emplace_back("code", std::move(code));
    fields.emplace_back("redirect_uri", std::move(redirect_uri));
    fields.emplace_back("code_verifier", std::move(verifier));
    net::client_request r("POST", to->token);
    const bool basic = !config_.client_secret.empty() && !to->secret_in_body;
    if (basic) {  // RFC 6749, 2.3.1: both form-encoded first
        const auto pair =
            net::percent_encode(config_.client_id) + ":" + net::percent_encode(config_.client_secret);
        r.headers.add("Authorization", "Basic " + base64(pair));
    } else {
        fields.emplace_back("client_id", config_.client_id);
        if (!config_.client_secret.empty()) fields.emplace_back("client_secret", config_.client_secret);
    }
    r.headers.add("Content-Type", "application/x-www-form-urlencoded");
    r.headers.add("Accept", "application/json");
    r.body = form(fields);
    r.timeout = provider_patience;
    r.most_bytes = longest_answer;
    const auto got = co_await client_->send(std::move(r));
    if (got.has_error()) co_return fail(errc::transient, got.error().what);
    if (got->status >= 500)
        co_return fail(errc::transient,
                       "the token endpoint answered with status " + std::to_string(got->status));
    const auto said = object_of(got->body);
    if (said.has_error()) co_return fail(errc::refused, "the token endpoint: " + said.error().what);
    if (got->status != 200)
        co_return fail(errc::refused, "the token endpoint answered with status " +
                                          std::to_string(got->status) + " and " +
                                          known_error(text_in(*said, "error")));
    auto token = text_in(*said, "id_token");
    if (token.empty()) co_return fail(errc::refused, "the token endpoint gave no ID token");
    id_token_terms terms;
    terms.issuer = config_.issuer;
    terms.client_id = config_.client_id;
    terms.nonce = std::move(nonce);
    terms.access_token = text_in(*said, "access_token");
    terms.at = now();
    co_return co_await check(std::move(token), std::move(terms), to->keys);
}

bool oidc_provider::proves_second(const id_claims& c) const {
    const auto among = [](const std::vector<std::string>& all, const std::string& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    };
    if (!c.acr.empty() && among(config_.acr, c.acr)) return true;
    return std::any_of(c.amr.begin(), c.amr.end(),
                       [&](const std::string& one) { return among(config_.amr, one); });
}

}  // namespace kith::console
