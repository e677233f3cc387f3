#include "daemon/digest/mail_text.hpp"

#include <sodium.h>

#include <cstdio>

namespace kith {

namespace {

std::string base64(const std::string& bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.find('\0'));
    return out;
}

std::string lines_of_76(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 76) out += text.substr(i, 76) + "\r\n";
    return out;
}

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// RFC 2047: encoded words of at most 75 characters, none of which cuts a character in two.
std::string header_words(const std::string& text) {
    std::string out, piece;
    // Bytes that make 60 characters of base64; fewer on the line that "Subject: " begins.
    const auto most = [&] { return out.empty() ? std::size_t{36} : std::size_t{45}; };
    const auto close = [&] {
        if (!piece.empty()) out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(piece) + "?=");
        piece.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f) continue;
        std::size_t end = i + 1;
        while (end < text.size() && !begins_character(text[end])) ++end;
        if (piece.size() + (end - i) > most()) close();
        piece.append(text, i, end - i);
        i = end - 1;
    }
    close();
    return out;
}

/// "Mon, 23 Nov 2026 04:12:00 +0000", whatever the locale.
std::string date(timestamp t) {
    using namespace std::chrono;
    static constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<days>(t);
    const year_month_day d{day};
    const hh_mm_ss clock{floor<seconds>(t - day)};
    char out[64];
    std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d +0000",
                  weekdays[weekday{day}.c_encoding()], static_cast<unsigned>(d.day()),
                  months[static_cast<unsigned>(d.month()) - 1], static_cast<int>(d.year()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return out;
}

}  // namespace

std::string mail_text(const mail_parts& m) {
    // Base64 has no '=' before another character, so this can stand in no body.
    const std::string boundary = "=_kith_=_part_=";
    const auto part = [&](const char* type, const std::string& body) {
        return "--" + boundary + "\r\nContent-Type: " + type +
               "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines_of_76(base64(body));
    };
    return "From: <" + m.from + ">\r\nTo: <" + m.to + ">\r\nDate: " + date(m.at) + "\r\nMessage-ID: <" +
           m.id + ">\r\nSubject: " + header_words(m.subject) +
           "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/alternative;\r\n boundary=\"" +
           boundary + "\"\r\n\r\n" + part("text/plain", m.text) + part("text/html", m.html) + "--" +
           boundary + "--\r\n";
}

}  // namespace kith
