/// A write that is repeated with the same Idempotency-Key is done once, and answered again as before.
#pragma once

#include "daemon/net/http_server.hpp"
#include "daemon/store/idempotency_store.hpp"

#include <functional>

namespace kith::console {

/// The key of a request, or `invalid` for one that is none. Nothing where there is none.
result<std::optional<std::string>> idempotency_key(const net::server_request& r);

/// Does `write` unless this person's key was used for a request before. An answer that says that nothing was
/// done (429, 5xx) is not kept; where `keeps_answer` is false, only that it was done.
awaitable<net::server_response> once(idempotency_store& kept, std::string person, std::string key,
                                     std::string request, bool keeps_answer,
                                     std::function<awaitable<net::server_response>()> write);

/// A hash of all that makes a write what it is.
std::string digest_of_write(const net::server_request& r);

}  // namespace kith::console
