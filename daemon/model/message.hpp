/// What contacts write, and what else happens to it: the words between a platform and ingest.
#pragma once

#include "daemon/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kith {

/// A contact as one platform knows them.
struct identity {
    std::string id;            ///< the platform's own, stable: a DID, a number
    std::string handle;        ///< what people write to reach them; may change
    std::string display_name;  ///< may be empty; never trusted
    bool bot = false;          ///< says so itself, or the platform does
};

/// How a message came to us.
enum class way : std::uint8_t {
    none,     ///< it is not to us
    mention,  ///< it names us
    reply,    ///< to something of ours
    quote,    ///< of something of ours
    direct,   ///< only they and we see it
    comment,  ///< under something of ours: a page, an article
};
std::string_view to_string(way w) noexcept;
std::optional<way> way_from(std::string_view text) noexcept;

/// One thing that somebody wrote, in one revision.
struct message {
    std::string native_id;  ///< the platform's own address of it; opaque
    std::string revision;   ///< differs after each edit; opaque
    std::string thread_id;  ///< native id of the thread's first message
    std::string parent_id;  ///< native id of what it answers; empty if nothing
    identity author;
    bool ours = false;                ///< written by the account itself
    bool addressed = false;           ///< to us: a mention, an answer, a quote, a direct message
    kith::way way = kith::way::none;  ///< in which it is addressed to us
    bool automated = false;           ///< written with a tool that marks it so, as Kith does
    std::string community;   ///< the place within the platform: a server, a subreddit; empty: there are none
    std::string text;        ///< UTF-8, as the author wrote it
    std::string language;    ///< BCP 47 as the platform states it; empty: unknown
    std::string url;         ///< where a person can look at it; empty if nowhere
    timestamp written_at{};  ///< as the platform states it; may lie
    std::string extra;       ///< JSON that only this message's platform reads (a CID, a parent's CID)
};

/// The messages that one message belongs with, as the platform shows them now.
struct thread {
    std::vector<message> messages;  ///< oldest first; the target among them unless it is gone
    std::string tail;               ///< native id of the newest
    std::string target_revision;    ///< the target's revision now; empty: it is gone
    bool may_reply = true;
    std::string why_not;  ///< with `may_reply` false, in words for a person
};

// ---- events: what a platform reports, in the order in which it happened

struct message_seen {
    message what;
    bool only_if_known =
        false;  ///< set by ingest: an edit of what we have is kept, a stranger's words are not
    bool or_if_answer = false;  ///< ... unless they answer what another contact wrote and we have kept
};
struct message_deleted {
    std::string native_id;
};
/// The contact blocked us: nothing may be sent to them any more.
struct contact_blocked {
    std::string identity_id;
};
/// The contact follows the account from now on.
struct contact_followed {
    identity who;
    std::string native_id;  ///< the platform's own address of the follow; empty where it has none
};
struct contact_unfollowed {
    std::string identity_id;
};
/// The contact liked, or disliked, something that we posted.
struct contact_reacted {
    identity who;
    std::string native_id;  ///< the platform's own address of the reaction; empty where it has none
    std::string to;         ///< native id of what we posted
    bool good = true;
};
/// The contact told the platform that we bother them. Counts as asking us to stop.
struct contact_reported {
    std::string identity_id;
};
/// The contact asked us to stop, or, later, said that we may write again. Heard by ingest in their own words.
struct contact_opted_out {
    std::string identity_id;
    std::string native_id;  ///< of the message; counts once, however often the platform repeats it
    std::string words;      ///< as they stand in it
    std::string language;   ///< of the list that had them
};
struct contact_opted_in {
    std::string identity_id;
    std::string native_id;
};
/// The contact complained to us. After a reply of ours in the same thread, that reply's playbook answers for
/// it.
struct contact_complained {
    std::string identity_id;
    std::string native_id;  ///< of the message; counts once
};
/// An interval of which the connection cannot prove that it saw everything.
struct gap_noted {
    timestamp from{}, to{};
    std::string cause;
};

using event = std::variant<message_seen, message_deleted, contact_blocked, contact_reported,
                           contact_opted_out, contact_opted_in, contact_complained, contact_followed,
                           contact_unfollowed, contact_reacted, gap_noted>;

/// Where a connection goes on reading after a restart: opaque to all but its platform. Empty: from now on.
using cursor = std::string;

/// Events, and the cursor that is true once they are stored. Both or neither.
struct batch {
    std::vector<event> events;
    cursor next;  ///< empty: leave the cursor where it is
};

}  // namespace kith
