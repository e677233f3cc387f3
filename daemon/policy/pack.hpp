/// Packs as values: what the YAML in policies/ says, checked. policies/README.md is the description for
/// people.
#pragma once

#include "daemon/match/words.hpp"
#include "daemon/model/message.hpp"
#include "daemon/model/standing.hpp"
#include "daemon/model/suggestion.hpp"
#include "daemon/policy/zone.hpp"

#include <array>
#include <chrono>
#include <variant>

namespace kith {

// ---- the kinds of rules, each with its parameters

namespace rules {

struct age {
    std::chrono::seconds at_most{0};
};
struct any_reply {};
struct automation_label {};
struct cap {
    tally what;
    std::int64_t at_most = 0;
    std::size_t index = 0;  ///< of `what` in pack_set::wanted
};
struct disclosure {
    std::vector<std::string> any_of;  ///< folded
    bool first_only = false;
};
struct engaged_first {
    std::vector<way> by;
};
struct hashtags {
    std::size_t at_most = 0;
};
struct languages {};
struct length {
    std::size_t at_most = 0;
};
struct links {
    std::vector<std::string> hosts;  ///< lower case; "*.x" and "*" as written
};
struct mentions {
    std::size_t at_most = 0;
};
struct message_says {
    std::vector<std::string> topics;
};
struct no_colleague {
    std::chrono::seconds within{0};
};
struct not_to_bots {};
struct offer {
    stage from = stage::advocate;
    std::vector<std::string> asked, never_in;  ///< topics
    std::optional<std::int64_t> helpful_per_offer;
};
struct one_reply {};
struct quiet_hours {
    std::chrono::minutes from{0}, to{0};  ///< since midnight; 24:00 is 1440
    enum class whose { contact, house, named };
    whose zone = whose::contact;
    std::optional<kith::zone> named;
    std::array<bool, 7> days{true, true, true, true, true, true, true};  ///< Monday first
    std::chrono::seconds unless_wrote_within{0};
};
struct reply_says {
    std::vector<std::string> topics;
};
struct window {
    std::chrono::seconds within{0};
};

using kind = std::variant<age, any_reply, automation_label, cap, disclosure, engaged_first, hashtags,
                          languages, length, links, mentions, message_says, no_colleague, not_to_bots, offer,
                          one_reply, quiet_hours, reply_says, window>;

}  // namespace rules

/// Where a rule speaks; what is empty lets everything through.
struct rule_filter {
    std::vector<std::string> kinds;  ///< of replies
    std::vector<way> ways;
    std::vector<std::string> communities, accounts;
};

struct rule {
    enum class consequence { deny, second, wait };
    std::string id;  ///< "bluesky.engaged-first"
    rules::kind kind;
    consequence then = consequence::deny;
    rule_filter only;
    std::string source, date, why;
    yaml::place at;
};

struct pack {
    std::string name;  ///< a platform's, or "house"
    std::string title, source;
    std::chrono::year_month_day checked{}, expires{};  ///< in force to the end of `expires`, UTC
    std::vector<rule> rules;
    std::string revision;  ///< git's blob id of the file
    std::string file;
};

/// All packs of one load, with the words that their rules listen for. Immutable once made.
struct pack_set {
    std::map<std::string, pack, std::less<>> packs;
    /// Name → what is wrong with it, and how to mend it. A pack that is here is not in `packs`.
    std::map<std::string, std::string, std::less<>> broken;
    std::string folder;
    std::shared_ptr<const word_lists> words;  ///< null: they could not be read, which breaks the house's pack
    wanted_counts wanted;                     ///< what the rules count: for the store's standing query

    /// Why nothing may be said under this pack at `at`, and how to mend it; empty if it is in force.
    std::string trouble(std::string_view name, timestamp at) const;
};

/// One file. Findings as with playbooks; `words` may be null, then topics are not checked.
pack read_pack(const yaml::node& file, const std::string& path, const word_lists* words, yaml::findings& out);

/// Reads every pack in `folder` and its `words/`. Never throws on any content, and always gives a set: what
/// is wrong is in `out` and, per pack, in `broken`. `needed`: the platforms whose packs must be there.
pack_set load_packs(const std::string& folder, const std::vector<std::string>& needed, yaml::findings& out);

/// A pack past its `expires` is no mistake of form: said apart, at --check and in the status.
void complain_of_expired(const pack_set& set, timestamp at, yaml::findings& out);

}  // namespace kith
