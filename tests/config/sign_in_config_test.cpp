#include "daemon/config/sign_in_config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace kith {
namespace {

struct read_oidc {
    sign_in_config made;
    std::string wrong;
};

read_oidc read_config(const std::string& oidc) {
    ::setenv("KITH_TEST_OIDC", "sesame", 1);
    yaml::findings out;
    const auto document = yaml::parse("sign_in:\n  oidc: " + oidc + "\n", "kith.yaml", out);
    yaml::map_reader top(document, "kith.yaml", "kith.yaml", out);
    read_oidc got;
    got.made = read_sign_in(top, "/etc/kith");
    got.wrong = out.text();
    return got;
}

TEST(sign_in_config, is_read_with_its_defaults) {
    const auto got = read_config("{name: Example SSO, issuer: 'https://sso.example', client_id: kith}");
    EXPECT_EQ(got.wrong, "");
    ASSERT_TRUE(got.made.oidc);
    EXPECT_EQ(got.made.oidc->name, "Example SSO");
    EXPECT_EQ(got.made.oidc->scopes, std::vector<std::string>{"openid"});
    EXPECT_EQ(got.made.oidc->client_secret, "");
    EXPECT_TRUE(got.made.oidc->amr.empty());
}

TEST(sign_in_config, is_read_whole) {
    const auto got = read_config(
        "{name: SSO, issuer: 'http://127.0.0.1:9', client_id: kith, client_secret: env:KITH_TEST_OIDC,"
        " scopes: [openid, groups], extra_ca_file: ca.pem,"
        " second_factor: {provider: {amr: [mfa], acr: ['urn:two']}}}");
    EXPECT_EQ(got.wrong, "");
    ASSERT_TRUE(got.made.oidc);
    EXPECT_EQ(got.made.oidc->client_secret, "sesame");
    EXPECT_EQ(got.made.oidc->extra_ca_file, "/etc/kith/ca.pem");
    EXPECT_EQ(got.made.oidc->amr, std::vector<std::string>{"mfa"});
    EXPECT_EQ(got.made.oidc->acr, std::vector<std::string>{"urn:two"});
}

TEST(sign_in_config, says_each_mistake_at_its_place) {
    const auto got = read_config(
        "\n    name: SSO\n    issuer: http://sso.example\n    client_id: kith\n    client_secret: hunter2\n"
        "    scopes: [profile]\n    second_factor: {provider: {}}\n    users: anybody");
    for (const auto* part :
         {"kith.yaml:4:13: `issuer` is no safe web address",
          "kith.yaml:6:20: client_secret: a secret must not", "kith.yaml:7:13: `scopes` is without openid",
          "kith.yaml:8:31: nothing says what proves", "kith.yaml:9:5: "})
        EXPECT_NE(got.wrong.find(part), std::string::npos) << part << "\nin\n" << got.wrong;
    EXPECT_EQ(got.wrong.find("hunter2"), std::string::npos);
    EXPECT_NE(read_config("{}").wrong.find("`issuer`"), std::string::npos);
    EXPECT_NE(read_config("{name: S, issuer: 'https://s.example/?a', client_id: k}").wrong, "");
    EXPECT_NE(
        read_config("{name: S, issuer: 'https://s.example', client_id: k, second_factor: provider}").wrong,
        "");
}

}  // namespace
}  // namespace kith
