#include "daemon/console/api.hpp"
#include "daemon/console/web_files.hpp"

namespace kith::console {

namespace {

std::string type_of(std::string_view name) {
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
    if (ending == ".html") return "text/html; charset=utf-8";
    if (ending == ".css") return "text/css; charset=utf-8";
    return "text/javascript; charset=utf-8";
}

/// Nothing but our own files, no inline code, in nobody's frame.
constexpr const char* content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

awaitable<net::server_response> serve(const embedded_file& file) {
    auto out = net::server_response::make(200, type_of(file.name), std::string(file.content));
    out.headers.add("Content-Security-Policy", content_policy);
    out.headers.add("Referrer-Policy", "no-referrer");
    out.headers.add("Cache-Control", "no-cache");
    co_return out;
}

awaitable<net::server_response> nothing() { co_return net::server_response::make(204, "", ""); }

awaitable<net::server_response> redirect(std::string to) {
    auto out = net::server_response::make(302, "", "");
    out.headers.add("Location", std::move(to));
    co_return out;
}

}  // namespace

void add_pages(net::http_router& router) {
    for (const auto& file : console_files) {
        const auto add = [&](const std::string& path) {
            router.on("GET", path, [&file](net::server_request) { return serve(file); });
        };
        add("/console/" + std::string(file.name));
        if (file.name == "console.html") add("/console");
    }
    // Browsers ask for it by themselves.
    router.on("GET", "/favicon.ico", [](net::server_request) { return nothing(); });
    router.on("GET", "/console/", [](net::server_request) { return redirect("/console"); });
}

}  // namespace kith::console
