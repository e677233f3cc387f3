/// From a person's yes to the platform's receipt.
#pragma once

#include "daemon/model/message.hpp"

#include <string>

namespace kith {

/// A reply that a person approved, for exactly this target. A platform is never given any other kind.
struct approved_reply {
    std::string account;
    std::string text;
    message target;           ///< in the revision that was approved
    timestamp approved_at{};  ///< the time that a platform may state as the reply's own
    std::string prepared;     ///< what `platform::prepare` made of it; empty before
};

/// The same for each attempt at one delivery, different for every other: 26 characters of [a-z2-7].
struct idempotency_key {
    std::string value;
};

/// What `platform::prepare` fixes before the first attempt.
struct prepared_reply {
    std::string bytes;      ///< opaque: all of what will be sent
    std::string native_id;  ///< the address that it will have, where we choose it; empty otherwise
};

/// The platform's word that it was posted.
struct receipt {
    std::string native_id;
    std::string url;  ///< where a person can look at it
    timestamp at{};
};

}  // namespace kith
