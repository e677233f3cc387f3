/// What a message or a platform's event says about where its author stands with us: the evidence of the
/// A-Path. Pure.
#pragma once

#include "daemon/match/words.hpp"
#include "daemon/model/suggestion.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kith {

enum class contact_signal {
    spoke_of_us,    ///< a playbook wanted what they wrote, though it was not to us
    spoke_to_us,    ///< a mention, a quote, a direct message
    answered_us,    ///< went on after something that we posted
    thanked,        ///< after we had helped
    came_back,      ///< began anew after days
    reacted_well,   ///< a like of what we posted
    reacted_badly,  ///< a dislike
    followed,
    unfollowed,
    recommended,     ///< us, to others
    helped_another,  ///< answered the question of another contact that a playbook matched
};
std::string_view to_string(contact_signal s) noexcept;
std::optional<contact_signal> signal_from(std::string_view text) noexcept;

/// What is on record around a message, gathered by the store in the transaction that read it.
struct signal_context {
    bool matched = false;     ///< by a playbook
    bool answers_us = false;  ///< its parent is ours, or we replied to the contact in this thread before
    bool answers_question = false;  ///< its parent is another contact's message that a playbook matched
    bool was_helped = false;        ///< a reply of ours to this contact was posted before it came
    bool first_in_thread = true;    ///< the contact wrote nothing earlier in this thread
    std::optional<timestamp> last_before;     ///< the contact's newest earlier message to us
    std::optional<timestamp> last_elsewhere;  ///< the same, in other threads
};

/// What the reader of the signals is told beside the message.
struct signal_options {
    std::chrono::milliseconds came_back_after{std::chrono::hours{48}};
    bool one_thread =
        false;               ///< the platform has one endless thread for each contact: a pause is what counts
    std::string house_name;  ///< a recommendation that names us need not be addressed to us
};

/// The signals in one message, in the order of the enum. `words` may be null: then nothing that is told by
/// words is heard. A bot's and a deleted message have none.
std::vector<contact_signal> signals_of(const stored_message& m, const signal_context& about,
                                       const word_lists* words, const signal_options& options);

}  // namespace kith
