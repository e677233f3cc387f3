#include "platforms/bluesky/xrpc.hpp"

namespace kith::bluesky {

awaitable<result<json::object>> xrpc::send(call c, int cost) {
    const effect of = cost > 0 ? effect::writes : effect::reads;
    budget& purse = cost > 0 ? writes_ : reads_;
    auto token = co_await session_.access();
    if (token.has_error()) co_return token.error();

    for (int attempt = 1;; ++attempt) {
        if (const auto when = purse.wait_until(cost > 0 ? cost : 1, now())) {
            error e = fail(errc::limited, "the server's rate limit is used up");
            e.retry_at = *when;
            co_return e;
        }
        purse.spend(cost, now());
        auto answer = co_await wire_.send(c, *token);
        if (answer.has_error()) {
            error e = answer.error();
            if (of == effect::reads && e.kind == errc::unknown) e.kind = errc::transient;
            co_return e;
        }
        purse.learn(answer->headers, now());
        if (answer->status >= 200 && answer->status < 300) {
            if (auto body = parse_object(answer->body)) co_return std::move(*body);
            co_return fail(of == effect::writes ? errc::unknown : errc::transient,
                           "the server's answer to " + c.nsid + " is not JSON");
        }
        const xrpc_failure failure = classify(*answer, of, now());
        if (failure.why.retry_at) purse.hold(*failure.why.retry_at);
        if (!is_token_trouble(answer->status, failure.name)) co_return failure.why;
        if (attempt == 2)
            co_return fail(errc::transient, "the server refuses the token it just gave: " + failure.why.what);
        token = co_await session_.renew(*token);
        if (token.has_error()) co_return token.error();
    }
}

}  // namespace kith::bluesky
