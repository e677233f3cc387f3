#include "daemon/net/websocket.hpp"
#include "tests/net/support.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using test::run;
using test::tcp;
namespace ssl = asio::ssl;

std::string take(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
}

/// A certificate for "localhost" that signs itself, in PEM.
struct identity_for_localhost {
    std::string certificate, key;

    identity_for_localhost() {
        EVP_PKEY* pair = EVP_EC_gen("P-256");
        X509* x = X509_new();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, pair);
        auto* name = X509_get_subject_name(x);
        const auto* common = reinterpret_cast<const unsigned char*>("kith test");
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
        X509_set_issuer_name(x, name);
        auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
        X509_add_ext(x, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(x, pair, EVP_sha256());
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(bio, x);
        certificate = take(bio);
        bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(bio, pair, nullptr, nullptr, 0, nullptr, nullptr);
        key = take(bio);
        X509_free(x);
        EVP_PKEY_free(pair);
    }
};

using secure_socket = ssl::stream<tcp::socket&>;

/// Answers one HTTP request, or one WebSocket's upgrade with one message, and drops the connection without
/// TLS's own goodbye, as many servers do.
awaitable<void> answer_and_drop(secure_socket& s, std::string& seen) {
    char c = 0;
    while (!seen.ends_with("\r\n\r\n")) {
        auto [ec, n] = co_await s.async_read_some(asio::buffer(&c, 1), as_tuple);
        if (ec) co_return;
        seen += c;
    }
    std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    if (const auto at = seen.find("Sec-WebSocket-Key: "); at != std::string::npos)
        answer = test::upgrade_answer(seen.substr(at + 19, 24)) + "\x81\x05hello";
    if (seen.starts_with("GET /endless")) answer = "HTTP/1.1 200 OK\r\n\r\ncut";
    co_await asio::async_write(s, asio::buffer(answer), as_tuple);
}

struct tls_test : testing::Test {
    const identity_for_localhost identity;
    std::filesystem::path ca_file;
    ssl::context context{ssl::context::tls_server};
    asio::io_context io{1};
    std::string seen;  ///< the head that the server got
    std::string server_name;
    test::fake_server server{io, [this](tcp::socket& s, int) { return serve(s); }};

    void SetUp() override {
        char name[] = "/tmp/kith-tls-XXXXXX";
        const int fd = ::mkstemp(name);
        ASSERT_GE(fd, 0);
        ::close(fd);
        ca_file = name;
        std::ofstream(ca_file) << identity.certificate;
        context.use_certificate(asio::buffer(identity.certificate), ssl::context::pem);
        context.use_private_key(asio::buffer(identity.key), ssl::context::pem);
    }
    void TearDown() override { std::filesystem::remove(ca_file); }

    awaitable<void> serve(tcp::socket& socket) {
        secure_socket s(socket, context);
        auto [ec] = co_await s.async_handshake(ssl::stream_base::server, as_tuple);
        if (ec) co_return;
        if (const char* name = SSL_get_servername(s.native_handle(), TLSEXT_NAMETYPE_host_name))
            server_name = name;
        co_await answer_and_drop(s, seen);
    }
    result<client_response> post(const std::string& host, client_options options,
                                 const std::string& path = "/") {
        const auto client = make_http_client(io.get_executor(), std::move(options));
        client_request r(path == "/" ? "POST" : "GET",
                         "https://" + host + ":" + std::to_string(server.port()) + path);
        return run(io, client->send(std::move(r)));
    }
    client_options trusting() const { return client_options{"kith", ca_file}; }
};

TEST_F(tls_test, a_trusted_server_is_spoken_to_by_its_name) {
    const auto r = post("localhost", trusting());
    ASSERT_FALSE(r.has_error()) << r.error().what;
    EXPECT_EQ(r->body, "ok");
    EXPECT_EQ(server_name, "localhost");
}

TEST_F(tls_test, an_unknown_authority_is_transient_and_the_request_is_never_sent) {
    const auto r = post("localhost", client_options());
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::transient) << r.error().what;
    EXPECT_EQ(seen, "");
}

TEST_F(tls_test, a_certificate_for_another_name_is_transient_and_the_request_is_never_sent) {
    const auto r = post("127.0.0.1", trusting());
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::transient) << r.error().what;
    EXPECT_EQ(seen, "");
}

TEST_F(tls_test, an_answer_without_a_length_that_is_cut_off_is_not_taken_for_whole) {
    const auto r = post("localhost", trusting(), "/endless");
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().kind, errc::unknown);
}

TEST_F(tls_test, a_server_without_tls_is_transient) {
    test::fake_server plain(
        io, [](tcp::socket& s, int) { return test::say(s, "HTTP/1.1 400 Bad Request\r\n\r\n"); });
    const auto client = make_http_client(io.get_executor());
    client_request r("POST", plain.url("/", "https"));
    EXPECT_EQ(run(io, client->send(std::move(r))).error().kind, errc::transient);
}

TEST_F(tls_test, a_file_of_authorities_that_is_none_is_a_failure_at_the_start) {
    EXPECT_THROW(make_http_client(io.get_executor(), client_options{"kith", "/nonexistent.pem"}), failure);
    websocket_request r("wss://localhost:" + std::to_string(server.port()) + "/");
    r.extra_ca_file = "/nonexistent.pem";
    EXPECT_EQ(run(io, connect_websocket(io.get_executor(), std::move(r))).error().kind, errc::invalid);
}

TEST_F(tls_test, a_websocket_goes_over_tls_too) {
    websocket_request r("wss://localhost:" + std::to_string(server.port()) + "/live");
    r.extra_ca_file = ca_file;
    auto ws = run(io, connect_websocket(io.get_executor(), std::move(r)));
    ASSERT_FALSE(ws.has_error()) << ws.error().what;
    const auto got = run(io, (*ws)->read());
    ASSERT_FALSE(got.has_error()) << got.error().what;
    EXPECT_EQ(got->data, "hello");
    EXPECT_EQ(run(io, (*ws)->read()).error().kind, errc::transient);
    websocket_request untrusting("wss://localhost:" + std::to_string(server.port()) + "/live");
    EXPECT_EQ(run(io, connect_websocket(io.get_executor(), std::move(untrusting))).error().kind,
              errc::transient);
}

}  // namespace
}  // namespace kith::net
