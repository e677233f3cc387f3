#include "daemon/console/api.hpp"
#include "daemon/net/text.hpp"

namespace kith::console {

namespace {

/// Nothing but our own files, no inline code or style, in nobody's frame, and no text that becomes markup but
/// through the one door that the page's own templates use.
constexpr const char* content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

/// Is `coding` one of an Accept-Encoding's, and not with q=0? "*" is not asked: who means it names br or gzip
/// too.
bool accepts(std::string_view codings, std::string_view coding) {
    for (;;) {
        const auto comma = codings.find(',');
        const auto one = net::trim_blanks(codings.substr(0, comma));
        const auto semicolon = one.find(';');
        if (net::same_word(net::trim_blanks(one.substr(0, semicolon)), coding)) {
            const auto weight =
                semicolon == std::string_view::npos ? "" : net::trim_blanks(one.substr(semicolon + 1));
            const bool none = weight.starts_with("q=0") && weight.find_first_of("123456789") == weight.npos;
            return !none;
        }
        if (comma == std::string_view::npos) return false;
        codings.remove_prefix(comma + 1);
    }
}

struct page_view {
    std::string_view content;
    const char* encoding;  ///< null: as it is
};

page_view best(const page_file& file, std::string_view accepted) {
    if (accepts(accepted, "br")) return {file.brotli, "br"};
    if (accepts(accepted, "gzip")) return {file.gzip, "gzip"};
    return {file.plain, nullptr};
}

awaitable<net::server_response> serve(const page_file& file, net::server_request request) {
    const auto [content, encoding] = best(file, request.headers.get("Accept-Encoding"));
    const auto etag = '"' + std::string(file.etag) + (encoding ? std::string("-") + encoding : "") + '"';
    const bool known = request.headers.get("If-None-Match") == etag;
    auto out = net::server_response::make(known ? 304 : 200, known ? "" : std::string(file.type),
                                          known ? "" : std::string(content));
    if (encoding && !known) out.headers.add("Content-Encoding", encoding);
    out.headers.add("Vary", "Accept-Encoding");
    out.headers.add("ETag", etag);
    out.headers.add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.type.starts_with("text/html")) {
        out.headers.add("Content-Security-Policy", content_policy);
        out.headers.add("Cross-Origin-Opener-Policy", "same-origin");
        out.headers.add("Referrer-Policy", "no-referrer");
    }
    co_return out;
}

awaitable<net::server_response> nothing() {
    co_return net::server_response::make(204, "", "");
}

awaitable<net::server_response> missing() {
    co_return net::problem(404, "There is no such file",
                           "The page is of another version of Kith: load it anew.");
}

awaitable<net::server_response> redirect(std::string to) {
    auto out = net::server_response::make(302, "", "");
    out.headers.add("Location", std::move(to));
    co_return out;
}

}  // namespace

void add_pages(net::http_router& router, std::span<const page_file> files) {
    // Browsers ask for it by themselves.
    router.on("GET", "/favicon.ico", [](net::server_request) { return nothing(); });
    router.on("GET", "/console/", [](net::server_request) { return redirect("/console"); });
    for (const auto& file : files) {
        const auto show = [&file](net::server_request r) { return serve(file, std::move(r)); };
        if (file.path == "index.html") {
            router.on("GET", "/console", show);
            router.on("GET", "/console/{page...}", show);
        } else {
            router.on("GET", "/console/" + std::string(file.path), show);
        }
    }
    router.on("GET", "/console/assets/{name...}", [](net::server_request) { return missing(); });
}

}  // namespace kith::console
