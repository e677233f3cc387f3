// The document that describes the API, for whoever writes a program against it. It holds no secret: no
// session.
#include "daemon/console/api_parts.hpp"
#include "daemon/console/openapi_file.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/problem.hpp"
#include "daemon/net/text.hpp"

namespace kith::console {

namespace {

using net::server_request;
using net::server_response;

awaitable<server_response> document(std::string tag, server_request r) {
    const auto& file = openapi_file[0];
    auto out = server_response::make(200, "application/yaml", std::string(file.content));
    if (net::lists_word(r.headers.get("if-none-match"), tag))
        out = server_response::make(304, "application/yaml", "");
    out.headers.add("ETag", std::move(tag));
    out.headers.add("Cache-Control", "no-cache");
    out.headers.add("Content-Security-Policy", net::data_policy);
    co_return out;
}

}  // namespace

void add_document_api(net::http_router& router) {
    const auto tag = '"' + sha256_hex(openapi_file[0].content).substr(0, 16) + '"';
    router.on("GET", "/api/v1/openapi.yaml", [tag](server_request r) { return document(tag, std::move(r)); });
}

}  // namespace kith::console
