#include "daemon/net/http.hpp"

#include "daemon/net/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace kith::net {

std::optional<std::string_view> http_fields::find(std::string_view name) const noexcept {
    for (const auto& [key, value] : all_)
        if (same_word(key, name)) return value;
    return std::nullopt;
}

std::string_view http_fields::get(std::string_view name, std::string_view otherwise) const noexcept {
    return find(name).value_or(otherwise);
}

namespace {

std::uint16_t default_port(std::string_view scheme) noexcept {
    if (scheme == "http" || scheme == "ws") return 80;
    if (scheme == "https" || scheme == "wss") return 443;
    return 0;
}

/// What may stand in a request line: no control characters, no space, nothing above ASCII.
bool is_visible(std::string_view text) noexcept {
    for (const char c : text)
        if (c <= ' ' || c > '~') return false;
    return true;
}

/// "unix:/path/to/socket:/target"
result<url> parse_unix(std::string_view text) {
    text.remove_prefix(5);
    const auto colon = text.find(':');
    url u;
    u.scheme = "unix";
    u.host = "localhost";
    u.socket_path = std::string(text.substr(0, colon));
    u.target = colon == std::string_view::npos ? "/" : std::string(text.substr(colon + 1));
    if (!u.socket_path.starts_with('/') || !u.target.starts_with('/') || !is_visible(u.target))
        return fail(errc::invalid, "a unix URL is written unix:/path/to/socket:/request/target");
    return u;
}

}  // namespace

std::string url::host_header() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != default_port(scheme)) text += ":" + std::to_string(port);
    return text;
}

result<url> url::parse(std::string_view text) {
    if (text.starts_with("unix:")) return parse_unix(text);
    const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (parsed.has_error()) return fail(errc::invalid, "not a URL");
    const auto& u = *parsed;
    url out;
    out.scheme = lower_case({u.scheme().data(), u.scheme().size()});
    out.port = default_port(out.scheme);
    if (out.port == 0) return fail(errc::invalid, "a URL here starts with http, https, ws, wss or unix");
    // A name and password in a URL would end in logs; a platform that needs them sends a header.
    if (u.has_userinfo()) return fail(errc::invalid, "a URL here has no user name in it");
    const auto host = u.encoded_host_address();
    out.host = lower_case({host.data(), host.size()});
    if (out.host.empty() || !is_visible(out.host) || out.host.find('%') != std::string::npos)
        return fail(errc::invalid, "the URL names no host");
    if (u.has_port() && !u.port().empty()) {
        // Out of range, Boost.URL says 0.
        out.port = u.port_number();
        if (out.port == 0) return fail(errc::invalid, "the URL's port is out of range");
    }
    // Boost.URL 1.81 takes "http://a:1x/" for port 1 and path "x/".
    const auto path = u.encoded_path();
    if (!path.empty() && path.front() != '/') return fail(errc::invalid, "not a URL");
    const auto target = u.encoded_target();
    out.target.assign(target.data(), target.size());
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    return out;
}

std::string percent_encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
    const auto decode = [](std::string_view part) {
        std::string spaced(part);
        for (char& c : spaced)
            if (c == '+') c = ' ';
        // A broken escape is text as good as any.
        auto decoded = percent_decode(spaced);
        return decoded ? std::move(*decoded) : spaced;
    };
    std::vector<std::pair<std::string, std::string>> out;
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        out.emplace_back(decode(pair.substr(0, equals)), decode(value));
    }
    return out;
}

}  // namespace kith::net
