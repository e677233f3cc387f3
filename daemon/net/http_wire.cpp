#include "daemon/net/http_wire.hpp"

#include "daemon/net/text.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace kith::net {

std::string http_date(timestamp t) {
    using namespace std::chrono;
    static constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<days>(t);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(t - day)};
    std::array<char, 64> out{};
    const int n = std::snprintf(
        out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", weekdays[weekday{day}.c_encoding()],
        static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return std::string(out.data(), static_cast<std::size_t>(n));
}

namespace {

bool is_set_by_server(std::string_view name) {
    for (const std::string_view own :
         {"Content-Length", "Transfer-Encoding", "Connection", "Date", "X-Content-Type-Options"})
        if (same_word(name, own)) return true;
    return false;
}

}  // namespace

std::string write_response(const server_response& r, wire_options how) {
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(r.status));
    std::string out = "HTTP/1.1 " + std::to_string(r.status) + " ";
    out.append(reason.data(), reason.size()).append("\r\n");
    out += "Date: " + http_date(now()) + "\r\nX-Content-Type-Options: nosniff\r\n";
    for (const auto& [name, value] : r.headers.all()) {
        if (!is_token(name) || !is_field_value(value))
            throw std::invalid_argument("a response field that is none: " + percent_encode(name));
        if (!is_set_by_server(name)) out.append(name).append(": ").append(value).append("\r\n");
    }
    const bool never_a_body = r.status < 200 || r.status == 204 || r.status == 304;
    if (!never_a_body) out += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
    if (how.close) out += "Connection: close\r\n";
    out += "\r\n";
    if (!never_a_body && !how.without_body) out += r.body;
    return out;
}

}  // namespace kith::net
