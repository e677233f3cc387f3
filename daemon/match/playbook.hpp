/// Playbooks and answers as values: what the YAML says, checked.
#pragma once

#include "daemon/config/yaml.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// A reviewed, dated, owned piece of helpful content.
struct answer {
    std::string id;
    std::string owner;                        ///< department
    std::map<std::string, std::string> text;  ///< per language
    std::string link;                         ///< may be empty
    std::chrono::year_month_day review_by{};  ///< past it, the answer is no longer suggested
    std::string revision;
    std::string file;
    yaml::place at, owner_at;
};

/// Declared in the order in which they are ranked.
enum class reply_kind { help, ask, thank, handoff, offer };
std::string_view to_string(reply_kind k) noexcept;

struct reply {
    std::string id;
    reply_kind kind = reply_kind::help;
    std::vector<std::string> cites;           ///< answers
    std::map<std::string, std::string> text;  ///< per language, with {{ placeholders }}
    yaml::place at;
};

/// One condition, or several under any/all/none.
struct trigger {
    enum class kind { phrase, regex, any, all, none };
    kind is = kind::any;
    std::string text;             ///< of a phrase or regex, as written
    std::vector<trigger> within;  ///< of any/all/none
    yaml::place at;
};

/// What `when: {event: ...}` names: not what somebody wrote, but what happened to a customer.
enum class event_kind {
    first_week,  ///< they bought one of the products within the last seven days
    new_answer,  ///< what they once asked, and nobody answered, has an answer now
    fixed,       ///< what they reported is mended
};
std::string_view to_string(event_kind k) noexcept;

struct event_trigger {
    event_kind is = event_kind::first_week;
    std::vector<std::string> products;  ///< empty: whatever they bought
    std::string playbook;  ///< new_answer: that hears the question (where.asked); fixed: the report
                           ///< (where.reported)
    yaml::place at;
};

struct conditions {
    std::optional<bool> addressed;
    std::optional<bool> bot;             ///< where.author.bot; absent means false: bots are not answered
    std::vector<std::string> platforms;  ///< empty: every
    std::vector<std::string> accounts;   ///< empty: every
    std::vector<std::string>
        languages;  ///< BCP 47 primary tags; empty: every. A message of unknown language passes.
};

struct playbook_test {
    std::string message;
    std::string expect;  ///< a reply's id, or "nothing"
    std::string language;
    std::optional<event_kind> event;  ///< then `message` is what they once asked or reported; may be empty
    std::string product;
    yaml::place at;
};

enum class playbook_status { draft, shadow, live, retired };
std::string_view to_string(playbook_status s) noexcept;

struct playbook {
    std::string id;
    std::string title;
    std::string owner;
    playbook_status status = playbook_status::draft;
    trigger when;                        ///< an `all` of what stands under `when`
    std::optional<event_trigger> event;  ///< instead of `when`: no message sets it off
    conditions where;
    std::vector<reply> say;  ///< ranked: help before ask before thank before handoff before offer
    std::vector<playbook_test> tests;
    std::string revision;  ///< git's blob id of the file (12 hex digits): `git show` finds it
    std::string file;
    yaml::place at, owner_at;
};

/// All playbooks and answers of one load. Immutable once made.
struct playbook_set {
    std::vector<playbook> playbooks;
    std::map<std::string, answer> answers;
    std::string commit;  ///< git's HEAD of the folder, "+" appended where the tree differs; empty outside git
    const playbook* find(std::string_view id) const noexcept;
};

/// Reads every *.yaml in `folder` and its `answers/`. Findings: everything that is wrong, in all files; the
/// set is whole only if `out` stayed empty. Never throws on any content.
playbook_set load_playbooks(const std::string& folder, yaml::findings& out);

}  // namespace kith
