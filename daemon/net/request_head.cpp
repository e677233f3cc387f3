/// `check_request_head`: what stands between a foreign request's bytes and the parser. The rules are stricter
/// than RFC 9112 wherever a proxy in front of us might read a request differently.
#include "daemon/net/http_server.hpp"
#include "daemon/net/text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kith::net {

namespace {

using complaint = std::optional<std::string>;

struct seen {
    unsigned hosts = 0, lengths = 0, encodings = 0;
};

/// A head's lines end with CRLF, and neither CR nor LF stands anywhere else.
complaint check_line_ends(std::string_view head) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (head[i] == '\0') return "a NUL byte";
        if (head[i] == '\n' && (i == 0 || head[i - 1] != '\r'))
            return "a line feed without its carriage return";
        if (head[i] == '\r' && (i + 1 == head.size() || head[i + 1] != '\n'))
            return "a carriage return without its line feed";
    }
    if (!head.ends_with("\r\n\r\n")) return "the head has no end";
    return std::nullopt;
}

complaint check_request_line(std::string_view line, bool& one_point_one) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return "not a request line";
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(line.substr(0, first))) return "not a method";
    if (!target.starts_with('/')) return "the request's target does not start with '/'";
    for (const char c : target)
        if (c <= ' ' || c > '~') return "a character that no request target has";
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return "not HTTP/1.1";
    one_point_one = version == "HTTP/1.1";
    return std::nullopt;
}

complaint check_length(std::string_view value) {
    if (value.empty() || value.size() > 18) return "Content-Length is not a number of bytes";
    for (const char c : value)
        if (!is_digit(c)) return "Content-Length is not a number of bytes";
    return std::nullopt;
}

complaint check_host(std::string_view value) {
    for (const char c : value)
        if (!is_alphanumeric(c) && std::string_view(".-_:[]%~").find(c) == std::string_view::npos)
            return "Host names no host";
    return std::nullopt;
}

complaint check_field(std::string_view line, seen& so_far) {
    if (line.front() == ' ' || line.front() == '\t') return "a folded line";
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return "a field without a colon";
    const auto name = line.substr(0, colon);
    // White space before the colon is no part of a token, and so refused here.
    if (!is_token(name)) return "a field whose name is none";
    const auto value = trim_blanks(line.substr(colon + 1));
    if (!is_field_value(value)) return "a control character in a field";
    if (same_word(name, "Host")) {
        ++so_far.hosts;
        return check_host(value);
    }
    if (same_word(name, "Content-Length")) {
        ++so_far.lengths;
        return check_length(value);
    }
    if (same_word(name, "Transfer-Encoding")) {
        ++so_far.encodings;
        if (!same_word(value, "chunked")) return "a Transfer-Encoding other than chunked";
    }
    return std::nullopt;
}

complaint check_together(const seen& all, bool one_point_one) {
    if (all.hosts > 1) return "more than one Host";
    if (all.hosts == 0 && one_point_one) return "no Host";
    if (all.lengths > 1) return "more than one Content-Length";
    if (all.encodings > 1) return "more than one Transfer-Encoding";
    if (all.lengths > 0 && all.encodings > 0) return "Content-Length together with Transfer-Encoding";
    if (all.encodings > 0 && !one_point_one) return "Transfer-Encoding in HTTP/1.0";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> check_request_head(std::string_view head) {
    if (auto wrong = check_line_ends(head)) return wrong;
    bool one_point_one = false;
    seen all;
    bool first = true;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        head.remove_prefix(end + 2);
        if (first) {
            if (auto wrong = check_request_line(line, one_point_one)) return wrong;
            first = false;
        } else if (line.empty()) {
            if (!head.empty()) return "bytes after the head";
        } else if (auto wrong = check_field(line, all)) {
            return wrong;
        }
    }
    return check_together(all, one_point_one);
}

}  // namespace kith::net
