#include "daemon/console/idempotency.hpp"

#include "daemon/console/routes.hpp"
#include "daemon/model/sha256.hpp"
#include "daemon/net/problem.hpp"

#include <boost/asio/this_coro.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace kith::console {

using net::server_request;
using net::server_response;

namespace {

using kind = begun_write::kind;

server_response told(const kept_answer& a) {
    auto out = server_response::make(a.status, a.type, a.body);
    if (!a.etag.empty()) out.headers.add("ETag", a.etag);
    out.headers.add("Cache-Control", "no-store");
    out.headers.add("Content-Security-Policy", net::data_policy);
    out.headers.add("Idempotency-Replayed", "true");
    return out;
}

server_response refused(kind why) {
    net::problem_details p;
    p.status = 409;
    if (why == kind::other) {
        p.status = 422;
        p.title = "Another request had this key";
        p.detail = "Idempotency-Key: it was used for another request: give each write a key of its own";
        p.more["field"] = "Idempotency-Key";
    } else if (why == kind::running) {
        p.name = "still-running";
        p.title = "Still being done";
        p.detail = "the first request with this Idempotency-Key is still being done: repeat this in a moment";
    } else {
        p.name = "answer-gone";
        p.title = "Its answer is not known any more";
        p.detail =
            "a request with this Idempotency-Key was begun, and its answer is not on record: look"
            " whether it was done, and if not, repeat it with a new key";
    }
    return problem(std::move(p));
}

kept_answer kept_from(const server_response& r) {
    return {r.status, std::string(r.headers.get("content-type")), std::string(r.headers.get("etag")), r.body};
}

}  // namespace

result<std::optional<std::string>> idempotency_key(const server_request& r) {
    constexpr std::size_t longest = 255;
    const auto found = r.headers.find("idempotency-key");
    if (!found) return std::optional<std::string>{};
    const bool visible =
        std::all_of(found->begin(), found->end(), [](char c) { return c > ' ' && c <= '~'; });
    if (found->empty() || found->size() > longest || !visible)
        return fail_field("Idempotency-Key", "use 1 to 255 visible ASCII characters");
    return std::optional<std::string>(std::string(*found));
}

std::string digest_of_write(const server_request& r) {
    return sha256_hex(r.method + '\n' + r.path + '\n' + r.query + '\n' +
                      std::string(r.headers.get("if-match")) + '\n' + r.body);
}

awaitable<server_response> once(idempotency_store& kept, std::string person, std::string key,
                                std::string request, bool keeps_answer,
                                std::function<awaitable<server_response>()> write) {
    const auto begun = co_await kept.begin(person, key, std::move(request), now());
    if (begun.has_error()) co_return problem_of(begun.error());
    if (begun->is == kind::done) co_return told(begun->answer);
    if (begun->is != kind::fresh) co_return refused(begun->is);
    server_response out;
    std::exception_ptr broken;
    try {
        out = co_await write();
    } catch (...) {
        broken = std::current_exception();
    }
    if (broken) {
        // Cancelled, we end here, and the key stays begun: the next start gives it up.
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() == asio::cancellation_type::none)
            co_await kept.end_without_answer(std::move(person), std::move(key));
        std::rethrow_exception(broken);
    }
    result<void> noted;
    if (out.status >= 500 || out.status == 429)
        noted = co_await kept.take_back(std::move(person), std::move(key));
    else if (keeps_answer)
        noted = co_await kept.end(std::move(person), std::move(key), kept_from(out));
    else
        noted = co_await kept.end_without_answer(std::move(person), std::move(key));
    if (noted.has_error()) spdlog::warn("an Idempotency-Key's answer is not kept: {}", noted.error().what);
    co_return out;
}

}  // namespace kith::console
