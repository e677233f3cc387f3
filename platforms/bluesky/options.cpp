#include "platforms/bluesky/options.hpp"

#include "daemon/config/secret.hpp"
#include "daemon/net/http.hpp"

#include <algorithm>

namespace kith::bluesky {
namespace {

/// A base URL, without the slash at its end.
std::string base(yaml::map_reader& from, std::string_view key, std::string otherwise,
                 std::initializer_list<std::string_view> schemes) {
    std::string text = from.text(key, std::move(otherwise));
    while (text.ends_with('/')) text.pop_back();
    const auto parsed = net::url::parse(text);
    std::string allowed;
    for (const std::string_view s : schemes)
        allowed.append(allowed.empty() ? "" : " or ").append(s).append("://");
    if (parsed.has_error() || std::find(schemes.begin(), schemes.end(), parsed->scheme) == schemes.end())
        from.complain(from.at(key), std::string(key) + " is not a base URL",
                      "write " + allowed + " and a host, with a port and a path if need be");
    else if (text.find_first_of("?#") != std::string::npos)
        from.complain(from.at(key), std::string(key) + " has a query",
                      "write the URL without what follows the path");
    return text;
}

}  // namespace

options options::read(yaml::map_reader& from) {
    options out;
    out.service = base(from, "service", "https://bsky.social", {"https", "http"});
    out.stream = base(from, "stream", "wss://bsky.network", {"wss", "ws"});
    out.web = base(from, "web", "https://bsky.app", {"https", "http"});
    out.identifier = from.need_text("identifier");
    if (out.identifier.starts_with('@'))
        from.complain(from.at("identifier"), "identifier begins with @",
                      "write the handle alone: name.bsky.social");
    out.password = need_secret(from, "password");
    using namespace std::chrono_literals;
    out.poll = from.duration("poll", 5s, 500ms, 1h);
    out.listen_to_all = from.choice("listen", {"addressed", "all"}, 0) == 1;
    out.extra_ca_file = from.text("extra_ca_file");
    return out;
}

}  // namespace kith::bluesky
