/// May it be said? A pure function from a reply and what surrounds it to a verdict with reasons.
///
/// Every rule of the house's pack and of the platform's speaks, and some that hold without a pack ("kith.");
/// the strictest word decides. A pack that is missing, broken or expired denies.
#pragma once

#include "daemon/model/house.hpp"
#include "daemon/model/text_length.hpp"
#include "daemon/policy/pack.hpp"

namespace kith {

struct judgement_input {
    std::string_view text;
    std::string_view kind;  ///< of the reply
    std::string_view playbook, department;
    const stored_message& message;
    const kith::thread& thread;
    text_length length;
    std::string_view platform;
    const pack_set& packs;
    const kith::standing& standing;
    const house_facts& house;
    automation_label label = automation_label::not_asked;
    timestamp at{};
    /// An occasion only stands beneath its message: what is there to hold an answer to it back (its age,
    /// another answer) says nothing of it.
    kith::purpose purpose = purpose::answer;
};

/// Every rule speaks, so that a person sees all that stands in the way at once.
verdict judge(const judgement_input& in);

/// The caps of the packs in force that the reply is under. Between this judgement and the send, another reply
/// may take the room: who sends asks again.
std::vector<room> room_left(const judgement_input& in);

/// Until when a reply to this message may be sent, as far as time alone says: the platform's window, and the
/// age at which a message is too old. Nothing: no rule ends it.
std::optional<timestamp> reply_until(const judgement_input& in);

/// The words of a reply that claims not to be an offer, and promotes: empty if there are none. What
/// `kith check` finds in a playbook is what the verdict denies.
std::string hidden_promotion(const word_lists& words, const std::vector<std::string>& topics,
                             std::string_view text);

}  // namespace kith
