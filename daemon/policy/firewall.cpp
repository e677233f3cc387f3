// The pitch firewall: when a reply of kind `offer` may be made.
#include "daemon/policy/spoken.hpp"

namespace kith {

namespace {

/// Room for one more offer after so many helpful replies?
bool within(const balance& b, std::int64_t helpful_per_offer) {
    return b.helpful / helpful_per_offer > b.offers;
}

/// Where the ratio does not hold; empty where it holds everywhere.
std::string over_ratio(const rules::offer& r, const judgement_input& in) {
    struct side {
        const balance& is;
        const char* where;
    };
    std::vector<side> sides{{in.standing.with_contact, "to the contact"},
                            {in.standing.on_account, "by the account"}};
    if (!in.message.what.community.empty()) sides.push_back({in.standing.in_community, "in the community"});
    for (const auto& s : sides)
        if (!within(s.is, *r.helpful_per_offer))
            return std::to_string(s.is.helpful) + " helpful replies " + s.where + " and " +
                   std::to_string(s.is.offers) + " offers, and each offer takes " +
                   std::to_string(*r.helpful_per_offer);
    return {};
}

}  // namespace

spoken check(const rules::offer& r, judged_reply& j) {
    const auto& in = j.in;
    if (in.kind != "offer") return {true, "a reply of kind " + std::string(in.kind), {}};
    if (const auto* found = first_of_topics(j.in_message(), r.never_in))
        return {false, "the message is about " + found->topic, {}};
    if (!in.standing.ever_answered) return {false, "we never helped this contact before", {}};
    const std::string needed(to_string(r.from));
    if (!in.standing.stage)
        return {false, "the contact stands on no stage yet, and offers begin with " + needed, {}};
    if (*in.standing.stage < r.from)
        return {false,
                "the contact stands on " + std::string(to_string(*in.standing.stage)) +
                    ", and offers begin with " + needed,
                {}};
    if (first_of_topics(j.in_message(), r.asked)) return {true, "the contact asked for it", {}};
    if (!r.helpful_per_offer) return {false, "the contact did not ask for an offer", {}};
    if (const auto why = over_ratio(r, in); !why.empty()) return {false, why, {}};
    return {true, "the helpful replies outweigh the offers", {}};
}

}  // namespace kith
