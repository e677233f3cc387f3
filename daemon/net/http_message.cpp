/// The plain values of the server's side: what a handler is given and gives back.
#include "daemon/net/http_server.hpp"
#include "daemon/net/text.hpp"

namespace kith::net {

std::string server_request::param(std::string_view name) const {
    for (auto& [key, value] : parse_query(query))
        if (key == name) return value;
    return {};
}

std::string server_request::cookie(std::string_view name) const {
    for (const auto& [field, value] : headers.all()) {
        if (!same_word(field, "Cookie")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const auto pair = trim_blanks(rest.substr(0, end));
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && pair.substr(0, equals) == name)
                return std::string(pair.substr(equals + 1));
        }
    }
    return {};
}

server_response server_response::make(unsigned status, std::string content_type, std::string body) {
    server_response r;
    r.status = status;
    r.headers.add("Content-Type", std::move(content_type));
    r.body = std::move(body);
    return r;
}

}  // namespace kith::net
