#include "platforms/bluesky/bluesky.hpp"

#include "platforms/bluesky/link.hpp"

namespace kith::bluesky {

std::unique_ptr<platform> make(yaml::map_reader& from, const platform_context* context) {
    options o = options::read(from);
    if (context == nullptr || !from.out().empty()) return nullptr;

    net::client_options client;
    client.extra_ca_file = o.extra_ca_file;
    outside through;
    through.executor = context->executor;
    through.http = net::make_http_client(context->executor, std::move(client));
    through.connect = [executor = context->executor](net::websocket_request r) {
        return net::connect_websocket(executor, std::move(r));
    };
    through.house_language = context->house_language;
    return std::make_unique<link>(std::move(o), std::move(through));
}

}  // namespace kith::bluesky
