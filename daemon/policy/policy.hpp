/// May it be said? A pure function from a reply and what surrounds it to a verdict with reasons.
/// These are the rules that hold on every platform.
#pragma once

#include "daemon/model/suggestion.hpp"
#include "daemon/model/text_length.hpp"

namespace kith {

struct judgement_input {
    std::string_view text;
    std::string_view kind;  ///< of the reply
    const stored_message& message;
    const kith::thread& thread;
    text_length length;
    timestamp at{};
};

/// Every rule speaks, so that a person sees all that stands in the way at once; the strictest word decides.
verdict judge(const judgement_input& in);

}  // namespace kith
