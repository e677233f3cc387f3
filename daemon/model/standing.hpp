/// What is on record around one message when a reply to it is judged: the ledger's part of the policies'
/// input. Gathered by the store in one transaction; the policies only read it.
#pragma once

#include "daemon/model/stage.hpp"
#include "daemon/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kith {

/// A count that some rule needs: replies posted or under way, per something, within a while.
struct tally {
    enum class of { contact, thread, account, playbook, community };
    of per = of::contact;
    std::chrono::seconds within{0};
    bool offers_only = false;
    auto operator<=>(const tally&) const = default;
};

/// What was counted.
struct tallied {
    std::int64_t n = 0;
    std::optional<timestamp> frees_at;  ///< when the oldest of them no longer counts
};

/// A cap that a reply was found to be under. It must still be when the reply is sent.
struct room {
    tally of;
    std::int64_t at_most = 0;
};

/// What the policies in force need to have counted.
struct wanted_counts {
    std::vector<tally> tallies;
    bool balances = false;  ///< some rule weighs offers against help
};

/// Helpful (help, ask, thank, handoff) against promotional (offer) replies that were posted.
struct balance {
    std::int64_t helpful = 0;
    std::int64_t offers = 0;
};

struct standing {
    std::optional<kith::stage> stage;            ///< of the contact with this account
    bool ever_answered = false;                  ///< anything of ours was ever posted to this contact
    bool answered_this = false;                  ///< an answer to this very message is posted or under way
    bool opted_out = false;                      ///< the contact asked us to stop, on any of their identities
    std::string zone;                            ///< the contact's time zone (IANA); empty: unknown
    std::optional<timestamp> last_from_contact;  ///< their newest message to us on this account: in private,
                                                 ///< if this one is, otherwise in public
    std::vector<tallied> tallies;                ///< in the order of what was asked for
    std::vector<std::map<std::string, tallied>>
        by_playbook;                                 ///< the same, for tallies per playbook: by its id
    std::vector<std::string> own_replies;            ///< native ids of what Kith itself posted in the thread
    balance with_contact, on_account, in_community;  ///< where they were asked for
    std::vector<std::string> stopped;  ///< brakes that are on: "all", "account site-chat", "playbook x"
};

}  // namespace kith
