#include "daemon/cli/client.hpp"

#include "daemon/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>

namespace kith::cli {

namespace json = boost::json;

namespace {

errc kind_of(unsigned status) {
    switch (status) {
        case 404:
            return errc::not_found;
        case 409:
            return errc::conflict;
        case 412:
            return errc::outdated;
        case 400:
            return errc::invalid;
        case 401:
        case 403:
            return errc::refused;
        default:
            return errc::transient;
    }
}

std::string detail_of(const net::client_response& r) {
    json::error_code ec;
    const auto v = json::parse(r.body, ec);
    if (!ec && v.is_object())
        if (const auto* d = v.get_object().if_contains("detail"); d && d->is_string())
            return std::string(d->get_string());
    return "the daemon answered " + std::to_string(r.status);
}

awaitable<void> ask(net::http_client& http, net::client_request q, result<net::client_response>& out) {
    out = co_await http.send(std::move(q));
}

}  // namespace

result<json::value> call(const std::string& socket, const std::string& method, const std::string& target,
                         const json::value& body,
                         const std::vector<std::pair<std::string, std::string>>& headers) {
    asio::io_context io(1);
    const auto http = net::make_http_client(io.get_executor());
    std::error_code none;  // then as it was written, which the answer names
    const auto path = std::filesystem::absolute(socket, none);
    net::client_request q(method, "unix:" + (none ? socket : path.string()) + ":" + target);
    for (const auto& [name, value] : headers) q.headers.add(name, value);
    if (!body.is_null()) {
        q.headers.add("Content-Type", "application/json");
        q.body = json::serialize(body);
    }
    result<net::client_response> answer(fail(errc::transient, "no answer"));
    std::exception_ptr broken;
    asio::co_spawn(io, ask(*http, std::move(q), answer), [&](std::exception_ptr e) { broken = e; });
    io.run();
    if (broken) std::rethrow_exception(broken);
    if (answer.has_error())
        return fail(answer.error().kind, "kithd does not answer on " + socket + ": " + answer.error().what +
                                             " (is it running? --socket names another)");
    if (answer->status >= 300) return fail(kind_of(answer->status), detail_of(*answer));
    if (answer->body.empty()) return json::value(nullptr);
    json::error_code ec;
    auto v = json::parse(answer->body, ec);
    if (ec) return fail(errc::transient, "the daemon's answer is not JSON: " + ec.message());
    return v;
}

result<json::value> call_list(const std::string& socket, const std::string& target,
                              const list_options& wanted) {
    constexpr std::size_t most_at_once = 200;
    const auto begin = target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=";
    json::value out;
    std::string next;
    for (;;) {
        const auto have = out.is_null() ? 0 : out.at("items").as_array().size();
        const auto limit = wanted.all ? most_at_once : std::min(most_at_once, wanted.limit - have);
        auto part =
            call(socket, "GET", begin + std::to_string(limit) + (next.empty() ? "" : "&cursor=" + next));
        if (part.has_error()) return part;
        const auto cursor = part->at("next");
        if (out.is_null()) {
            out = std::move(*part);
        } else {
            auto& items = out.at("items").as_array();
            for (auto& item : part->at("items").as_array()) items.push_back(std::move(item));
            out.at("next") = cursor;
        }
        if (cursor.is_null() || (!wanted.all && out.at("items").as_array().size() >= wanted.limit))
            return out;
        next = std::string(cursor.as_string());
    }
}

}  // namespace kith::cli
