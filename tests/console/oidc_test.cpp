// The way to an OpenID provider and back, without one.
#include "daemon/console/oidc_flows.hpp"
#include "daemon/console/oidc_provider.hpp"
#include "daemon/model/sha256.hpp"
#include "tests/support/coroutine.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace kith::console {
namespace {

using namespace std::chrono_literals;

const auto noon = *from_rfc3339("2026-11-23T12:00:00Z");

oidc_flow flow_of(const std::string& browser, timestamp at = noon, const std::string& from = "192.0.2.1") {
    oidc_flow f;
    f.browser = sha256_hex(browser);
    f.from = from;
    f.began = at;
    return f;
}

TEST(oidc_flow_book, gives_a_flow_once_and_to_its_browser_alone) {
    oidc_flows all;
    all.put("s", flow_of("ann"));
    EXPECT_FALSE(all.take("s", "bob", noon));
    EXPECT_FALSE(all.take("s", "", noon));
    EXPECT_FALSE(all.take("t", "ann", noon));
    EXPECT_TRUE(all.take("s", "ann", noon)) << "what bob did is not ann's loss";
    EXPECT_FALSE(all.take("s", "ann", noon));
}

TEST(oidc_flow_book, forgets_after_ten_minutes) {
    oidc_flows all;
    all.put("s", flow_of("ann"));
    EXPECT_FALSE(all.take("s", "ann", noon + 10min));
    all.put("t", flow_of("ann"));
    all.put("u", flow_of("ann", noon + 11min));
    EXPECT_EQ(all.size(), 1U);
}

TEST(oidc_flow_book, is_filled_by_nobody_alone) {
    oidc_flows all;
    all.put("first", flow_of("ann", noon, "192.0.2.2"));
    for (std::size_t i = 0; i < 3 * oidc_flows::most_of_one_address; ++i)
        all.put("s" + std::to_string(i), flow_of("eve", noon + std::chrono::milliseconds(i + 1)));
    EXPECT_EQ(all.size(), oidc_flows::most_of_one_address + 1);
    EXPECT_TRUE(all.take("first", "ann", noon + 1min));
    EXPECT_FALSE(all.take("s0", "eve", noon + 1min)) << "the oldest goes";
}

std::string discovery(const std::string& more = "", const std::string& issuer = "https://sso.example") {
    return R"({"issuer": ")" + issuer +
           R"(", "authorization_endpoint": "https://sso.example/a", "token_endpoint": "https://sso.example/t",)" +
           R"( "jwks_uri": "https://sso.example/k")" + more + "}";
}

std::string wrong(const std::string& text) {
    const auto got = read_discovery(text, "https://sso.example");
    return got.has_error() ? got.error().what : "";
}

