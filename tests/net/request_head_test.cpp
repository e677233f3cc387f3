#include "daemon/net/http_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kith::net {
namespace {

using namespace std::string_literals;

const std::string line = "POST /x HTTP/1.1\r\n";
const std::string host = "Host: a\r\n";
const std::string end = "\r\n";

std::string with(const std::string& fields) {
    return line + fields + end;
}

TEST(request_head, lets_ordinary_requests_pass) {
    for (const auto& head :
         {"GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"s, "GET /a?b=c%20d HTTP/1.0\r\n\r\n"s,
          with(host + "Content-Length: 0\r\n"), with(host + "content-length:   12  \r\n"),
          with(host + "Transfer-Encoding: chunked\r\n"), with(host + "transfer-encoding: Chunked\r\n"),
          with("Host: [::1]:80\r\nX-Empty:\r\nX-Tab: a\tb\r\nX-Latin: \xe9\r\n"),
          with("Host:\r\nAccept: */*\r\nCookie: a=b; c=\"d\"\r\n")}) {
        const auto wrong = check_request_head(head);
        EXPECT_FALSE(wrong) << head << *wrong;
    }
}

struct attack {
    const char* name;
    std::string head;
};

TEST(request_head, refuses_every_known_way_to_be_read_differently_by_two_servers) {
    const attack all[] = {
        {"nothing", ""},
        {"no end", line + host},
        {"only an end", end + end},
        {"an empty line first", end + line + host + end},
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
        {"bare LF within a field", line + host + "X: a\nContent-Length: 5\r\n" + end},
        {"bare LF at the end", line + "Host: a\n\n"},
        {"bare CR within a field", line + host + "X: a\rContent-Length: 5\r\n" + end},
        {"bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"CR CR LF", line + "Host: a\r\r\n\r\n"},
        {"obs-fold", line + host + "X: a\r\n b\r\n" + end},
        {"obs-fold with a tab", line + host + "X: a\r\n\tb\r\n" + end},
        {"a folded first field", line + " Host: a\r\n" + end},
        {"blank before the colon", line + host + "Content-Length : 5\r\n" + end},
        {"tab before the colon", line + host + "Transfer-Encoding\t: chunked\r\n" + end},
        {"no colon", line + host + "Content-Length 5\r\n" + end},
        {"an empty name", line + host + ": 5\r\n" + end},
        {"a name with a NUL", line + host + "Content-Len\0gth: 5\r\n"s + end},
        {"a value with a NUL", line + host + "X: a\0b\r\n"s + end},
        {"a control character in a value", line + host +
                                               "X: a\x0b"
                                               "b\r\n" +
                                               end},
        {"a name beyond ASCII", line + host + "X\xc3\xa9: 5\r\n" + end},
        {"CL.TE", line + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + end},
        {"TE.CL", line + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" + end},
        {"two lengths", line + host + "Content-Length: 5\r\nContent-Length: 6\r\n" + end},
        {"the same length twice", line + host + "Content-Length: 5\r\nContent-Length: 5\r\n" + end},
        {"a list of lengths", line + host + "Content-Length: 5, 5\r\n" + end},
        {"a positive length", line + host + "Content-Length: +5\r\n" + end},
        {"a negative length", line + host + "Content-Length: -5\r\n" + end},
        {"a hexadecimal length", line + host + "Content-Length: 0x5\r\n" + end},
        {"a length with a blank in it", line + host + "Content-Length: 5 5\r\n" + end},
        {"an empty length", line + host + "Content-Length:\r\n" + end},
        {"a length that overflows", line + host + "Content-Length: 18446744073709551621\r\n" + end},
        {"another encoding", line + host + "Transfer-Encoding: gzip\r\n" + end},
        {"a list of encodings", line + host + "Transfer-Encoding: gzip, chunked\r\n" + end},
        {"identity", line + host + "Transfer-Encoding: identity\r\n" + end},
        {"chunked in quotes", line + host + "Transfer-Encoding: \"chunked\"\r\n" + end},
        {"chunked with a vertical tab", line + host +
                                            "Transfer-Encoding: \x0b"
                                            "chunked\r\n" +
                                            end},
        {"chunked twice", line + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" + end},
        {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"no Host", line + end},
        {"two Hosts", line + host + host + end},
        {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
        {"a Host with a path", line + "Host: a/b\r\n" + end},
        {"a Host with a user", line + "Host: b@a\r\n" + end},
        {"two names in a Host", line + "Host: a, b\r\n" + end},
        {"absolute form", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"authority form", "CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"HTTP/0.9", "GET /\r\n\r\n"},
        {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
        {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
        {"lower case http", "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\n"},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a target beyond ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a method that is none", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"bytes after the end", line + host + end + "GET /smuggled HTTP/1.1\r\n\r\n"},
    };
    for (const auto& a : all) EXPECT_TRUE(check_request_head(a.head)) << a.name;
}

TEST(request_head, no_cut_of_a_good_head_passes) {
    const std::string good = line + host + "Content-Length: 5\r\nCookie: a=b\r\n" + end;
    ASSERT_FALSE(check_request_head(good));
    for (std::size_t n = 0; n < good.size(); ++n) EXPECT_TRUE(check_request_head(good.substr(0, n))) << n;
}

}  // namespace
}  // namespace kith::net
