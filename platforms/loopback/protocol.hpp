/// What goes over the wire, without the wire: bytes in, values out.
#pragma once

#include "daemon/model/delivery.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/house.hpp"
#include "daemon/model/message.hpp"

namespace kith::loopback {

/// The answer to GET /events: what happened, and the number to ask from next time.
result<batch> parse_events(std::string_view json);

/// The answer to GET /threads/ID.
result<thread> parse_thread(std::string_view json);

/// The answer to POST /replies and GET /replies/KEY.
result<receipt> parse_receipt(std::string_view json);

/// The answer to GET /profile: whether the account is marked as automated.
result<automation_label> parse_profile(std::string_view json);

/// The body of POST /replies: the same bytes for the same reply.
std::string reply_body(const approved_reply& r, const idempotency_key& key);

/// What an answer's status means for the one who asked.
error error_of(unsigned status, std::string_view body);

}  // namespace kith::loopback