TEST(oidc_discovery, is_read_and_checked) {
    EXPECT_EQ(wrong(discovery()), "");
    EXPECT_NE(wrong(discovery("", "https://sso.example/")).find("another issuer"), std::string::npos);
    EXPECT_NE(wrong("[]"), "");
    EXPECT_NE(wrong(R"({"issuer": "https://sso.example"})").find("address"), std::string::npos);
    auto plain = discovery();
    plain.replace(plain.find("https://sso.example/t"), 21, "http://sso.example/t");
    EXPECT_NE(wrong(plain).find("https"), std::string::npos);
    EXPECT_NE(wrong(discovery(R"(, "code_challenge_methods_supported": ["plain"])")).find("PKCE"),
              std::string::npos);
    EXPECT_NE(wrong(discovery(R"(, "response_types_supported": ["id_token"])")), "");
    const auto methods = R"(, "token_endpoint_auth_methods_supported": ["client_secret_post"])";
    EXPECT_TRUE(read_discovery(discovery(methods), "https://sso.example")->secret_in_body);
    EXPECT_FALSE(read_discovery(discovery(), "https://sso.example")->secret_in_body);
}

/// Answers what it was told to, in that order; then nothing can be reached.
class scripted final : public net::http_client {
 public:
    struct line {
        unsigned status = 200;
        std::string body;
    };
    explicit scripted(std::deque<line> all) : all_(std::move(all)) {}
    awaitable<result<net::client_response>> send(net::client_request r) override {
        asked.push_back(r.method + " " + r.url + " " + r.body);
        if (all_.empty()) co_return fail(errc::transient, "connection refused");
        net::client_response out;
        out.status = all_.front().status;
        out.body = all_.front().body;
        all_.pop_front();
        co_return out;
    }
    std::vector<std::string> asked;

 private:
    std::deque<line> all_;
};

class oidc_provider_line : public ::testing::Test {
 public:
    ~oidc_provider_line() override { set_clock_for_tests(std::nullopt); }

 protected:
    oidc_provider_line() {
        config.issuer = "https://sso.example";
        config.client_id = "kith";
        config.scopes = {"openid"};
    }
    oidc_provider& made(std::deque<scripted::line> lines) {
        auto client = std::make_unique<scripted>(std::move(lines));
        to = client.get();
        provider = std::make_unique<oidc_provider>(config, std::move(client));
        return *provider;
    }
    asio::io_context io;
    oidc_config config;
    scripted* to = nullptr;
    std::unique_ptr<oidc_provider> provider;
};

TEST_F(oidc_provider_line, asks_what_the_provider_is_once_an_hour_and_goes_on_with_what_it_knows) {
    auto& p = made({{200, discovery()}, {500, ""}, {200, discovery()}});
    set_clock_for_tests(noon);
    EXPECT_TRUE(test::run(io, p.endpoints()).has_value());
    EXPECT_TRUE(test::run(io, p.endpoints()).has_value());
    EXPECT_EQ(to->asked,
              std::vector<std::string>{"GET https://sso.example/.well-known/openid-configuration "});
    set_clock_for_tests(noon + 61min);
    EXPECT_TRUE(test::run(io, p.endpoints()).has_value()) << "as it was";
    EXPECT_TRUE(test::run(io, p.endpoints()).has_value()) << "not asked again at once";
    EXPECT_EQ(to->asked.size(), 2U);
    set_clock_for_tests(noon + 62min);
    EXPECT_TRUE(test::run(io, p.endpoints()).has_value());
    EXPECT_EQ(to->asked.size(), 3U);
}

TEST_F(oidc_provider_line, is_not_there_while_the_provider_cannot_be_asked_or_lies) {
    EXPECT_EQ(test::run(io, made({}).endpoints()).error().kind, errc::transient);
    EXPECT_EQ(test::run(io, made({{200, discovery("", "https://evil.example")}}).endpoints()).error().kind,
              errc::invalid);
}

TEST_F(oidc_provider_line, sends_the_browser_with_a_challenge_and_never_the_verifier) {
    auto& p = made({{200, discovery()}});
    config.acr = {"urn:two"};
    const auto to_where = test::run(io, p.endpoints()).value();
    const auto url = p.authorization_url(to_where, "https://kith.example/back", "a-state", "a-nonce",
                                         "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    EXPECT_EQ(url,
              "https://sso.example/a?response_type=code&client_id=kith"
              "&redirect_uri=https%3A%2F%2Fkith.example%2Fback&scope=openid&state=a-state&nonce=a-nonce"
              "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
              "&acr_values=urn%3Atwo")
        << "the example of RFC 7636, appendix B";
}

TEST_F(oidc_provider_line, believes_nothing_but_a_signed_token) {
    const auto said = [&](unsigned status, const std::string& body) {
        auto& p = made({{200, discovery()}, {status, body}});
        return test::run(io, p.redeem("a code", "verifier", "nonce", "https://kith.example/back")).error();
    };
    EXPECT_EQ(said(503, "").kind, errc::transient);
    EXPECT_EQ(said(200, "<html>").kind, errc::refused);
    EXPECT_NE(said(200, "{}").what.find("no ID token"), std::string::npos);
    const auto refused = said(400, R"({"error": "invalid_grant", "error_description": "<script>"})");
    EXPECT_NE(refused.what.find("invalid_grant"), std::string::npos);
    EXPECT_EQ(refused.what.find("script"), std::string::npos);
    const auto odd = said(400, R"({"error": "<script>"})");
    EXPECT_EQ(odd.what.find("script"), std::string::npos) << "its words are not repeated";
    EXPECT_EQ(said(200, R"({"id_token": "a.b.c"})").kind, errc::transient) << "there are no keys";
    EXPECT_EQ(to->asked.at(1),
              "POST https://sso.example/t grant_type=authorization_code&code=a%20code"
              "&redirect_uri=https%3A%2F%2Fkith.example%2Fback&code_verifier=verifier&client_id=kith");
    EXPECT_EQ(to->asked.at(2), "GET https://sso.example/k ");
}

TEST_F(oidc_provider_line, takes_as_a_second_factor_what_the_house_says_and_nothing_else) {
    auto& p = made({});
    id_claims c;
    c.amr = {"pwd", "mfa"};
    c.acr = "urn:two";
    EXPECT_FALSE(p.proves_second(c)) << "Kith asks itself";
    config.amr = {"mfa"};
    EXPECT_TRUE(p.proves_second(c));
    config.amr = {"hwk"};
    EXPECT_FALSE(p.proves_second(c));
    config.acr = {"urn:two"};
    EXPECT_TRUE(p.proves_second(c));
    c.acr = "";
    EXPECT_FALSE(p.proves_second(c));
}

}  // namespace
}  // namespace kith::console
