/// What one rule says of one reply: between policy.cpp and the rules.
#pragma once

#include "daemon/policy/policy.hpp"

namespace kith {

/// A rule's word.
struct spoken {
    bool kept = true;
    std::string why;                 ///< the fact: "3 of 10 within 24h"
    std::optional<timestamp> until;  ///< not kept, and it will be then
    std::string again_with = {};     ///< see verdict::again_with
};

/// What several rules ask about the same reply, found at the first question.
class judged_reply {
 public:
    explicit judged_reply(const judgement_input& in) : in(in) {}
    const judgement_input& in;

    const std::vector<heard>& in_message();
    const std::vector<heard>& in_reply();
    const std::string& folded();  ///< the reply, as word lists and disclosures compare it
    const std::vector<std::string>& hosts();
    std::size_t hashtags();
    /// How many people the reply names besides the contact.
    std::size_t others_named();
    /// The contact's time zone, or the house's where it is unknown.
    const zone& contacts_zone();
    const zone& house_zone();
    /// What the clocks there show at the judgement.
    const local_time& contacts_clock();
    const local_time& house_clock();

 private:
    std::optional<std::vector<heard>> in_message_, in_reply_;
    std::optional<std::vector<std::string>> hosts_;
    std::optional<std::string> folded_;
    std::optional<std::size_t> hashtags_, others_named_;
    std::optional<zone> contacts_zone_, house_zone_;
    std::optional<local_time> contacts_clock_, house_clock_;
};

/// The first of `topics` that was heard, or null.
const heard* first_of_topics(const std::vector<heard>& all, const std::vector<std::string>& topics);

/// "3 days", "90 minutes": as people say it.
std::string spell(std::chrono::seconds s);

spoken check(const rules::age& r, judged_reply& j);
spoken check(const rules::any_reply& r, judged_reply& j);
spoken check(const rules::automation_label& r, judged_reply& j);
spoken check(const rules::cap& r, judged_reply& j);
spoken check(const rules::disclosure& r, judged_reply& j);
spoken check(const rules::engaged_first& r, judged_reply& j);
spoken check(const rules::hashtags& r, judged_reply& j);
spoken check(const rules::languages& r, judged_reply& j);
spoken check(const rules::length& r, judged_reply& j);
spoken check(const rules::links& r, judged_reply& j);
spoken check(const rules::mentions& r, judged_reply& j);
spoken check(const rules::message_says& r, judged_reply& j);
spoken check(const rules::no_colleague& r, judged_reply& j);
spoken check(const rules::not_to_bots& r, judged_reply& j);
spoken check(const rules::offer& r, judged_reply& j);
spoken check(const rules::one_reply& r, judged_reply& j);
spoken check(const rules::quiet_hours& r, judged_reply& j);
spoken check(const rules::reply_says& r, judged_reply& j);
/// When the rule begins to say no, whatever is written; nothing where time alone does not make it.
template <class Rule>
std::optional<timestamp> ends_at(const Rule&, const judgement_input&) {
    return std::nullopt;
}
std::optional<timestamp> ends_at(const rules::age& r, const judgement_input& in);
std::optional<timestamp> ends_at(const rules::window& r, const judgement_input& in);

spoken check(const rules::window& r, judged_reply& j);

}  // namespace kith
