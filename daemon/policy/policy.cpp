#include "daemon/policy/policy.hpp"

#include <array>

namespace kith {

namespace {

using rule = reason (*)(const judgement_input&);

reason allow(std::string rule, std::string why) { return {std::move(rule), decision::allow, std::move(why)}; }
reason deny(std::string rule, std::string why) { return {std::move(rule), decision::deny, std::move(why)}; }

reason length(const judgement_input& in) {
    const std::string id = "house.length";
    const auto measured = std::to_string(in.length.used) + " of " + std::to_string(in.length.limit) + " " +
                          std::string(in.length.unit);
    if (in.length.used == 0) return deny(id, "the reply is empty");
    return in.length.used > in.length.limit ? deny(id, measured) : allow(id, measured);
}

reason not_to_bots(const judgement_input& in) {
    const std::string id = "house.not-to-bots";
    return in.message.what.author.bot ? deny(id, "the author says of itself that it is a bot")
                                      : allow(id, "nothing marks the author as a bot");
}

reason still_there(const judgement_input& in) {
    const std::string id = "house.target-exists";
    if (in.message.deleted_at || in.thread.target_revision.empty()) return deny(id, "the message is gone");
    return allow(id, "the message is there");
}

reason may_reply(const judgement_input& in) {
    const std::string id = "house.replies-wanted";
    if (in.message.contact_blocked) return deny(id, "the contact blocked us");
    return in.thread.may_reply ? allow(id, "the platform takes replies to it") : deny(id, in.thread.why_not);
}

/// An answer that comes a week late is noise; the platforms that set a window of their own are stricter.
constexpr std::chrono::hours oldest{24 * 7};

reason not_too_old(const judgement_input& in) {
    const std::string id = "house.age";
    // A platform's clock may lie in both directions: what we received just now is not old.
    const auto age = in.at - std::max(in.message.what.written_at, in.message.received_at);
    return age > oldest ? deny(id, "the message is older than 7 days") : allow(id, "the message is recent");
}

/// A pitch is never the opening, and without a house pack that names a stage it is nothing else either.
reason no_offer(const judgement_input& in) {
    const std::string id = "house.no-offer";
    return in.kind == "offer" ? deny(id, "no house pack says from which stage an offer may be made")
                              : allow(id, "a reply of kind " + std::string(in.kind));
}

constexpr std::array<rule, 6> rules = {length, not_to_bots, still_there, may_reply, not_too_old, no_offer};

}  // namespace

verdict judge(const judgement_input& in) {
    verdict out;
    out.decision = decision::allow;
    for (const auto& speak : rules) {
        out.reasons.push_back(speak(in));
        out.decision = std::max(out.decision, out.reasons.back().says);
    }
    return out;
}

}  // namespace kith
