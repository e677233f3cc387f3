#include "daemon/console/id_token.hpp"

#include "daemon/console/json_values.hpp"
#include "daemon/model/sha256.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

extern "C" {
#include <cjose/cjose.h>
}

namespace kith::console {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_token = 16 << 10;
constexpr std::size_t most_keys = 64, longest_subject = 255;
constexpr std::size_t least_rsa_bits = 2048;
constexpr std::size_t es256_digits = 86;  // 64 bytes: libcjose 0.6 splits other lengths, too
constexpr auto leeway = 60s;              // clocks differ
constexpr auto oldest_token = 600s;       // it was made for us just now

template <auto Release>
struct releaser {
    template <class T>
    void operator()(T* p) const {
        Release(p);
    }
};
using jwk = std::unique_ptr<cjose_jwk_t, releaser<cjose_jwk_release>>;
using jws = std::unique_ptr<cjose_jws_t, releaser<cjose_jws_release>>;

error wrong(std::string what) {
    return fail(errc::refused, "the ID token " + std::move(what));
}

/// A text, or a list of them.
std::vector<std::string> texts_in(const json::object& o, std::string_view name) {
    std::vector<std::string> out;
    const auto* v = o.if_contains(name);
    if (v && v->is_string()) out.emplace_back(v->get_string());
    if (v && v->is_array())
        for (const auto& one : v->get_array())
            if (one.is_string()) out.emplace_back(one.get_string());
    return out;
}

bool has(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// A NumericDate (RFC 7519, 2), if it is there and one of our centuries.
std::optional<timestamp> time_in(const json::object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    if (!v || !v->is_number()) return std::nullopt;
    const auto seconds = v->to_number<double>();
    constexpr double most = 1e11;
    if (!(seconds >= 0 && seconds < most)) return std::nullopt;
    return timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

result<json::object> object_of(std::string_view text, const char* what) {
    json::error_code ec;
    json::parse_options options;
    options.max_depth = 16;
    auto v = json::parse(text, ec, {}, options);
    if (ec || !v.is_object()) return fail(errc::invalid, std::string(what) + " is no JSON object");
    return std::move(v.get_object());
}

}  // namespace

struct signing_keys::key {
    std::string id, algorithm;  ///< empty: any of its type
    bool rsa = false;
    jwk use;
    bool fits(std::string_view alg) const {
        if (!algorithm.empty() && algorithm != alg) return false;
        return rsa ? alg == "RS256" || alg == "PS256" : alg == "ES256";
    }
};

signing_keys::signing_keys() = default;
signing_keys::~signing_keys() = default;
signing_keys::signing_keys(signing_keys&&) noexcept = default;
signing_keys& signing_keys::operator=(signing_keys&&) noexcept = default;

result<signing_keys> signing_keys::parse(std::string_view text) {
    const auto set = object_of(text, "the set of keys");
    if (set.has_error()) return set.error();
    const auto* listed = set->if_contains("keys");
    if (!listed || !listed->is_array()) return fail(errc::invalid, "the set of keys has no list `keys`");
    signing_keys out;
    for (const auto& one : listed->get_array()) {
        if (!one.is_object() || out.all_.size() >= most_keys) continue;
        const auto& o = one.get_object();
        const auto use = text_in(o, "use"), type = text_in(o, "kty");
        const auto may = texts_in(o, "key_ops");
        if ((!use.empty() && use != "sig") || (o.contains("key_ops") && !has(may, "verify"))) continue;
        if (type != "RSA" && (type != "EC" || text_in(o, "crv") != "P-256")) continue;
        json::object open;  // what is public, whatever else they gave away
        for (const char* name : {"kty", "n", "e", "crv", "x", "y"})
            if (o.contains(name)) open[name] = o.at(name);
        const auto plain = json::serialize(open);
        key k;
        k.id = text_in(o, "kid");
        k.algorithm = text_in(o, "alg");
        k.rsa = type == "RSA";
        k.use.reset(cjose_jwk_import(plain.data(), plain.size(), nullptr));
        if (!k.use || (k.rsa && cjose_jwk_get_keysize(k.use.get(), nullptr) < least_rsa_bits)) continue;
        out.all_.push_back(std::move(k));
    }
    return out;
}

/// Over the signature: what it covers, if a key of these made it.
class token_check {
 public:
    static result<json::object> signed_part(const std::string& token, const signing_keys& keys) {
        if (token.size() > longest_token) return wrong("is too long");
        const jws parsed(cjose_jws_import(token.data(), token.size(), nullptr));
        if (!parsed) return wrong("is no signed token");
        auto* header = cjose_jws_get_protected(parsed.get());
        const auto said = [header](const char* name) {
            const char* value = cjose_header_get(header, name, nullptr);
            return std::string(value ? value : "");
        };
        const auto algorithm = said("alg"), id = said("kid");
        static constexpr std::array<std::string_view, 3> ours{"RS256", "PS256", "ES256"};
        if (std::find(ours.begin(), ours.end(), algorithm) == ours.end())
            return wrong("is not signed with RS256, PS256 or ES256");
        if (algorithm == "ES256" && token.size() - token.rfind('.') - 1 != es256_digits)
            return wrong("has a signature of another length");
        if (is_there(header, "crit")) return wrong("asks for what Kith does not know");
        const auto type = said("typ");
        if (!type.empty() && type != "JWT") return wrong("is of another kind");
        const auto candidates = fitting(keys, algorithm, id);
        if (candidates.empty())
            return fail(errc::not_found, "the provider has no key that the ID token names");
        if (id.empty() && candidates.size() > 1) return wrong("names none of several keys");
        for (const auto* k : candidates)
            if (cjose_jws_verify(parsed.get(), k, nullptr)) return content_of(parsed.get());
        return wrong("has a signature that is not the provider's");
    }

 private:
    static bool is_there(cjose_header_t* header, const char* name) {
        const std::unique_ptr<char, decltype(&std::free)> raw(cjose_header_get_raw(header, name, nullptr),
                                                              &std::free);
        return raw != nullptr;
    }

    static std::vector<const cjose_jwk_t*> fitting(const signing_keys& keys, std::string_view algorithm,
                                                   std::string_view id) {
        std::vector<const cjose_jwk_t*> out;
        for (const auto& k : keys.all_)
            if (k.fits(algorithm) && (id.empty() || k.id == id)) out.push_back(k.use.get());
        return out;
    }

    static result<json::object> content_of(cjose_jws_t* verified) {
        std::uint8_t* bytes = nullptr;
        std::size_t length = 0;
        if (!cjose_jws_get_plaintext(verified, &bytes, &length, nullptr)) return wrong("has no content");
        auto out = object_of({reinterpret_cast<const char*>(bytes), length}, "the ID token's content");
        if (out.has_error()) return wrong("is no JSON object");
        return out;
    }
};

result<id_claims> check_id_token(const std::string& token, const signing_keys& keys,
                                 const id_token_terms& terms) {
    const auto said = token_check::signed_part(token, keys);
    if (said.has_error()) return said.error();
    return check_claims(*said, terms);
}

result<id_claims> check_claims(const json::object& said, const id_token_terms& terms) {
    if (text_in(said, "iss") != terms.issuer) return wrong("is of another issuer");
    const auto audience = texts_in(said, "aud");
    if (!has(audience, terms.client_id)) return wrong("is for somebody else (aud)");
    const auto party = text_in(said, "azp");
    if ((said.contains("azp") || audience.size() > 1) && party != terms.client_id)
        return wrong("was made for somebody else (azp)");
    const auto until = time_in(said, "exp"), made = time_in(said, "iat");
    if (!until || *until + leeway <= terms.at) return wrong("has expired, or says no time for it");
    if (!made || *made > terms.at + leeway || *made < terms.at - oldest_token - leeway)
        return wrong("was not made just now (iat); do the clocks agree?");
    if (said.contains("nbf")) {
        const auto from = time_in(said, "nbf");
        if (!from || *from > terms.at + leeway) return wrong("is not good yet");
    }
    if (terms.nonce.empty() || !equal_secrets(text_in(said, "nonce"), terms.nonce))
        return wrong("answers another request (nonce)");
    if (said.contains("at_hash")) {
        const auto digest = sha256_bytes(terms.access_token);
        if (text_in(said, "at_hash") != base64url(std::string_view(digest).substr(0, digest.size() / 2)))
            return wrong("came with another access token (at_hash)");
    }
    id_claims out;
    out.subject = text_in(said, "sub");
    const auto plain = [](char c) { return c >= ' ' && c < 0x7f; };
    if (out.subject.empty() || out.subject.size() > longest_subject ||
        !std::all_of(out.subject.begin(), out.subject.end(), plain))
        return wrong("does not say who it is (sub)");
    out.amr = texts_in(said, "amr");
    out.acr = text_in(said, "acr");
    return out;
}

std::string base64url(std::string_view bytes) {
    constexpr auto kind = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), kind), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), kind);
    out.pop_back();  // the NUL
    return out;
}

std::string sha256_bytes(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> out{};
    crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return {out.begin(), out.end()};
}

}  // namespace kith::console
