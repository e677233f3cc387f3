/// Contacts known as customers, because they agreed to it; and what they bought, asked and reported.
#pragma once

#include "daemon/model/suggestion.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kith {

/// How and when a contact agreed that we may write to them as a customer. Without one nothing is proposed.
struct consent {
    std::string how;  ///< "ticked the box in the order form", "said so in message 17"
    timestamp at{};
};

struct purchase {
    std::string product;
    timestamp bought_at{};
};

struct customer {
    std::int64_t id = 0;
    std::int64_t contact = 0;  ///< the contact's row
    std::string account;
    std::string identity;
    std::string handle;
    kith::consent consent;
    std::optional<std::int64_t> consent_message;  ///< in which they said so themselves
    std::string zone;                             ///< IANA; empty: unknown
    std::vector<purchase> purchases;              ///< oldest first
    std::string added_by;
    timestamp added_at{};
};

/// One line of what is imported: a customer, or one more purchase of one.
struct customer_entry {
    std::string account;
    std::string identity;      ///< or else
    std::string handle;        ///< of a contact who has written to the account
    std::int64_t message = 0;  ///< or else a message: its author says so in it, which is the consent
    std::string product;       ///< empty: none
    std::optional<timestamp> bought_at;
    kith::consent consent;
    std::string zone;
    std::size_t line = 0;  ///< where it stands, for complaints
};

/// What a person said is mended: what a playbook heard so far, or what one message reported.
struct fix {
    std::int64_t id = 0;
    std::string playbook;
    std::int64_t message_id = 0;
    std::string account;  ///< of the message
    std::string note;
    timestamp at{};
    std::string by;
};

/// One message of a customer's.
struct past_message {
    stored_message message;
    bool answered = false;  ///< a reply to it is open, approved, under way or posted
};

/// All that an occasion is found from.
struct customer_history {
    kith::customer customer;
    std::vector<past_message> messages;  ///< addressed to us on the account, newest first; bounded
    std::set<std::string> told;          ///< keys of the occasions that were proposed already
    std::vector<timestamp> proposed;     ///< when
};

}  // namespace kith
