// ID tokens, signed here with OpenSSL as a provider signs them.
#include "daemon/console/id_token.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace kith::console {
namespace {

namespace json = boost::json;

using pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

pkey own(EVP_PKEY* p) {
    return pkey(p, &EVP_PKEY_free);
}

/// Made once: RSA keys take a while.
const pkey& rsa_key() {
    static const auto k = own(EVP_RSA_gen(2048));
    return k;
}
const pkey& other_rsa_key() {
    static const auto k = own(EVP_RSA_gen(2048));
    return k;
}
const pkey& ec_key() {
    static const auto k = own(EVP_EC_gen("P-256"));
    return k;
}

std::string number(const pkey& k, const char* name) {
    BIGNUM* n = nullptr;
    EXPECT_EQ(EVP_PKEY_get_bn_param(k.get(), name, &n), 1);
    std::string out(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
    BN_bn2bin(n, reinterpret_cast<unsigned char*>(out.data()));
    BN_free(n);
    return out;
}

std::string padded(std::string bytes) {
    return std::string(32 - bytes.size(), '\0') + bytes;
}

json::object rsa_jwk(const pkey& k, const std::string& id) {
    return {{"kty", "RSA"},
            {"kid", id},
            {"use", "sig"},
            {"n", base64url(number(k, OSSL_PKEY_PARAM_RSA_N))},
            {"e", base64url(number(k, OSSL_PKEY_PARAM_RSA_E))}};
}

json::object ec_jwk(const pkey& k, const std::string& id) {
    return {{"kty", "EC"},
            {"kid", id},
            {"crv", "P-256"},
            {"x", base64url(padded(number(k, OSSL_PKEY_PARAM_EC_PUB_X)))},
            {"y", base64url(padded(number(k, OSSL_PKEY_PARAM_EC_PUB_Y)))}};
}

signing_keys keys_of(std::initializer_list<json::object> all) {
    json::object set;
    json::array list;
    for (const auto& one : all) list.push_back(one);
    set["keys"] = std::move(list);
    return signing_keys::parse(json::serialize(set)).value();
}

std::string signature(const std::string& algorithm, const pkey& k, const std::string& text) {
    const context c(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* how = nullptr;
    EXPECT_EQ(EVP_DigestSignInit(c.get(), &how, EVP_sha256(), nullptr, k.get()), 1);
    if (algorithm == "PS256") {
        EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t length = 0;
    EXPECT_EQ(EVP_DigestSign(c.get(), nullptr, &length, bytes, text.size()), 1);
    std::string out(length, '\0');
    EXPECT_EQ(
        EVP_DigestSign(c.get(), reinterpret_cast<unsigned char*>(out.data()), &length, bytes, text.size()),
        1);
    out.resize(length);
    if (algorithm != "ES256") return out;
    const auto* der = reinterpret_cast<const unsigned char*>(out.data());  // both numbers, of fixed length
    auto* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size()));
    std::string fixed(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(fixed.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), to + 32, 32);
    ECDSA_SIG_free(pair);
    return fixed;
}

std::string unsigned_part(const json::object& header, const json::object& claims) {
    return base64url(json::serialize(header)) + "." + base64url(json::serialize(claims));
}

class id_token : public ::testing::Test {
 protected:
    id_token() {
        terms.issuer = "https://sso.example";
        terms.client_id = "kith";
        terms.nonce = "the-nonce";
        terms.access_token = "an-access-token";
        terms.at = *from_rfc3339("2026-11-23T12:00:00Z");
        claims = {{"iss", "https://sso.example"}, {"aud", "kith"},      {"sub", "ann-7"},
                  {"nonce", "the-nonce"},         {"iat", seconds(-5)}, {"exp", seconds(300)}};
    }
    std::int64_t seconds(int from_now) const {
        return std::chrono::floor<std::chrono::seconds>(terms.at).time_since_epoch().count() + from_now;
    }
    std::string token(const std::string& algorithm, const pkey& k, const std::string& id) const {
        const auto text = unsigned_part({{"alg", algorithm}, {"kid", id}, {"typ", "JWT"}}, claims);
        return text + "." + base64url(signature(algorithm, k, text));
    }
    std::string ours() const { return token("RS256", rsa_key(), "r"); }
    /// What is wrong with the token; empty: nothing is.
    std::string wrong(const std::string& text) const {
        const auto got = check_id_token(text, keys, terms);
        return got.has_error() ? got.error().what : "";
    }
    /// The same for our claims with this one changed.
    std::string wrong_with(const char* name, json::value value) {
        const auto before = claims;
        claims[name] = std::move(value);
        const auto out = wrong(ours());
        claims = before;
        return out;
    }
    id_token_terms terms;
    json::object claims;
    signing_keys keys = keys_of({rsa_jwk(rsa_key(), "r"), ec_jwk(ec_key(), "e")});
};

TEST_F(id_token, is_believed_in_each_of_the_three_algorithms) {
    EXPECT_EQ(wrong(ours()), "");
    EXPECT_EQ(wrong(token("PS256", rsa_key(), "r")), "");
    EXPECT_EQ(wrong(token("ES256", ec_key(), "e")), "");
    claims["amr"] = json::array{"pwd", "otp"};
    claims["acr"] = "urn:two";
    const auto got = check_id_token(ours(), keys, terms);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->subject, "ann-7");
    EXPECT_EQ(got->amr, (std::vector<std::string>{"pwd", "otp"}));
    EXPECT_EQ(got->acr, "urn:two");
}

TEST_F(id_token, of_another_issuer_or_for_somebody_else_is_refused) {
    EXPECT_NE(wrong_with("iss", "https://sso.example/"), "");
    EXPECT_NE(wrong_with("iss", nullptr), "");
    EXPECT_NE(wrong_with("aud", "kit"), "");
    EXPECT_NE(wrong_with("aud", json::array{}), "");
    EXPECT_EQ(wrong_with("aud", json::array{"kith"}), "");
    EXPECT_NE(wrong_with("aud", json::array({"kith", "other"})).find("azp"), std::string::npos);
    EXPECT_NE(wrong_with("azp", "other").find("azp"), std::string::npos);
    EXPECT_NE(wrong_with("azp", 7).find("azp"), std::string::npos);
    EXPECT_EQ(wrong_with("azp", "kith"), "");
    claims["azp"] = "kith";
    EXPECT_EQ(wrong_with("aud", json::array({"kith", "other"})), "");
}

TEST_F(id_token, of_another_time_is_refused) {
    EXPECT_NE(wrong_with("exp", seconds(-61)).find("expired"), std::string::npos);
    EXPECT_EQ(wrong_with("exp", seconds(-59)), "") << "clocks differ";
    EXPECT_NE(wrong_with("exp", "tomorrow").find("expired"), std::string::npos);
    EXPECT_NE(wrong_with("exp", 1e300).find("expired"), std::string::npos);
    EXPECT_NE(wrong_with("iat", seconds(120)).find("just now"), std::string::npos);
    EXPECT_NE(wrong_with("iat", seconds(-700)).find("just now"), std::string::npos);
    EXPECT_NE(wrong_with("iat", nullptr).find("just now"), std::string::npos);
    EXPECT_NE(wrong_with("nbf", seconds(120)).find("not good yet"), std::string::npos);
}

TEST_F(id_token, that_answers_another_request_is_refused) {
    EXPECT_NE(wrong_with("nonce", "another").find("nonce"), std::string::npos);
    EXPECT_NE(wrong_with("nonce", nullptr).find("nonce"), std::string::npos);
    const auto half = sha256_bytes(terms.access_token).substr(0, 16);
    EXPECT_EQ(wrong_with("at_hash", json::value(base64url(half))), "");
    EXPECT_NE(wrong_with("at_hash", json::value(base64url(half.substr(1)))).find("at_hash"),
              std::string::npos);
    EXPECT_NE(wrong_with("at_hash", nullptr).find("at_hash"), std::string::npos);
    terms.nonce = "";
    EXPECT_NE(wrong_with("nonce", ""), "") << "nothing is no nonce";
}

TEST_F(id_token, that_names_nobody_is_refused) {
    EXPECT_NE(wrong_with("sub", ""), "");
    EXPECT_NE(wrong_with("sub", nullptr), "");
    EXPECT_NE(wrong_with("sub", json::value(std::string(256, 'a'))), "");
    EXPECT_NE(wrong_with("sub", "ann\n"), "");
}

TEST_F(id_token, that_is_not_signed_is_refused) {
    const auto text = unsigned_part({{"alg", "none"}}, claims);
    EXPECT_NE(wrong(text + "."), "");
    EXPECT_NE(wrong(text), "");
    EXPECT_NE(wrong(unsigned_part({{"alg", "RS256"}, {"kid", "r"}}, claims) + "."), "");
    EXPECT_NE(wrong(""), "");
    EXPECT_NE(wrong("..."), "");
    EXPECT_NE(wrong(std::string(20'000, 'a')), "");
}

TEST_F(id_token, signed_with_the_public_key_as_a_secret_is_refused) {
    unsigned char* der = nullptr;
    const auto length = i2d_PUBKEY(rsa_key().get(), &der);
    const auto text = unsigned_part({{"alg", "HS256"}, {"kid", "r"}}, claims);
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), der, length, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    OPENSSL_free(der);
    EXPECT_NE(wrong(text + "." + base64url(mac)).find("RS256"), std::string::npos);
    json::object oct{{"kty", "oct"}, {"kid", "r"}, {"k", base64url("a secret of thirty-two bytes or so")}};
    EXPECT_TRUE(keys_of({oct}).empty()) << "a key that is no public one is none";
}

TEST_F(id_token, with_a_signature_that_is_not_the_keys_is_refused) {
    EXPECT_NE(wrong(token("RS256", other_rsa_key(), "r")).find("signature"), std::string::npos);
    auto changed = ours();
    claims["sub"] = "somebody-else";
    const auto others = ours();
    const auto from = changed.find('.'), to = changed.rfind('.');
    changed.replace(from, to - from, others.substr(others.find('.'), others.rfind('.') - others.find('.')));
    EXPECT_NE(wrong(changed).find("signature"), std::string::npos);
    const auto longer = token("ES256", ec_key(), "e") + "AA";
    EXPECT_NE(wrong(longer).find("length"), std::string::npos);
    EXPECT_NE(wrong(token("RS256", rsa_key(), "r") + "."), "");
}

TEST_F(id_token, of_a_key_that_is_not_there_says_so) {
    const auto got = check_id_token(token("RS256", rsa_key(), "newer"), keys, terms);
    ASSERT_TRUE(got.has_error());
    EXPECT_EQ(got.error().kind, errc::not_found);
    const auto crossed = check_id_token(token("RS256", rsa_key(), "e"), keys, terms);
    ASSERT_TRUE(crossed.has_error());
    EXPECT_EQ(crossed.error().kind, errc::not_found) << "the key of that name is for another algorithm";
}

TEST_F(id_token, without_a_keys_name_takes_the_only_one) {
    const auto text = unsigned_part({{"alg", "RS256"}}, claims);
    const auto whole = text + "." + base64url(signature("RS256", rsa_key(), text));
    EXPECT_EQ(wrong(whole), "") << "the other is for ES256";
    keys = keys_of({rsa_jwk(rsa_key(), "r"), rsa_jwk(other_rsa_key(), "s")});
    EXPECT_NE(wrong(whole).find("several"), std::string::npos);
}

TEST_F(id_token, of_another_kind_is_refused) {
    const auto with = [&](json::object header) {
        header["alg"] = "RS256";
        header["kid"] = "r";
        const auto text = unsigned_part(header, claims);
        return wrong(text + "." + base64url(signature("RS256", rsa_key(), text)));
    };
    EXPECT_EQ(with({}), "");
    EXPECT_NE(with({{"typ", "at+jwt"}}).find("kind"), std::string::npos);
    EXPECT_NE(with({{"typ", "logout+jwt"}}).find("kind"), std::string::npos);
    EXPECT_NE(with({{"crit", json::array{"b64"}}, {"b64", false}}), "");
}

TEST(signing_keys_of_a_provider, that_are_weak_or_for_something_else_are_passed_over) {
    const auto weak = own(EVP_RSA_gen(1024));
    EXPECT_TRUE(keys_of({rsa_jwk(weak, "w")}).empty());
    auto encrypts = rsa_jwk(rsa_key(), "r");
    encrypts["use"] = "enc";
    EXPECT_TRUE(keys_of({encrypts}).empty());
    auto signs = rsa_jwk(rsa_key(), "r");
    signs["key_ops"] = json::array{"sign"};
    EXPECT_TRUE(keys_of({signs}).empty());
    EXPECT_TRUE(keys_of({{{"kty", "RSA"}, {"n", "!"}, {"e", "AQAB"}}}).empty());
    EXPECT_TRUE(keys_of({{{"kty", "EC"}, {"crv", "P-256"}, {"x", "AA"}, {"y", "AA"}}}).empty());
    EXPECT_TRUE(signing_keys::parse("[]").has_error());
    EXPECT_TRUE(signing_keys::parse("{\"keys\": 7}").has_error());
    EXPECT_TRUE(signing_keys::parse("{").has_error());
}

}  // namespace
}  // namespace kith::console
